// The public names of the client, listed one by one.
export type { Client, Exchange, ObjectKind, Session, SessionPage, Share, ShareSpec } from "./api";
export { readCaCertificates } from "./tls/ca-certificates";
export { createClient } from "./client";
export { openTransport } from "./http/transport";
export { errorCodes, FudoError, isFudoError, type ErrorCode } from "./errors";
export { fingerprintOf } from "./fingerprint";
export { assertNodeVersion } from "./node-version";
export { readRegularFile, UnreadableFile } from "./regular-file";
export { stoppable } from "./stoppable";
export { decodeText } from "./text";
export { openTls } from "./tls/open-tls";
export { printable, printableValue, redact, registerSecret } from "./redact/redact";
export { shellWord } from "./redact/shell-word";
export { certificateProblem, handshakeProblem } from "./tls/tls-errors";
export { packageFolder, packageVersion } from "./version";
