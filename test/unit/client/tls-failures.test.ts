// TLS failures in real handshakes: each reason has its own sentence, and what to do about it.
import { readFileSync } from "node:fs";
import { connect as connectTcp, createServer as createTcpServer, type Socket } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions as ServerOptions } from "node:tls";
import type { TlsOptions } from "../../../provider/client/api";
import { createClient } from "../../../provider/client/client";
import { certificateProblem, handshakeProblem } from "../../../provider/client/tls/tls-errors";
import { makeCertificate } from "../../../provider/emulator/http/certificate";
import { emptyList, emptyShareList, failure, listen, options, responseOf, sessionId } from "./fixture";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const own = makeCertificate();
const stored = (name: string) => readFileSync(join(__dirname, "../../fixtures/certificates", name), "utf8");

async function appliance(more: ServerOptions = {}): Promise<{ port: number; received: () => number }> {
  let received = 0;
  const server = createServer({ cert: own.chain, key: own.privateKey, ...more }, (socket) =>
    socket
      .on("error", () => undefined)
      .on("data", (chunk: Buffer) => {
        received += chunk.length;
        socket.write(responseOf(emptyList));
      }),
  );
  server.on("tlsClientError", () => undefined);
  const { port, close } = await listen(server);
  closing.push(close);
  return { port, received: () => received };
}

function list(port: number, tls: TlsOptions = { caCertificate: own.root }) {
  const fudo = createClient(options({ url: `https://127.0.0.1:${port}`, tls }));
  closing.push(() => fudo.close());
  return fudo.listShares(sessionId);
}

/**
 * A TLS 1.2 server that asks for a client certificate and ends the handshake as OpenSSL does: with the alert
 * handshake_failure, after the client has sent its part.
 */
async function demandingServer(): Promise<number> {
  const version = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2" } as const;
  const { port: inner } = await appliance({ ...version, requestCert: true, rejectUnauthorized: false });
  const front = createTcpServer((client: Socket) => {
    const server = connectTcp(inner, "127.0.0.1").on("error", () => undefined);
    let messages = 0;
    client.on("error", () => undefined).on("close", () => server.destroy());
    client.on("data", (chunk) => {
      messages += 1;
      // The second message carries the (empty) certificate of the client.
      if (messages === 1) server.write(chunk);
      else client.end(Buffer.from("15030300020228", "hex"));
    });
    server.on("data", (chunk) => client.write(chunk));
  });
  const { port, close } = await listen(front);
  closing.push(close);
  return port;
}

/** A server that answers the first message of the client with a fatal alert. */
async function alertingServer(alert: number): Promise<number> {
  const front = createTcpServer((client: Socket) =>
    client
      .on("error", () => undefined)
      .once("data", () => client.end(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, alert]))),
  );
  const { port, close } = await listen(front);
  closing.push(close);
  return port;
}

