// The public face of `pulumi-fudo/emulator`: the appliance in memory, for tests of stacks and of this package.
export { type CertificateRequest, type Certificate, makeCertificate } from "./http/certificate";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export type { Effect } from "./http/faults/effects";
export type { Fault, RandomFaults, Target } from "./http/faults/faults";
export type { Gate, Point } from "./http/gates";
export type { NewSession, PanelShare } from "./appliance/appliance";
export type { ShareRecord } from "./appliance/records";
export type { RequestRecord } from "./http/request-log";
export { type SwitchName, type Switches, switchList } from "./appliance/behaviour-flags";
