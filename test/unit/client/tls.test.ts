// Certificate verification in real TLS handshakes: CAs, pinned fingerprints, interception, and environment variables.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type TlsOptions as ServerOptions } from "node:tls";
import type { TlsOptions } from "../../../provider/client/api";
import { createClient } from "../../../provider/client/client";
import { connectorFor } from "../../../provider/client/tls/tls";
import { makeCertificate, type Certificate } from "../../../provider/emulator/http/certificate";
import {
  responseOf,
  failure,
  FakeClock,
  emptyList,
  emptyShareList,
  createdShare,
  listen,
  options,
  sessionId,
  window,
} from "./fixture";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** An appliance with this certificate. `received` counts the decrypted bytes of its connections. */
async function appliance(certificate: Certificate, more: ServerOptions = {}, port?: number) {
  const seen = { received: 0, handshakes: 0 };
  const server = createServer({ cert: certificate.chain, key: certificate.privateKey, ...more }, (socket) => {
    seen.handshakes += 1;
    socket
      .on("error", () => undefined)
      .on("data", (chunk: Buffer) => {
        seen.received += chunk.length;
        socket.write(responseOf(chunk.toString().startsWith("POST") ? createdShare : emptyList));
      });
  });
  server.on("tlsClientError", () => undefined);
  const running = await listen(server, port);
  closing.push(running.close);
  return { ...running, seen };
}

function client(port: number, tls: TlsOptions, host = "127.0.0.1") {
  const clock = new FakeClock();
  const fudo = createClient(options({ url: `https://${host}:${port}`, tls, clock }));
  closing.push(() => fudo.close());
  return { ...fudo, clock };
}

const pin = ({ fingerprint }: Certificate) => fingerprint.replaceAll(":", "").toLowerCase();
const day = 86_400_000;
const own = makeCertificate();
const other = makeCertificate({ commonName: "other" });
const root = makeCertificate({ commonName: "root", names: [], authority: true });
const issuing = makeCertificate({ commonName: "issuing", names: [], authority: true, issuer: root });
const leaf = makeCertificate({ commonName: "leaf", issuer: issuing });
const expired = makeCertificate({ validFrom: new Date(Date.now() - 9 * day), validTo: new Date(Date.now() - 2 * day) });
const tomorrow = makeCertificate({ validFrom: new Date(Date.now() + day) });
const elsewhere = makeCertificate({ names: ["elsewhere.example"] });
const crowded = makeCertificate({ names: Array.from({ length: 40 }, (_, index) => `host-${index}.example`) });