describe("the handshake", () => {
  test("a client certificate is wanted (TLS 1.2)", async () => {
    const error = await failure(list(await demandingServer()));
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain("the server requires a client certificate, and the provider has none");
  });

  test.each<[string, number, string]>([
    ["no common cipher suite", 40, "no cipher suite in common"],
    ["insufficient security", 71, "no cipher suite in common"],
    ["another protocol version", 70, "offers only TLS versions older than 1.2. Enable TLS 1.2 or newer"],
    ["HTTP/2 only", 120, "does not offer HTTP/1.1 (it may offer only HTTP/2). Enable HTTP/1.1"],
    ["a client certificate is wanted (TLS 1.3)", 116, "the server requires a client certificate"],
    ["no such hostname", 112, "does not know this hostname. Check fudo:url"],
    ["another alert", 80, "Check the port, and check that https is correct in fudo:url"],
  ])("the alert for %s", async (_what, alert, text) => {
    const error = await failure(list(await alertingServer(alert)));
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain(text);
    expect(error.message).not.toContain("fudo:caCertificate");
  });

  test("a server that offers only HTTP/2", async () => {
    const error = await failure(list((await appliance({ ALPNProtocols: ["h2"] })).port));
    expect(error.message).toContain("does not offer HTTP/1.1");
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("a server that offers only %s", async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" };
    const { port, received } = await appliance(old);
    const error = await failure(list(port));
    expect(error.message).toContain("offers only TLS versions older than 1.2");
    expect(received()).toBe(0);
  });

  test("TLS 1.1 is refused although the process allows it (NODE_OPTIONS=--tls-min-v1.0)", async () => {
    const tls = require("node:tls") as { DEFAULT_MIN_VERSION: string; DEFAULT_CIPHERS: string };
    const before = { ...tls };
    Object.assign(tls, { DEFAULT_MIN_VERSION: "TLSv1", DEFAULT_CIPHERS: "DEFAULT@SECLEVEL=0" });
    try {
      const { port, received } = await appliance({ minVersion: "TLSv1.1", maxVersion: "TLSv1.1" });
      expect((await failure(list(port, { insecureSkipVerify: true }))).message).toContain("older than 1.2");
      expect(received()).toBe(0);
    } finally {
      const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = before;
      Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS });
    }
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("a server with %s alone is accepted", async (version) => {
    const { port } = await appliance({ minVersion: version, maxVersion: version });
    expect(await list(port)).toEqual(emptyShareList);
  });

  test("an alert after the handshake is the reason, not the end of the connection that follows it", () => {
    expect(handshakeProblem({ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" })).toContain("client certificate");
    expect(handshakeProblem({ code: "ECONNRESET" })).toBeUndefined();
  });
});

describe("the certificate", () => {
  test.each<[string, string, RegExp]>([
    ["a key of 1024 bits", "weak-key.pem", /has a weak key \(for RSA, 2048 bits are the minimum\)/],
    ["SHA-1", "weak-digest.pem", /is signed with a weak digest \(SHA-1 or MD5\)/],
    ["the wrong purpose", "wrong-purpose.pem", /was not issued for a server \(wrong purpose\)/],
  ])("%s", async (_what, name, reason) => {
    const pem = stored(name);
    const { port, received } = await appliance({ cert: pem, key: pem, ciphers: "DEFAULT@SECLEVEL=0" });
    const error = await failure(list(port, { caCertificate: stored("ca.pem") }));
    expect(error.message).toMatch(reason);
    expect(error.message).toMatch(
      /Issue a new certificate on the appliance, or pin its certificate with fudo:cert.*\)\. `npx fudo-audit doctor` prints the fingerprint$/,
    );
    expect(error.message).not.toContain("fudo:caCertificate");
    expect(received()).toBe(0);
  });

  test.each<[string, string, string]>([
    ["UNSPECIFIED", "CA certificate key too weak", "has a CA with a weak key"],
    ["UNSPECIFIED", "something \u001b[2J new", "was rejected (something "],
    ["INVALID_CA", "", "was issued by a certificate that is not a CA"],
    ["CERT_REVOKED", "", "was revoked by its CA"],
    ["CERT_SIGNATURE_FAILURE", "", "has a wrong signature"],
  ])("%s (%s)", (code, message, text) => {
    const problem = certificateProblem({ code, message }, {});
    expect(problem).toContain(text);
    expect(problem).not.toContain("\u001b");
  });

  test("the names of a hostile certificate are printed safely, and never push out the advice", () => {
    const subjectaltname = Array.from({ length: 9 }, () => `DNS:\u001b[2J${"long-name.".repeat(500)}`).join(", ");
    const failure = { code: "ERR_TLS_CERT_ALTNAME_INVALID", message: "", cert: { subjectaltname } };
    const problem = certificateProblem(failure, {}) ?? "";
    expect(problem).not.toContain("\u001b");
    expect(problem.length).toBeLessThan(1000);
    expect(problem).toMatch(
      /and 4 more\. Set fudo:url \(or FUDO_URL\) .* or pin its certificate with fudo:cert\S+ .*\)$/,
    );
    expect(certificateProblem({ code: failure.code, message: "", cert: { subject: { CN: "old" } } }, {})).toContain(
      "it has old. ",
    );
    expect(certificateProblem({ code: failure.code, message: "" }, {})).toContain("it has no name. ");
  });
});
