// The public API of `pulumi-fudo/emulator`: the appliance in memory, for tests of stacks and of this package.
export { type CertificateRequest, type Certificate, makeCertificate } from "./http/certificate";
export type { Emulator, EmulatorOptions } from "./emulator";
export { startEmulator } from "./start";
export type { FaultEffect } from "./http/faults/effects";
export type { Fault, RandomFaults } from "./http/faults/faults";
export type { RequestFilter } from "./http/request-filter";
export type { Gate, GatePosition } from "./http/gates";
export type { NewSession, PanelShare } from "./appliance/appliance";
export type { ShareRecord } from "./appliance/records";
export type { RequestRecord } from "./http/request-log";
export { type BehaviourFlagName, type BehaviourFlags, behaviourFlagList } from "./appliance/behaviour-flags";
