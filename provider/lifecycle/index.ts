// The public names of the lifecycle: what the faces and the audit may use.
export { createLifecycle, type Lifecycle, type LifecycleOptions } from "./lifecycle";
export { standingNotice } from "./share/messages";
export {
  demandSettings,
  readSettings,
  settingNames,
  spelt,
  unverified,
  type Settings,
  type SettingsSource,
} from "./settings";
export type { SessionShareInputs, SessionShareOutputs } from "./share/schema";
export { idShape, secretOutputs, sessionIdShape, fingerprintShape, shareId } from "./share/id";
export type { RawInputs } from "./share/inputs";
export { hasEnded, isLive, laterEnd, lengthText, untilText, type RecordedShare } from "./share/window";
export { holdsUnknown, unknown } from "./share/unknown";
export { statusOf, summarize, type SessionShareSummary, type ShareStatus } from "./functions/session-shares";
