// The control API: what another process can do with it, and that it is off by default.
import type { Emulator, ShareRecord } from "../../../provider/emulator";
import { send, firstSession, list, share } from "./requests";
import { startTestEmulator } from "./fixture";

async function callOperation(emulator: Emulator, name: string, ...parameters: unknown[]): Promise<any> {
  const { json } = await send(emulator, "POST", `/emulator/${name}`, {
    body: JSON.stringify(parameters),
    headers: { Authorization: "" },
  });
  return json.error ?? json.value;
}

test("the control API is off by default", async () => {
  const emulator = await startTestEmulator();
  expect((await send(emulator, "POST", "/emulator/shares", { body: "[]" })).status).toBe(404);
  expect(emulator.requests).toHaveLength(1);
});

test("the actions of an administrator work through the control API and are not in the request log", async () => {
  const emulator = await startTestEmulator({ control: true });
  const { url, apiKey, sessions } = (await callOperation(emulator, "about")) as {
    url: string;
    apiKey: string;
    sessions: string[];
  };
  expect({ url, apiKey, sessions }).toEqual({
    url: emulator.url,
    apiKey: emulator.apiKey,
    sessions: emulator.sessions,
  });
  const made = (await callOperation(emulator, "addShare", firstSession(emulator), { readonly: false })) as ShareRecord;
  expect(await callOperation(emulator, "shares")).toEqual([made]);
  await callOperation(emulator, "revoke", made.key);
  expect(await callOperation(emulator, "shares", firstSession(emulator))).toMatchObject([
    { key: made.key, removed: true },
  ]);
  await callOperation(emulator, "restore", made.key);
  await callOperation(emulator, "removeSession", firstSession(emulator));
  expect(emulator.sessions).toHaveLength(3);
  const added = (await callOperation(emulator, "addSession", { attributes: { protocol: "rdp" } })) as string;
  expect(emulator.sessions).toContain(added);
  expect(await callOperation(emulator, "rotateKey")).toBe(emulator.apiKey);
  expect(emulator.requests).toEqual([]);
});

test("the control API sets flags, clock, zone, latency and faults, and returns the request log", async () => {
  const emulator = await startTestEmulator({ control: true });
  await callOperation(emulator, "behaviour", { postStatus: "201", shareLimit: "1" });
  await callOperation(emulator, "skew", 5000);
  await callOperation(emulator, "zone", "Asia/Kolkata");
  await callOperation(emulator, "latency", 1);
  expect([
    emulator.behaviour.postStatus,
    emulator.behaviour.shareLimit,
    emulator.clock.skew,
    emulator.zone,
    emulator.latency,
  ]).toEqual(["201", 1, 5000, "Asia/Kolkata", 1]);
  await callOperation(emulator, "fault", { on: "POST", kind: "failure", status: 503, when: "after" });
  expect([(await share(emulator)).status, (await share(emulator)).status]).toEqual([503, 201]);
  expect(await callOperation(emulator, "requests")).toMatchObject([
    { method: "POST", status: 503, fault: "failure", executed: true },
    { status: 201 },
  ]);
  await callOperation(emulator, "resetRequests");
  expect(emulator.requests).toEqual([]);
});

test("gates hold and release requests through the control API", async () => {
  const emulator = await startTestEmulator({ control: true });
  const gate = (await callOperation(emulator, "hold", { on: "GET", when: "after" })) as number;
  const response = list(emulator);
  expect(await callOperation(emulator, "arrived", gate)).toBe(1);
  await callOperation(emulator, "release", gate);
  expect((await response).status).toBe(200);
});

test.each([
  ["nonsense", [], /unknown operation "nonsense"; use one of .*revoke/],
  ["constructor", [], /unknown operation "constructor"/],
  ["listen", [], /unknown operation "listen"/],
  ["revoke", ["nonsense"], /no share has this key/],
  ["behaviour", [{ expiredShares: "maybe" }], /expiredShares must be one of shown, hidden/],
  ["release", [7], /gate 7 does not exist/],
  ["fault", [{ kind: "nonsense" }], /unknown fault "nonsense"/],
])("%s with wrong arguments returns an error message", async (name, parameters, message) => {
  expect(await callOperation(await startTestEmulator({ control: true }), name, ...parameters)).toMatch(message);
});

test("requests that a web page can send are rejected", async () => {
  const emulator = await startTestEmulator({ control: true });
  const statuses = [
    send(emulator, "GET", "/emulator/about"),
    send(emulator, "POST", "/emulator/about", { body: "[]", headers: { "Content-Type": "text/plain" } }),
    send(emulator, "POST", "/emulator/about", { body: "{}" }),
  ];
  expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([400, 400, 400]);
});
