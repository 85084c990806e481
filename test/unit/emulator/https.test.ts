// HTTPS: clients accept the generated certificate, and reject certificates with other names, dates and issuers.
import { createHash, X509Certificate } from "node:crypto";
import { checkServerIdentity, connect } from "node:tls";
import { type CertificateRequest, makeCertificate } from "../../../provider/emulator";
import { list, outcomeOf, share } from "./requests";
import { startTestEmulator } from "./fixture";

test("a client that trusts the PEM accepts the certificate for 127.0.0.1 and localhost", async () => {
  const emulator = await startTestEmulator({ https: true });
  expect(emulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect((await list(emulator)).status).toBe(200);
  expect((await list(emulator, { tls: { servername: "localhost", hostname: "localhost", family: 4 } })).status).toBe(
    200,
  );
  expect(await outcomeOf(list(emulator, { tls: { ca: makeCertificate().root } }))).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(await outcomeOf(list(emulator, { tls: { servername: "appliance.example" } }))).toBe(
    "ERR_TLS_CERT_ALTNAME_INVALID",
  );
});

test("the fingerprint is the one of the presented certificate", async () => {
  const emulator = await startTestEmulator({ https: true });
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

test("each certificate has a different fingerprint", () => {
  expect(makeCertificate().fingerprint).not.toBe(makeCertificate().fingerprint);
});

test("an emulator with plain HTTP has no certificate", async () => {
  const emulator = await startTestEmulator();
  expect([emulator.url.slice(0, 17), emulator.certificate, emulator.certificateFingerprint]).toEqual([
    "http://127.0.0.1:",
    undefined,
    undefined,
  ]);
});

const connectTo = async (request: CertificateRequest) =>
  outcomeOf(list(await startTestEmulator({ https: makeCertificate(request) })));

test.each([
  [
    "an expired certificate",
    { validFrom: new Date("2020-01-01"), validTo: new Date("2021-01-01") },
    "CERT_HAS_EXPIRED",
  ],
  [
    "a certificate that is not valid yet",
    { validFrom: new Date("2051-01-01"), validTo: new Date("2052-01-01") },
    "CERT_NOT_YET_VALID",
  ],
  ["a certificate for another name", { names: ["appliance.example", "2001:db8::17"] }, "ERR_TLS_CERT_ALTNAME_INVALID"],
])("a client rejects %s", async (_what, request, errorCode) => {
  expect(await connectTo(request)).toBe(errorCode);
});

test("a client that trusts the root accepts a chain of two certificates, and another root is not enough", async () => {
  const root = makeCertificate({ commonName: "root", authority: true });
  const middle = makeCertificate({ commonName: "middle", authority: true, issuer: root });
  const leaf = makeCertificate({ commonName: "appliance", issuer: middle });
  const emulator = await startTestEmulator({ https: leaf });
  expect((await list(emulator)).status).toBe(200);
  expect(
    await outcomeOf(list(emulator, { tls: { ca: makeCertificate({ commonName: "root", authority: true }).root } })),
  ).toMatch(/SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|CERT_SIGNATURE_FAILURE/);
  expect(leaf.chain.match(/BEGIN/g)).toHaveLength(2);
});

test("a client rejects an issuer that is not a certificate authority", async () => {
  const issuer = makeCertificate({ commonName: "root" });
  expect(await connectTo({ issuer })).toMatch(/^INVALID_(CA|PURPOSE)$/);
});

test.each([["::1"], ["2001:db8::17"], ["fe80:1:2:3:4:5:6:7"], ["192.0.2.1"], ["appliance.example"]])(
  "a certificate can be issued for %s",
  (name) => {
    const { subjectaltname } = new X509Certificate(makeCertificate({ names: [name] }).root).toLegacyObject();
    expect(checkServerIdentity(name, { subject: { CN: "" }, subjectaltname } as never)).toBeUndefined();
  },
);

test("connection faults work through TLS too", async () => {
  const emulator = await startTestEmulator({ https: true });
  emulator.fault({ on: "POST", kind: "reset", when: "after" });
  emulator.fault({ on: "POST", kind: "reset", requestBytes: 17 });
  emulator.fault({ on: "POST", kind: "halfClose", responseBytes: 60 });
  expect([
    await outcomeOf(share(emulator)),
    await outcomeOf(share(emulator)),
    await outcomeOf(share(emulator)),
  ]).toEqual(["ECONNRESET", "ECONNRESET", "ECONNRESET"]);
  expect(emulator.shares()).toHaveLength(1);
});
