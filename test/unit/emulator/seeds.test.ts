// Seeds: the same seed gives the same keys and the same certificate, so that a stack that was configured for an emulator works
// with the next one too.
import { createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { makeCertificate, type EmulatorOptions } from "../../../provider/emulator";
import { privateKeyFrom, signFrom } from "../../../provider/emulator/http/signature";
import { firstSession, list, sampleBody, send, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

const certificateOf = async (options: EmulatorOptions) => {
  const { certificate, certificateFingerprint, tls } = await startTestEmulator({ https: true, ...options });
  return { certificate, certificateFingerprint, privateKey: tls?.privateKey };
};

test.each([["same"], [7], [""]])("two emulators with the seed %j have the same certificate", async (seed) => {
  expect(await certificateOf({ seed })).toEqual(await certificateOf({ seed }));
});

test.each([
  ["another seed", { seed: "other" }],
  ["no seed", { seed: undefined }],
  ["another name", { seed: "same", names: ["fudo"] }],
  ["another host", { seed: "same", host: "127.0.0.2" }],
])("an emulator with %s has another certificate", async (_what, options) => {
  const { certificateFingerprint } = await certificateOf(options as EmulatorOptions);
  expect(certificateFingerprint).not.toBe((await certificateOf({ seed: "same" })).certificateFingerprint);
});

test("two certificates of one seed with different names have different serial numbers", () => {
  const serials = [["one"], ["two"]].map((names) => new X509Certificate(makeCertificate({ seed: 1, names }).root));
  expect(serials[0]?.serialNumber).not.toBe(serials[1]?.serialNumber);
});

test("a client that trusts the certificate of an earlier emulator reaches the next one", async () => {
  const { certificate } = await certificateOf({ seed: "same" });
  const next = await startTestEmulator({ https: true, seed: "same" });
  expect((await list(next, { tls: { ca: certificate } })).status).toBe(200);
});

test("each signature is valid for its message only, and always the same", () => {
  for (let count = 0; count < 50; count++) {
    const key = privateKeyFrom(`key ${count}`);
    const message = createHash("sha256").update(String(count)).digest();
    const signature = signFrom(key, message);
    expect(verify("sha256", message, createPublicKey(key), signature)).toBe(true);
    expect(verify("sha256", Buffer.concat([message, message]), createPublicKey(key), signature)).toBe(false);
    expect(signFrom(key, message)).toEqual(signature);
  }
});

test("a key depends on the seed, the session and the count of its shares, not on the order of requests", async () => {
  const keysAfter = async (order: readonly number[], listFirst: boolean) => {
    const emulator = await startTestEmulator({ behaviour: { listOrder: "shuffled" } });
    if (listFirst) await Promise.all([list(emulator), list(emulator)]);
    const post = (at: number) => send(emulator, "POST", sharePath(emulator.sessions[at] ?? ""), { body: sampleBody });
    for (const at of order) await post(at);
    const records = emulator.sessions.flatMap((session) => emulator.shares(session));
    return records.map(({ sessionId, key, createdAt }) => ({ sessionId, key, createdAt }));
  };
  const keys = await keysAfter([0, 0, 1, 2], false);
  expect(await keysAfter([2, 0, 1, 0], false)).toEqual(keys);
  expect(await keysAfter([1, 2, 0, 0], true)).toEqual(keys);
  expect(new Set(keys.map(({ key }) => key)).size).toBe(4);
  for (const { key } of keys) expect(key).toMatch(/^[A-Za-z0-9]{64}$/);
});

test("an API key depends on the seed and the count of API keys alone", async () => {
  const plain = await startTestEmulator();
  const used = await startTestEmulator();
  await share(used);
  used.addShare(firstSession(used));
  expect([used.apiKey, used.rotateKey(), used.addApiKey()]).toEqual([
    plain.apiKey,
    plain.rotateKey(),
    plain.addApiKey(),
  ]);
});

test("several emulators in one process share nothing", async () => {
  const [one, two] = await Promise.all([startTestEmulator(), startTestEmulator()]);
  await share(one);
  one.fault({ kind: "failure", status: 503, times: Infinity });
  one.clock.skew = 5000;
  one.behaviour.postStatus = "201";
  await one.close();
  expect([one.url === two.url, two.shares(), two.clock.skew]).toEqual([false, [], 0]);
  expect((await share(two)).status).toBe(200);
});
