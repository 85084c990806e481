// The control API: what another process can do with it, and that it is off by default.
import type { Emulator, ShareRecord } from "../../../provider/emulator";
import { send, sendRaw, firstSession, list, share } from "./requests";
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
  ["skew", ["an hour"], /skew must be a number of milliseconds/],
  ["latency", [null], /latency must be a number of milliseconds/],
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

describe("the Host header", () => {
  const statusFor = async (emulator: Emulator, host: string): Promise<number> =>
    (await send(emulator, "POST", "/emulator/about", { body: "[]", headers: { Host: host } })).status;

  test.each(["localhost", "LOCALHOST:8080", "127.0.0.1", "127.1.2.3:443", "[::1]", "[::1]:443"])(
    "%s is a loopback name",
    async (host) => expect(await statusFor(await startTestEmulator({ control: true }), host)).toBe(200),
  );

  // DNS rebinding: a web page lets its own name resolve to 127.0.0.1.
  test.each([
    "attacker.example",
    "attacker.example:80",
    "localhost.attacker.example",
    "127.0.0.1.attacker.example",
    "127.0.0.1@attacker.example",
    "[::1].attacker.example",
    "192.0.2.1",
    ":80",
  ])("%s is rejected", async (host) => {
    const emulator = await startTestEmulator({ control: true });
    expect(await statusFor(emulator, host)).toBe(400);
  });

  test("can be the host that the emulator listens on", async () => {
    const emulator = await startTestEmulator({ control: true, host: "0.0.0.0" });
    expect(await statusFor(emulator, new URL(emulator.url).host)).toBe(200);
    expect(await statusFor(emulator, "192.0.2.1")).toBe(400);
  });
});

test("a body of more than 1 MB is rejected, with and without a length, and the emulator continues", async () => {
  const emulator = await startTestEmulator({ control: true });
  const text = `[${" ".repeat(3_000_000)}]`;
  const { status, json } = await send(emulator, "POST", "/emulator/addSession", { body: text });
  expect([status, json]).toEqual([400, { error: "the body is larger than 1 MB" }]);
  const head = "POST /emulator/addSession HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const { bytes } = await sendRaw(
    emulator,
    `${head}Transfer-Encoding: chunked\r\n\r\n${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`,
  );
  expect(bytes.toString()).toMatch(/^HTTP\/1\.1 400 .*"the body is larger than 1 MB"/s);
  expect(emulator.sessions).toHaveLength(4);
  expect(await callOperation(emulator, "shares")).toEqual([]);
});

describe("the times of a share that another process adds", () => {
  test("are read from ISO 8601 text, milliseconds and infinity", async () => {
    const emulator = await startTestEmulator({ control: true });
    const windowOf = async (window: object) => {
      const { validSince, validTo } = (await callOperation(
        emulator,
        "addShare",
        firstSession(emulator),
        window,
      )) as ShareRecord;
      return [validSince, validTo];
    };
    expect(await windowOf({ validSince: "2025-05-15T15:07:00+02:00", validTo: "2025-05-15T21:07:00.123456Z" })).toEqual(
      ["2025-05-15T13:07:00.000Z", "2025-05-15T21:07:00.123456Z"],
    );
    expect(await windowOf({ validSince: 0 })).toEqual(["1970-01-01T00:00:00.000Z", "1970-01-01T08:00:00.000Z"]);
    expect(await windowOf({ validSince: "-infinity", validTo: "infinity" })).toEqual(["-infinity", "infinity"]);
    await windowOf({ validTo: Date.UTC(10_000, 0, 1) });
    emulator.zone = "UTC";
    expect(
      ((await list(emulator)).json.session_share as { valid_to: string }[]).map(({ valid_to }) => valid_to),
    ).toEqual(["2025-05-15 21:07:00.123456+00", "1970-01-01 08:00:00+00", "infinity", "10000-01-01 00:00:00+00"]);
  });

  test.each([
    [{ validTo: "tomorrow" }, /validTo must be milliseconds since the epoch, ISO 8601 text/],
    [{ validTo: "2025-05-15" }, /validTo must be/],
    [{ validTo: null }, /validTo must be/],
    [{ validSince: true }, /validSince must be/],
    [{ validSince: 9e15 }, /validSince must be/],
    [{ createdAt: "2025-13-01T00:00:00Z" }, /createdAt must be/],
    [{ readonly: "no" }, /readonly must be true or false/],
    [{ key: 7 }, /key must be text/],
  ])("%j is refused, and nothing is stored", async (share, message) => {
    const emulator = await startTestEmulator({ control: true });
    expect(await callOperation(emulator, "addShare", firstSession(emulator), share)).toMatch(message);
    expect(emulator.shares()).toEqual([]);
  });

  test("a session's times are checked in the same way", async () => {
    const emulator = await startTestEmulator({ control: true });
    expect(await callOperation(emulator, "addSession", { startedAt: "yesterday" })).toMatch(/startedAt must be/);
    expect(await callOperation(emulator, "addSession", { finishedAt: {} })).toMatch(/finishedAt must be/);
  });
});
