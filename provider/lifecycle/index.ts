// The public names of the lifecycle: what the adapters and the audit use.
export { createLifecycle, type Lifecycle } from "./lifecycle";
export type { CallContext } from "./run/call-context";
export type { RunOptions } from "./run/run-context";
export { readRunFlags, type RecoverFlag, type RunFlags } from "./run/run-flags";
export { didYouMean, shownName } from "./did-you-mean";
export { isLoopback } from "./setting-values";
export { declarationTag } from "./share/declaration-tag";
export {
  bothNames,
  insecureWarning,
  misspelledVariables,
  readSettings,
  requireSettings,
  settingNames,
  type Settings,
  type SettingsSource,
} from "./settings";
export { fingerprintShape, idShape, secretOutputs, sessionIdShape, shareId, shareTypes } from "./share/id";
export type { RawInputs } from "./share/inputs";
export { ageHeader } from "./share/recipients";
export { recurringWarning, whereToRevoke } from "./share/messages";
export type { SessionShareInputs, SessionShareOutputs } from "./share/schema";
export {
  absenceCounts,
  isLive,
  isLiveStatus,
  mergeRepeatedEntries,
  recordedFacts,
  statusOf,
  type ShareStatus,
  type StatusFacts,
} from "./share/status";
export { holdsUnknown, unknown } from "./share/unknown";
export { hasExpired, laterEnd, millisecondsOf, type RecordedShare } from "./share/window";
export { instantText, lengthText, untilText } from "./share/times";
export { summarizeShares, type SessionShareSummary } from "./functions/session-shares";
