// `fudo-audit doctor` over TLS: doctor reports what the client would meet, with one sentence for each reason, and says what
// it cannot read in a list.
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { createServer, type TlsOptions } from "node:tls";
import { makeCertificate, type FaultEffect } from "../../../provider/emulator";
import { createFixture, hour, type AuditFixture } from "./fixture";

const own = makeCertificate();
const stored = (name: string) => readFileSync(join(__dirname, "../../fixtures/certificates", name), "utf8");
let fixture: AuditFixture;
let received = 0;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  received = 0;
  fixture = await createFixture();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts a server that only does TLS handshakes, and makes it the appliance. */
async function serve(options: TlsOptions, environment: NodeJS.ProcessEnv = { FUDO_CA_CERTIFICATE: own.root }) {
  const server = createServer({ cert: own.chain, key: own.privateKey, ...options }, (socket) =>
    socket.on("error", () => undefined).on("data", (chunk) => (received += chunk.length)),
  );
  server.on("tlsClientError", () => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => new Promise((closed) => server.close(closed)));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fixture.environment = { ...fixture.environment, FUDO_URL: url, ...environment };
}

/** Puts a TCP server in front of the appliance. */
async function putInFront(relay: (client: Socket, server: Socket) => void): Promise<void> {
  const inner = Number(new URL(fixture.environment["FUDO_URL"]!).port);
  const front = createTcpServer((client) => {
    const server = connect(inner, "127.0.0.1").on("error", () => undefined);
    client.on("error", () => undefined).on("close", () => server.destroy());
    relay(client, server);
  }).listen(0, "127.0.0.1");
  await once(front, "listening");
  closing.unshift(() => new Promise((closed) => front.close(closed)));
  fixture.environment["FUDO_URL"] = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
}

/** The text of the line for a subject, with its advice. */
async function line(subject: string): Promise<string> {
  const { code, stdout, stderr } = await fixture.run(["doctor"]);
  expect([code, stderr]).toEqual([3, ""]);
  return new RegExp(`^fail +${subject} +(.*(?:\\n +.*)*)`, "m").exec(stdout)?.[1]?.replace(/\n +/g, " > ") ?? stdout;
}

