// The public names of the client, listed one by one.
export type {
  Client,
  ClientOptions,
  CreatedShare,
  CreateShareOptions,
  PageRequest,
  Share,
  ShareList,
  ShareRequest,
  ShareSpec,
  TlsOptions,
} from "./api";
export { createClient } from "./client";
export { errorCodes, FudoError, isFudoError, type ErrorCode, type Executed, type FudoErrorDetails } from "./errors";
export { fingerprintOf } from "./fingerprint";
export { assertNodeVersion } from "./node-version";
export { printable, redact, registerSecret } from "./redact";
export type { Session, SessionPage } from "./session-schema";
