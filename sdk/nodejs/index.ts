// What TypeScript and JavaScript programs import: the literal list of the package's public names.
export { SessionShare, type SessionShareArgs } from "./session-share";
export {
  getSessionShares,
  getSessionSharesOutput,
  getShareSpec,
  getShareSpecOutput,
  type GetSessionSharesArgs,
  type GetSessionSharesOutputArgs,
  type GetSessionSharesResult,
  type SessionShareSummary,
  type ShareStatus,
} from "./functions";
export {
  getSessions,
  getSessionsOutput,
  type GetSessionsArgs,
  type GetSessionsOutputArgs,
  type GetSessionsResult,
  type SessionSummary,
} from "./sessions";
