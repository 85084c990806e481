// The public face of `pulumi-fudo/emulator`: the appliance in memory, for tests of stacks and of this package.
export { type CertificateRequest, type Certificate, makeCertificate } from "./certificate";
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export type { Effect } from "./effects";
export type { Fault, RandomFaults, Target } from "./faults";
export type { Gate, Point } from "./gates";
export type { NewSession, PanelShare } from "./appliance";
export type { ShareRecord } from "./records";
export type { RequestRecord } from "./request-log";
export { type SwitchName, type Switches, switchList } from "./switches";
