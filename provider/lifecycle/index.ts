// The public names of the lifecycle: what the faces and the audit may use.
export { createLifecycle, type Lifecycle, type LifecycleOptions } from "./lifecycle";
export { standingNotice } from "./notices";
export { demandSettings, readSettings, settingNames, spelt, unverified, type Settings, type SettingsSource } from "./settings";
export type { SessionShareInputs, SessionShareOutputs } from "./session-share";
export { idShape, secretOutputs, sessionIdShape, fingerprintShape, shareId } from "./identity";
export type { RawInputs } from "./inputs";
export { hasEnded, isLive, laterEnd, lengthText, untilText, type RecordedShare } from "./window";
export { holdsUnknown, unknown } from "./unknown";
export { statusOf, summarize, type SessionShareSummary, type ShareStatus } from "./register";
