// The public names of the client, listed one by one.
export type {
  Client,
  ClientOptions,
  CreatedShare,
  CreateOptions,
  Share,
  ShareList,
  ShareRequest,
  ShareSpec,
  TlsOptions,
} from "./api";
export { systemClock, type Clock } from "../time/clock";
export { formatDuration, parseDuration } from "../time/durations";
export { errorCodes, FudoError, isFudoError, type ErrorCode, type Executed, type FudoErrorDetails } from "./errors";
export { fingerprintOf } from "./fingerprint";
export { createClient } from "./client";
export {
  compareInstants,
  formatMicroseconds,
  formatMilliseconds,
  parseInputInstant,
  parseInstant,
  type Instant,
  type Milliseconds,
} from "../time/instants";
export { demandNode } from "./node-version";
export { printable, protect, redact } from "./redact";
export type { Session, SessionDirectory, SessionPage } from "./session-schema";
