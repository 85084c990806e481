// HTTPS: the certificate made at start is a real one, and made ones with other names, dates and issuers fail as they should.
import { createHash, X509Certificate } from "node:crypto";
import { checkServerIdentity, connect } from "node:tls";
import { type CertificateRequest, makeCertificate } from "../../../provider/emulator";
import { list, share } from "./requests";
import { stage } from "./fixture";

const code = async (reply: Promise<unknown>): Promise<string> =>
  reply.then(
    () => "answered",
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

test("the certificate is trusted by its PEM alone, for 127.0.0.1 and localhost", async () => {
  const emulator = await stage({ https: true });
  expect(emulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect((await list(emulator)).status).toBe(200);
  expect((await list(emulator, { tls: { servername: "localhost", hostname: "localhost", family: 4 } })).status).toBe(
    200,
  );
  expect(await code(list(emulator, { tls: { ca: makeCertificate().root } }))).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(await code(list(emulator, { tls: { servername: "appliance.example" } }))).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

test("the fingerprint is that of the certificate presented", async () => {
  const emulator = await stage({ https: true });
  const socket = connect({ host: "127.0.0.1", port: Number(new URL(emulator.url).port), rejectUnauthorized: false });
  const presented = await new Promise<Buffer>((resolve) =>
    socket.on("secureConnect", () => resolve(socket.getPeerCertificate().raw)),
  );
  socket.destroy();
  expect(emulator.certificateFingerprint?.replaceAll(":", "").toLowerCase()).toBe(
    createHash("sha256").update(presented).digest("hex"),
  );
  expect(emulator.certificateFingerprint).toBe(new X509Certificate(emulator.certificate ?? "").fingerprint256);
});

test("each start makes another certificate", () => {
  expect(makeCertificate().fingerprint).not.toBe(makeCertificate().fingerprint);
});

test("plain HTTP has no certificate", async () => {
  const emulator = await stage();
  expect([emulator.url.slice(0, 17), emulator.certificate, emulator.certificateFingerprint]).toEqual([
    "http://127.0.0.1:",
    undefined,
    undefined,
  ]);
});

const handshake = async (request: CertificateRequest) => code(list(await stage({ https: makeCertificate(request) })));

test.each([
  ["an expired one", { validFrom: new Date("2020-01-01"), validTo: new Date("2021-01-01") }, "CERT_HAS_EXPIRED"],
  ["one not valid yet", { validFrom: new Date("2051-01-01"), validTo: new Date("2052-01-01") }, "CERT_NOT_YET_VALID"],
  ["one of another name", { names: ["appliance.example", "2001:db8::17"] }, "ERR_TLS_CERT_ALTNAME_INVALID"],
])("%s is refused", async (_what, request, refusal) => {
  expect(await handshake(request)).toBe(refusal);
});

test("a chain of two is trusted by its root, and a stranger's root does not do", async () => {
  const root = makeCertificate({ commonName: "root", authority: true });
  const middle = makeCertificate({ commonName: "middle", authority: true, issuer: root });
  const leaf = makeCertificate({ commonName: "appliance", issuer: middle });
  const emulator = await stage({ https: leaf });
  expect((await list(emulator)).status).toBe(200);
  expect(
    await code(list(emulator, { tls: { ca: makeCertificate({ commonName: "root", authority: true }).root } })),
  ).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|CERT_SIGNATURE_FAILURE/);
  expect(leaf.chain.match(/BEGIN/g)).toHaveLength(2);
});

test("an issuer that is no authority does not count", async () => {
  const issuer = makeCertificate({ commonName: "root" });
  expect(await handshake({ issuer })).toMatch(/^INVALID_(CA|PURPOSE)$/);
});

test.each([["::1"], ["2001:db8::17"], ["fe80:1:2:3:4:5:6:7"], ["192.0.2.1"], ["appliance.example"]])(
  "%s stands among the names",
  (name) => {
    const { subjectaltname } = new X509Certificate(makeCertificate({ names: [name] }).root).toLegacyObject();
    expect(checkServerIdentity(name, { subject: { CN: "" }, subjectaltname } as never)).toBeUndefined();
  },
);

test("faults of the line strike through TLS too", async () => {
  const emulator = await stage({ https: true });
  emulator.fault({ on: "POST", kind: "reset", when: "after" });
  emulator.fault({ on: "POST", kind: "reset", requestBytes: 17 });
  emulator.fault({ on: "POST", kind: "halfClose", answerBytes: 60 });
  expect([await code(share(emulator)), await code(share(emulator)), await code(share(emulator))]).toEqual([
    "ECONNRESET",
    "ECONNRESET",
    "ECONNRESET",
  ]);
  expect(emulator.shares()).toHaveLength(1);
});
