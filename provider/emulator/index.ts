// The public API of `pulumi-fudo/emulator`: the appliance in memory, for tests of stacks and of this package. Every type that
// a signature names is exported, so that a library can re-export what it gets from an emulator.
export { type CertificateRequest, type Certificate, makeCertificate } from "./http/certificate";
export type { Emulator } from "./emulator";
export type { EmulatorOptions } from "./options";
export { startEmulator } from "./start";
export type { ApplianceProfile } from "./profile/profile";
export type { AttributeShapes, DocumentedAttribute, ErrorShape, JsonType } from "./profile/shapes";
export type { ProfileDelays, ProfileShapes } from "./profile/shapes";
export type { FaultEffect, HeaderOptions } from "./http/faults/effects";
export type { Compression } from "./http/faults/compression";
export type { Fault, RandomFaults } from "./http/faults/fault";
export type { RequestFilter, RequestLine } from "./http/request-filter";
export type { Gate, GatePosition } from "./http/gates";
export type { RequestListener } from "./http/listener";
export type { ApplianceClock } from "./appliance/clock";
export type { NewSession, PanelShare, PanelTime } from "./appliance/panel";
export type { ObjectNames } from "./appliance/named-objects";
export type { AttributeValue, ShareRecord } from "./appliance/records";
export type { RequestRecord } from "./http/request-log";
export { type BehaviourFlagName, type BehaviourFlags, behaviourFlagList } from "./appliance/behaviour-flags";