describe("the handshake", () => {
  const clientCertificate = /the server requires a client certificate, and the provider has none > Allow connections/;

  test("a client certificate is wanted (TLS 1.3)", async () => {
    await serve({ requestCert: true, ca: own.root, minVersion: "TLSv1.3" });
    expect(await line("Connection")).toMatch(clientCertificate);
  });

  test("a client certificate is wanted (TLS 1.2): the alert handshake_failure, after the client's part", async () => {
    await serve({ requestCert: true, rejectUnauthorized: false, maxVersion: "TLSv1.2" });
    await putInFront((client, server) => {
      let messages = 0;
      client.on("data", (chunk) => {
        messages += 1;
        if (messages === 1) server.write(chunk);
        else client.end(Buffer.from("15030300020228", "hex"));
      });
      server.on("data", (chunk) => client.write(chunk));
    });
    expect(await line("Connection")).toMatch(clientCertificate);
  });

  test("a server that offers only HTTP/2", async () => {
    await serve({ ALPNProtocols: ["h2"] });
    expect(await line("Connection")).toMatch(/does not offer HTTP\/1\.1 .* > Enable HTTP\/1\.1 for this address\.$/);
  });

  test.each(["TLSv1", "TLSv1.1"] as const)("a server that offers only %s", async (version) => {
    await serve({ minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" });
    expect(await line("Connection")).toMatch(/offers only TLS versions older than 1\.2 > Enable TLS 1\.2 or newer/);
  });
});

describe("the certificate", () => {
  test.each<[string, string, RegExp]>([
    ["a key of 1024 bits", "weak-key.pem", /^has a weak key \(for RSA, 2048 bits are the minimum\) \(for /],
    ["SHA-1", "weak-digest.pem", /^is signed with a weak digest \(SHA-1 or MD5\) \(for /],
    ["the wrong purpose", "wrong-purpose.pem", /^was not issued for a server \(wrong purpose\) \(for /],
  ])("%s", async (_what, name, reason) => {
    const pem = stored(name);
    await serve({ cert: pem, key: pem, ciphers: "DEFAULT@SECLEVEL=0" }, { FUDO_CA_CERTIFICATE: stored("ca.pem") });
    const text = await line("Certificate");
    expect(text).toMatch(reason);
    expect(text).toMatch(/ > Issue a new certificate on the appliance, or pin its certificate .* > ?|Before you pin/);
    expect(received).toBe(0);
  });

  test.each<[string, { validFrom?: Date; validTo?: Date; names?: string[] }, RegExp]>([
    ["expired", { validTo: new Date(Date.now() - hour) }, /^has expired by this machine's clock .*Renew it/],
    ["not yet valid", { validFrom: new Date(Date.now() + 48 * hour) }, /^is not valid yet .*Check that clock/],
    [
      "another name",
      { names: ["a.example", "b.example"] },
      /^is for a different hostname: it has a\.example, b\.example .*Set fudo:url/,
    ],
  ])("%s", async (_what, request, text) => {
    const certificate = makeCertificate(request);
    await serve({ cert: certificate.chain, key: certificate.privateKey }, { FUDO_CA_CERTIFICATE: certificate.root });
    expect(await line("Certificate")).toMatch(text);
  });

  test("a CA that did not issue the certificate: the advice is not to set the setting that is set", async () => {
    await serve({}, { FUDO_CA_CERTIFICATE: stored("ca.pem") });
    expect(await line("Certificate")).toMatch(
      /^is self-signed and is not in fudo:caCertificate .* > Add it to that file/,
    );
  });
});

describe("FUDO_CA_CERTIFICATE is read as the client reads it", () => {
  const root = makeCertificate({ commonName: "root", names: [], authority: true });
  const issuing = makeCertificate({ commonName: "issuing", names: [], authority: true, issuer: root });
  const leaf = makeCertificate({ commonName: "leaf", issuer: issuing });

  test("an intermediate CA alone is trusted", async () => {
    const emulated = await createFixture({ https: leaf });
    emulated.environment["FUDO_CA_CERTIFICATE"] = issuing.chain;
    expect((await emulated.run(["doctor"])).stdout).toMatch(/ok +Certificate +is trusted/);
  });

  test.each<[string, () => string, RegExp]>([
    ["PKCS#7", () => stored("ca.p7b"), /is a PKCS#7 file \(\.p7b\) > Convert it with: openssl pkcs7/],
    ["a leaf", () => leaf.chain.split(/(?<=-----END CERTIFICATE-----\n)/)[0]!, /contains no CA certificate.* pin the/],
    ["a device", () => "/dev/zero", /\(not a regular file\): \/dev\/zero/],
    ["a folder", () => "/", /\(EISDIR\): \//],
  ])("%s is refused", async (_what, text, problem) => {
    await serve({}, { FUDO_CA_CERTIFICATE: text() });
    expect((await fixture.run(["doctor"])).stdout.replace(/\n +/g, " > ")).toMatch(problem);
    expect(received).toBe(0);
  });
});

describe("the list that doctor fetches", () => {
  test.each<[FaultEffect, string[]]>([
    [{ kind: "attribute", attribute: "removed", value: "no" }, ["with a `removed` that cannot be read"]],
    [{ kind: "attribute", attribute: "valid_to", value: "soon" }, ["with a `valid_to` that cannot be read"]],
    [{ kind: "masked" }, ["without a readable key"]],
    [{ kind: "entry", value: { key: 7, readonly: "maybe" } }, ["without a readable key", "with a `readonly`"]],
    [{ kind: "list" }, ["the response has no attribute `session_share`"]],
    [{ kind: "headers", headers: { Age: "60" } }, ["the response comes from a cache"]],
  ])("%j is one warning for each problem, with what the provider tolerates", async (effect, texts) => {
    fixture.share();
    fixture.emulator.fault({ path: "/share", times: Infinity, ...effect });
    const { code, stdout } = await fixture.run(["doctor"]);
    const warnings = [...stdout.matchAll(/^warn +Shares +(.*)\n +(.*)/gm)];
    expect(code).toBe(0);
    expect(warnings).toHaveLength(texts.length);
    for (const [index, text] of texts.entries()) {
      expect(warnings[index]![1]).toContain(text);
      expect(warnings[index]![2]).toMatch(/^The provider reads the rest, and never takes such a share for expired/);
    }
  });

  test("a session ID that is not decimal is a warning", async () => {
    fixture.emulator.fault({ kind: "attribute", attribute: "id", value: "x\u001b[2J", path: "/session?" });
    const { stdout } = await fixture.run(["doctor", "--session", fixture.emulator.sessions[0]!]);
    expect(stdout).toMatch(/warn +Sessions +.*without a decimal ID/);
    expect(stdout).not.toContain("\u001b");
  });
});
