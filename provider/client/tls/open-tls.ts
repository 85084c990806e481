// Opens a TLS connection in the same way as a request does, and sends nothing on it: `fudo-audit doctor` checks what the
// client would see.
import type { TLSSocket } from "node:tls";
import type * as Undici from "undici";
import type { TlsOptions } from "../api";
import { connectorFor } from "./tls";

/** Rejects with the error of the connection, the handshake or the certificate. Throws `config` for an unusable CA. */
export function openTls(origin: string, tls: TlsOptions, timeout: number): Promise<TLSSocket> {
  const { buildConnector } = require("undici") as typeof Undici;
  const connect = connectorFor(tls, timeout, buildConnector);
  const { hostname, host, protocol, port } = new URL(origin);
  const target = { hostname: hostname.replace(/^\[|\]$/g, ""), host, protocol, port };
  return new Promise((resolve, reject) =>
    connect(target, (error, socket) => (error === null ? resolve(socket as TLSSocket) : reject(error))),
  );
}
