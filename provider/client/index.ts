// The public names of the client, listed one by one.
export type { Client, SessionPage, Share, ShareSpec } from "./api";
export { readCaCertificates } from "./ca-certificates";
export { createClient } from "./client";
export { errorCodes, FudoError, isFudoError, type ErrorCode } from "./errors";
export { fingerprintOf } from "./fingerprint";
export { assertNodeVersion } from "./node-version";
export { openTls } from "./open-tls";
export { printable, printableValue, redact, registerSecret } from "./redact";
export { certificateProblem, handshakeProblem } from "./tls-errors";
export { packageVersion } from "./version";
