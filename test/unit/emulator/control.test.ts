// The control door: what another process may do, and that it is shut unless asked for.
import type { Emulator, ShareRecord } from "../../../provider/emulator";
import { call, firstSession, list, share } from "./requests";
import { stage } from "./fixture";

async function order(emulator: Emulator, name: string, ...parameters: unknown[]): Promise<any> {
  const { json } = await call(emulator, "POST", `/emulator/${name}`, {
    body: JSON.stringify(parameters),
    headers: { Authorization: "" },
  });
  return json.error ?? json.value;
}

test("the door is shut by default", async () => {
  const emulator = await stage();
  expect((await call(emulator, "POST", "/emulator/shares", { body: "[]" })).status).toBe(404);
  expect(emulator.requests).toHaveLength(1);
});

test("an administrator's work passes through it, and leaves no trace in the request log", async () => {
  const emulator = await stage({ control: true });
  const { url, apiKey, sessions } = (await order(emulator, "about")) as {
    url: string;
    apiKey: string;
    sessions: string[];
  };
  expect({ url, apiKey, sessions }).toEqual({
    url: emulator.url,
    apiKey: emulator.apiKey,
    sessions: emulator.sessions,
  });
  const made = (await order(emulator, "addShare", firstSession(emulator), { readonly: false })) as ShareRecord;
  expect(await order(emulator, "shares")).toEqual([made]);
  await order(emulator, "revoke", made.key);
  expect(await order(emulator, "shares", firstSession(emulator))).toMatchObject([{ key: made.key, removed: true }]);
  await order(emulator, "restore", made.key);
  await order(emulator, "removeSession", firstSession(emulator));
  expect(emulator.sessions).toHaveLength(3);
  const added = (await order(emulator, "addSession", { attributes: { protocol: "rdp" } })) as string;
  expect(emulator.sessions).toContain(added);
  expect(await order(emulator, "rotateKey")).toBe(emulator.apiKey);
  expect(emulator.requests).toEqual([]);
});

test("switches, clock, zone, latency and faults are set through it, the log is read through it", async () => {
  const emulator = await stage({ control: true });
  await order(emulator, "switches", { postStatus: "201", shareLimit: "1" });
  await order(emulator, "skew", 5000);
  await order(emulator, "zone", "Asia/Kolkata");
  await order(emulator, "latency", 1);
  expect([
    emulator.switches.postStatus,
    emulator.switches.shareLimit,
    emulator.clock.skew,
    emulator.zone,
    emulator.latency,
  ]).toEqual(["201", 1, 5000, "Asia/Kolkata", 1]);
  await order(emulator, "fault", { on: "POST", kind: "failure", status: 503, when: "after" });
  expect([(await share(emulator)).status, (await share(emulator)).status]).toEqual([503, 201]);
  expect(await order(emulator, "requests")).toMatchObject([
    { method: "POST", status: 503, fault: "failure", carriedOut: true },
    { status: 201 },
  ]);
  await order(emulator, "resetRequests");
  expect(emulator.requests).toEqual([]);
});

test("gates are held and released through it", async () => {
  const emulator = await stage({ control: true });
  const gate = (await order(emulator, "hold", { on: "GET", when: "after" })) as number;
  const reply = list(emulator);
  expect(await order(emulator, "arrived", gate)).toBe(1);
  await order(emulator, "release", gate);
  expect((await reply).status).toBe(200);
});

test.each([
  ["nonsense", [], /there is no "nonsense"; there are .*revoke/],
  ["constructor", [], /there is no "constructor"/],
  ["listen", [], /there is no "listen"/],
  ["revoke", ["nonsense"], /no share with this key/],
  ["switches", [{ endedShares: "maybe" }], /endedShares is one of shown, hidden/],
  ["release", [7], /no such gate/],
  ["fault", [{ kind: "nonsense" }], /there is no fault "nonsense"/],
])("%s is refused with what is wrong", async (name, parameters, message) => {
  expect(await order(await stage({ control: true }), name, ...parameters)).toMatch(message);
});

test("what a page in a browser can send unasked is refused", async () => {
  const emulator = await stage({ control: true });
  const statuses = [
    call(emulator, "GET", "/emulator/about"),
    call(emulator, "POST", "/emulator/about", { body: "[]", headers: { "Content-Type": "text/plain" } }),
    call(emulator, "POST", "/emulator/about", { body: "{}" }),
  ];
  expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([400, 400, 400]);
});