describe("verified", () => {
  test("a configured CA certificate as text and as a path", async () => {
    const { port } = await appliance(own);
    const folder = mkdtempSync(join(tmpdir(), "fudo-"));
    const file = join(folder, "ca.pem");
    writeFileSync(file, own.root);
    try {
      for (const caCertificate of [own.root, `some words\n${other.root}\n${own.root}`, file]) {
        expect(await client(port, { caCertificate }).listShares(sessionId)).toEqual(emptyShareList);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("an intermediate CA below the root", async () => {
    const { port } = await appliance(leaf);
    expect(await client(port, { caCertificate: root.root }).listShares(sessionId)).toEqual(emptyShareList);
  });

  test("an intermediate CA alone, as `curl --cacert` accepts it", async () => {
    const { port } = await appliance(leaf);
    const caCertificate = issuing.chain;
    expect(await client(port, { caCertificate }).listShares(sessionId)).toEqual(emptyShareList);
  });

  test("the system's CAs are used if none is configured, and verification is always explicit", () => {
    const built: object[] = [];
    const build = ((more: object) => built.push(more)) as unknown as Parameters<typeof connectorFor>[2];
    connectorFor({}, 1000, build);
    connectorFor({ certificateFingerprints: [] }, 1000, build);
    connectorFor({ caCertificate: own.root }, 1000, build);
    expect(built.map((more) => ["ca" in more, (more as { rejectUnauthorized?: boolean }).rejectUnauthorized])).toEqual([
      [false, true],
      [false, true],
      [true, true],
    ]);
  });

  const cases: [string, Certificate, TlsOptions, RegExp][] = [
    ["a self-signed certificate", own, {}, /is self-signed/],
    [
      "a certificate of another CA",
      own,
      { caCertificate: other.root },
      /is self-signed and is not in fudo:caCertificate/,
    ],
    ["a chain with an unknown root", leaf, {}, /does not (trust|know)/],
    [
      "a chain below another CA than the configured one",
      leaf,
      { caCertificate: other.root },
      /was not issued by a CA in fudo:caCertificate/,
    ],
    ["an expired certificate", expired, { caCertificate: expired.root }, /has expired/],
    [
      "a certificate that is not valid yet",
      tomorrow,
      { caCertificate: tomorrow.root },
      /is not valid yet by this machine's clock \(20\d\d-\d\d-\d\d \d\d:\d\d UTC\)\. Check that clock/,
    ],
    [
      "a certificate for another hostname",
      elsewhere,
      { caCertificate: elsewhere.root },
      /is for a different hostname: it has elsewhere\.example\. Set fudo:url/,
    ],
    [
      "a certificate for many other hostnames",
      crowded,
      { caCertificate: crowded.root },
      /it has host-0\.example, host-1\.example, host-2\.example, host-3\.example, host-4\.example and 35 more\./,
    ],
  ];
  for (const environment of [undefined, "0"]) {
    test.each(cases)(
      `%s is rejected without a retry, and no byte is sent (NODE_TLS_REJECT_UNAUTHORIZED=${environment})`,
      async (_what, certificate, tls, reason) => {
        const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
        if (environment !== undefined) process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = environment;
        try {
          const { port, seen } = await appliance(certificate);
          const { clock, ...fudo } = client(port, tls);
          const error = await failure(fudo.createShare(sessionId, window));
          expect(error).toMatchObject({ code: "unreachable", executed: "no" });
          expect(error.message).toMatch(reason);
          expect(error.message).toMatch(
            /fudo:certificateFingerprint \(or FUDO_CERTIFICATE_FINGERPRINT\)\. `npx fudo-audit doctor` prints the fingerprint$/,
          );
          const advisesCa = error.message.includes("set fudo:caCertificate (or FUDO_CA_CERTIFICATE)");
          expect(advisesCa).toBe(tls.caCertificate === undefined);
          expect(clock.slept).toEqual([]);
          expect(seen.received).toBe(0);
        } finally {
          if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
          else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
        }
      },
    );
  }

  test("plain HTTP at an https address: the message says what to check", async () => {
    const { port, close } = await listen(createHttpServer((_request, response) => response.end()));
    closing.push(close);
    const error = await failure(client(port, {}).listShares(sessionId));
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain("the TLS handshake failed");
  });
});

describe("pinned", () => {
  test.each<[string, Certificate]>([
    ["self-signed", own],
    ["expired", expired],
    ["for another hostname", elsewhere],
    ["issued by an unknown CA", leaf],
  ])("a matching certificate is accepted, although it is %s", async (_what, certificate) => {
    const { port } = await appliance(certificate);
    const certificateFingerprints = [pin(other), pin(certificate)];
    expect(await client(port, { certificateFingerprints }).listShares(sessionId)).toEqual(emptyShareList);
  });

  test("a server with another certificate receives no byte of HTTP, on any attempt", async () => {
    const { port, seen } = await appliance(other);
    const { clock, ...fudo } = client(port, { certificateFingerprints: [pin(own)], insecureSkipVerify: true });
    for (let i = 0; i < 3; i += 1) {
      const error = await failure(fudo.createShare(sessionId, window));
      expect(error).toMatchObject({ code: "unreachable", executed: "no" });
      expect(error.message).toContain(
        `does not match a pinned fingerprint: the server presented a certificate with the SHA-256 fingerprint ${other.fingerprint}`,
      );
      expect(error.message).toContain("fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT)");
    }
    expect(seen.received).toBe(0);
    expect(clock.slept).toEqual([]);
  });

  test("a certificate that the configured CA would accept is rejected if it does not match the pin", async () => {
    const { port, seen } = await appliance(own);
    const error = await failure(
      client(port, { certificateFingerprints: [pin(other)], caCertificate: own.root }).listShares(sessionId),
    );
    expect(error.code).toBe("unreachable");
    expect(seen.received).toBe(0);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("a resumed %s session does not skip the check", async (version) => {
    const shared: ServerOptions = { ticketKeys: Buffer.alloc(48, 7), minVersion: version, maxVersion: version };
    const first = await appliance(own, shared);
    const fudo = client(first.port, { certificateFingerprints: [pin(own)] });
    await fudo.listShares(sessionId);
    await fudo.listShares(sessionId);
    await first.close();
    const second = await appliance(other, shared, first.port);
    const error = await failure(fudo.listShares(sessionId));
    expect(error.message).toContain("does not match a pinned fingerprint");
    expect(second.seen.received).toBe(0);
  });
});

describe("not verified (insecureSkipVerify)", () => {
  test("any certificate is accepted", async () => {
    const { port } = await appliance(elsewhere);
    expect(await client(port, { insecureSkipVerify: true }).listShares(sessionId)).toEqual(emptyShareList);
  });
});

describe("an unusable CA certificate is a config error that names the setting", () => {
  test.each<[string, string, RegExp]>([
    ["a path to no file", "/no/such/file.pem", /is neither PEM text nor a readable file \(ENOENT\)/],
    ["a folder", tmpdir(), /is neither PEM text nor a readable file \(EISDIR\)/],
    ["a path with a zero byte", "a\0b", /is neither PEM text nor a readable file/],
    ["a private key", own.privateKey, /contains no PEM certificate/],
    [
      "a truncated certificate",
      own.root.slice(0, 200) + "\n-----END CERTIFICATE-----",
      /contains a certificate that cannot be parsed \(number 1 of 1\)/,
    ],
    ["a text without its end", own.root.slice(0, 200), /contains no PEM certificate/],
  ])("%s", async (_what, caCertificate, reason) => {
    const error = await failure(client(1, { caCertificate }).listShares(sessionId));
    expect(error.code).toBe("config");
    expect(error.message).toMatch(reason);
    expect(error.message).toContain("fudo:caCertificate (or FUDO_CA_CERTIFICATE)");
    expect(error.message).not.toContain("PRIVATE");
  });
});
