// The public names of the package, which TypeScript and JavaScript programs import, listed one by one.
export { SessionShare } from "./session-share";
export type { SessionShareArgs, SessionShareCommonArgs, SessionShareFor, SessionShareUntil } from "./arguments";
export { checkSessionShareArgs } from "./check-arguments";
export {
  getSessionShares,
  getSessionSharesOutput,
  getShareSpec,
  getShareSpecOutput,
  type GetSessionSharesArgs,
  type GetSessionSharesOutputArgs,
  type GetSessionSharesResult,
  type SessionShareSummary,
  type ShareSpec,
  type ShareStatus,
} from "./functions";
export {
  getSession,
  getSessionOutput,
  getSessions,
  getSessionsOutput,
  type GetSessionsArgs,
  type GetSessionsOutputArgs,
  type GetSessionsResult,
  type SessionSummary,
} from "./sessions";
export { VendorAccess } from "./vendor-access";
export type {
  VendorAccessArgs,
  VendorAccessByIds,
  VendorAccessByQuery,
  VendorAccessCommonArgs,
} from "./vendor-access-arguments";
