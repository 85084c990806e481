// The client's operations: exact requests, retries, and what each kind of response becomes.
import { inspect } from "node:util";
import { MockAgent } from "undici";
import { FudoError } from "../../../provider/client/errors";
import { createClient } from "../../../provider/client/client";
import type { ClientOptions } from "../../../provider/client/api";
import {
  apiKey,
  failure,
  FakeClock,
  emptyList,
  emptyShareList,
  createdShare,
  options,
  origin,
  sessionId,
  sharePath,
  vendor,
  window,
} from "./fixture";

let agent: MockAgent;

beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
});

afterEach(async () => {
  agent.assertNoPendingInterceptors();
  await agent.close();
});

const appliance = () => agent.get(origin);
const client = (more: Partial<ClientOptions> = {}) => createClient(options(more), agent);
const onList = () => appliance().intercept({ path: sharePath });
const onCreate = () => appliance().intercept({ path: sharePath, method: "POST" });
const listFailure = (more: Partial<ClientOptions> = {}) => failure(client(more).listShares(sessionId));

describe("requests are the vendor's samples", () => {
  test("a list request has only the path and the raw key", async () => {
    appliance()
      .intercept({ path: sharePath, method: "GET", headers: { authorization: apiKey } })
      .reply(200, vendor("session-share-list"));
    const { shares } = await client().listShares(sessionId);
    expect(shares).toHaveLength(2);
  });

  test("a create request has the body of the sample", async () => {
    const body = (text: string) => {
      expect(JSON.parse(text)).toEqual(JSON.parse(vendor("session-share-request")));
      return true;
    };
    appliance()
      .intercept({ path: sharePath, method: "POST", body, headers: { "content-type": "application/json" } })
      .reply(200, createdShare);
    const { share } = await client().createShare(sessionId, window);
    expect(share.key).toHaveLength(64);
  });

  test("the specification and the sessions are read with GET requests", async () => {
    appliance()
      .intercept({ path: "/api/v2/objspec/session_share" })
      .reply(200, vendor("objspec-session_share.inferred"));
    appliance()
      .intercept({ path: "/api/v2/session?offset=200&limit=100" })
      .reply(200, '{"result":"success","session":[{"id":"7"}]}');
    const fudo = client();
    expect(await fudo.getShareSpec()).toHaveProperty("key");
    expect(await fudo.listSessions({ offset: 200, limit: 100 })).toEqual({
      sessions: [{ id: "7", removed: false }],
      problems: [],
    });
  });

  test("201 is a success too, and `Date` is the appliance's clock", async () => {
    onCreate().reply(201, createdShare, { headers: { date: "Thu, 15 May 2025 13:07:00 GMT" } });
    const { applianceTime } = await client().createShare(sessionId, window);
    expect(applianceTime).toBe(Date.parse("2025-05-15T13:07:00Z"));
  });

  test.each([
    "",
    "..",
    "1/2",
    "1%2f2",
    "%2e%2e",
    "-1",
    "1e3",
    "0x10",
    " 1",
    "1\n",
    "12345678901234567890",
    "١٢",
    "1?filter=x",
    "1#",
    "\ud800",
    "9".repeat(1e6),
  ])("the session ID %.20j is rejected without a request", async (id) => {
    const error = await failure(client().listShares(id));
    expect(error.code).toBe("rejected");
    expect(error.message.length).toBeLessThan(100);
    expect((await failure(client().createShare(id, window))).executed).toBe("no");
  });

  test.each(["", "two words", "line\r\nInjected: yes", "schlüssel", "k".repeat(1e6)])(
    "the API key %.20j is rejected without a request",
    async (key) => {
      expect(await listFailure({ apiKey: key })).toMatchObject({
        code: "config",
        message: expect.stringContaining("fudo:apiKey (or FUDO_API_KEY)"),
      });
    },
  );
});

describe("status before body", () => {
  const html = "<!DOCTYPE html><title>gone</title>";
  const own = (message: string) => JSON.stringify({ result: "failure", message });

  test.each<[number, string, object]>([
    [400, own("bad window"), { code: "rejected", fromAppliance: true }],
    [401, own("no"), { code: "unauthorized", fromAppliance: true }],
    [403, own("no"), { code: "unauthorized", fromAppliance: true }],
    [404, own("no such session"), { code: "not-found", fromAppliance: true }],
    [404, html, { code: "not-found", fromAppliance: false }],
    [404, '{"error":"x"}', { code: "not-found", fromAppliance: false }],
    [405, "", { code: "rejected", fromAppliance: false }],
    [409, own("twice"), { code: "conflict", fromAppliance: true }],
    [422, own("no"), { code: "rejected", fromAppliance: true }],
    [600, html, { code: "protocol" }],
  ])("%d with %.30s", async (status, body, expected) => {
    onCreate().reply(status, body);
    const error = await failure(client().createShare(sessionId, window));
    expect(error).toMatchObject({ status, ...expected });
    // A proxy may block the response to a POST that the appliance executed. Only the appliance's own failure is proof.
    expect(error.executed).toBe(error.fromAppliance ? "no" : "unknown");
    expect(error.message).toMatch(new RegExp(`^POST ${sharePath}: ${status}`));
    expect(error.message).not.toMatch(/[<>]/);
  });

  test.each([500, 502, 503, 504])("%d on a POST leaves the outcome unknown, and is not retried", async (status) => {
    onCreate().reply(status, html, { headers: { "retry-after": "1" } });
    const error = await failure(client().createShare(sessionId, window));
    expect(error).toMatchObject({ code: "unavailable", executed: "unknown", status, retryAfter: 1 });
  });

  test.each([301, 302, 304, 307, 308])(
    "%d is not followed, and the message names the target without its query",
    async (status) => {
      onCreate().reply(status, "", { headers: { location: `https://elsewhere.example/login?key=${"s".repeat(64)}` } });
      const error = await failure(client().createShare(sessionId, window));
      expect(error).toMatchObject({ code: "protocol", executed: "unknown", status });
      expect(error.message).toContain(
        "redirected to https://elsewhere.example/login. The provider does not follow redirects",
      );
    },
  );

  test.each<[string, string, object]>([
    ["a failure with 200", own("no right"), { code: "rejected", executed: "no", fromAppliance: true }],
    ["another result with 200", '{"result":"partly"}', { code: "rejected", executed: "unknown", fromAppliance: false }],
    ["no result", "{}", { code: "protocol", executed: "unknown" }],
    ["an HTML page with 200", html, { code: "protocol", executed: "unknown" }],
    ["truncated JSON", createdShare.slice(0, 60), { code: "protocol", executed: "unknown" }],
    ["an empty body", "", { code: "protocol", executed: "unknown" }],
    ["a JSON array", "[]", { code: "protocol", executed: "unknown" }],
    ["deeply nested JSON", "[".repeat(100_000), { code: "protocol", executed: "unknown" }],
  ])("%s, for a POST", async (_what, body, expected) => {
    onCreate().reply(200, body);
    const error = await failure(client().createShare(sessionId, window));
    expect(error).toMatchObject({ status: 200, ...expected });
    expect(error.cause).toBeUndefined();
  });
});

describe("messages", () => {
  test("401: the message has the appliance's text, the source of the key and what to check", async () => {
    onList().reply(401, '{"result":"failure","message":"Invalid\\u001b[31m API key"}');
    const { message } = await listFailure();
    expect(message).toBe(
      `GET ${sharePath}: 401 Unauthorized: Invalid[31m API key. The API key came from the environment variable FUDO_API_KEY. ` +
        "Check that it is complete and current, and that its user is not blocked or expired",
    );
  });

  test("403: the message has the source of the key and what the user needs", async () => {
    onList().reply(403, '{"result":"failure","message":"no right"}');
    expect((await listFailure()).message).toContain("Set its role and capabilities in the admin panel");
  });

  test.each<[number, string, string]>([
    [401, '{"result":"failure","message":"Unauthorized"}', "401 Unauthorized: The API key came from"],
    [403, '{"result":"failure","message":"Forbidden."}', "403 Forbidden: The user of the API key"],
    [409, '{"result":"failure","message":"409 Conflict"}', "409 Conflict"],
    [404, "404 Not Found\n", "404 Not Found: This response is not from the appliance"],
    [400, '{"result":"failure","message":"Bad session"}', "400 Bad Request: Bad session"],
  ])("%d %s: the message does not repeat the status line", async (status, body, text) => {
    onList().reply(status, body);
    const { message } = await listFailure();
    expect(message.startsWith(`GET ${sharePath}: ${text}`)).toBe(true);
    expect(message.match(/unauthorized|forbidden|not found|conflict/gi)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test.each<[number, string]>([
    [401, "<html>Please log in</html>"],
    [401, '{"message":"Unauthorized"}'],
    [401, ""],
    [403, "<html>Request blocked</html>"],
    [403, '{"message":"Forbidden"}'],
    [403, '{"result":"success"}'],
    [403, "Access denied\n"],
  ])("a %d that is not from the appliance (%s): no advice on keys or roles", async (status, body) => {
    onCreate().reply(status, body);
    const error = await failure(client().createShare(sessionId, window));
    expect(error).toMatchObject({
      code: "unauthorized",
      fromAppliance: false,
      executed: status === 401 ? "no" : "unknown",
    });
    expect(error.message).toMatch(
      /This response is not from the appliance: a proxy or firewall in front of it refused the request$/,
    );
    expect(error.message).not.toMatch(/API key|role|FUDO_API_KEY|capabilities/);
  });

  test.each<[string, boolean]>([
    ["ENOTFOUND", true],
    ["EAI_AGAIN", true],
    ["ECONNREFUSED", true],
    ["EHOSTUNREACH", true],
    ["ETIMEDOUT", true],
    ["ECONNRESET", false],
    ["CERT_HAS_EXPIRED", false],
  ])("%s with a proxy variable: the message says that it has no effect: %s", async (code, says) => {
    onList()
      .replyWithError(Object.assign(new Error("no"), { code }))
      .persist();
    const names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    const before = names.map((name) => process.env[name]);
    try {
      for (const name of names) delete process.env[name];
      expect((await listFailure()).message).not.toContain("proxy");
      for (const name of names) {
        process.env[name] = "http://user:password@proxy.example:3128";
        const { message } = await listFailure();
        expect(message.includes(`${name} is set, but the provider ignores proxy variables`)).toBe(says);
        expect(message).not.toContain("password");
        delete process.env[name];
      }
    } finally {
      names.forEach((name, i) =>
        before[i] === undefined ? delete process.env[name] : (process.env[name] = before[i]),
      );
    }
  });

  test("a 404 that is not from the appliance: the message names the two usual reasons", async () => {
    onList().reply(404, "<html>nginx</html>");
    const { message } = await listFailure();
    expect(message).toContain("an HTML page instead of the appliance's JSON. This response is not from the appliance");
    expect(message).toContain("fudo:url (or FUDO_URL)");
  });

  test("the message contains the `errors` list if the response has no message", async () => {
    onList().reply(422, '{"result":"failure","errors":[{"valid_to":"too late"}]}');
    expect((await listFailure()).message).toContain('[{"valid_to":"too late"}]');
  });

  test.each([
    ["ENOTFOUND", "https://fudo.example: hostname could not be resolved (ENOTFOUND)"],
    ["EAI_AGAIN", "hostname could not be resolved because the DNS server did not respond (EAI_AGAIN)"],
    ["EHOSTUNREACH", "no network route to this host (EHOSTUNREACH)"],
    ["UND_ERR_SOCKET", "the connection was closed before the response was complete (UND_ERR_SOCKET)"],
    ["ESOMETHING", "https://fudo.example: no response: it broke (ESOMETHING)"],
  ])("%s becomes a readable message", async (code, text) => {
    onList()
      .replyWithError(Object.assign(new Error("it broke"), { code }))
      .persist();
    const error = await listFailure();
    expect(error.code).toBe("unreachable");
    expect(error.message).toContain(text);
    expect(error.message).not.toMatch(/fetch failed|node:|\n/);
  });

  test("an API key or share key in a response is masked", async () => {
    onList().reply(
      400,
      JSON.stringify({ result: "failure", message: `key ${apiKey} and /?key=abc and ${"K".repeat(64)}` }),
    );
    expect((await listFailure()).message).toMatch(/key \[secret\] and \/\?key=\[secret\] and \[secret\]$/);
  });
});

test("no response puts a credential into the error, its cause or its stack", async () => {
  const secret = "Zq".repeat(32);
  const link = `/sessions/1/?key=${secret}`;
  const leaky: [number, string, Record<string, string>][] = [
    [200, `{"result":"success","session_share":[{"key":"${secret}","link":"${link}`, {}],
    [200, `{"result":"success","session_share":"${secret}"}`, {}],
    [200, `{"result":"failure","message":"${link} ${apiKey}"}`, {}],
    [302, secret, { location: `https://elsewhere.example/${secret}/?key=${secret}` }],
    [400, `{"result":"failure","errors":["authorization: ${apiKey}","${secret}"]}`, {}],
    [403, `<html>${link} ${apiKey}`, {}],
    [404, `authorization: ${apiKey}\n${secret}`, { "retry-after": secret }],
  ];
  const broken = Object.assign(new Error(`at ${link}`, { cause: { headers: { authorization: apiKey } } }), {
    code: "HPE_X",
    data: secret,
    request: { apiKey },
  });
  for (const [status, body, headers] of leaky) onList().reply(status, body, { headers });
  onList().replyWithError(broken);
  for (let i = 0; i <= leaky.length; i += 1) {
    const error = await listFailure();
    for (const text of [
      inspect(error, { depth: 20, showHidden: true }),
      String(error),
      JSON.stringify(error),
      String(error.stack),
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(apiKey);
    }
  }
});

describe("retries", () => {
  test("a list request succeeds after transient failures", async () => {
    onList().replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    onList().reply(502, "<html>");
    onList().reply(200, emptyList);
    const clock = new FakeClock();
    expect(await client({ clock }).listShares(sessionId)).toEqual(emptyShareList);
    expect(clock.slept).toEqual([300, 550]);
  });

  test("after two minutes the last failure is thrown, with the number of attempts and the time", async () => {
    onList().reply(503, "<html>").persist();
    const clock = new FakeClock();
    const error = await listFailure({ clock });
    expect(error).toMatchObject({ code: "unavailable", status: 503 });
    expect(error.message).toMatch(/ \(tried \d+ times in 1[12]\d s\)$/);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(120_000);
  });

  test("retries end within two seconds while an unreachable appliance has never responded", async () => {
    const refused = () => onList().replyWithError(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    [1, 2, 3].forEach(refused);
    const clock = new FakeClock(undefined, 0.999);
    const error = await listFailure({ clock });
    expect(error).toMatchObject({ code: "unreachable", executed: "no" });
    expect(error.message).toContain(`${origin}: connection refused (ECONNREFUSED) (tried 3 times in 1 s)`);
    expect(error.message).toMatch(/\. Check fudo:url \(or FUDO_URL\), and that this machine can reach that address$/);
  });

  test("retries continue for an appliance that responded before, even with 401", async () => {
    onList().reply(401, "{}");
    for (let i = 0; i < 5; i += 1) onList().replyWithError(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    onList().reply(200, emptyList);
    const fudo = client();
    await failure(fudo.listShares(sessionId));
    expect(await fudo.listShares(sessionId)).toEqual(emptyShareList);
  });

  test("a POST is retried after 429, not before Retry-After, and calls `beforeSend` each time", async () => {
    onCreate().reply(429, '{"result":"failure"}', { headers: { "retry-after": "7" } });
    onCreate().reply(429, "", {
      headers: { "retry-after": "Thu, 15 May 2025 14:00:20 GMT", date: "Thu, 15 May 2025 14:00:09 GMT" },
    });
    onCreate().reply(200, createdShare);
    const clock = new FakeClock();
    const beforeSend = jest.fn();
    await client({ clock }).createShare(sessionId, window, { beforeSend });
    expect(clock.slept).toEqual([7300, 11_550]);
    expect(beforeSend).toHaveBeenCalledTimes(3);
  });

  test("a Retry-After date without `Date` is relative to the local clock, and an invalid one is ignored", async () => {
    const clock = new FakeClock();
    onList().reply(429, "", { headers: { "retry-after": new Date(clock.now() + 5000).toUTCString() } });
    onList().reply(429, "", { headers: { "retry-after": "later" } });
    onList().reply(429, "", { headers: { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" } });
    onList().reply(200, emptyList);
    await client({ clock }).listShares(sessionId);
    expect(clock.slept).toEqual([5300, 550, 1050]);
  });

  test("an error from `beforeSend` ends the request unsent and without a retry", async () => {
    onCreate().reply(200, createdShare);
    const gone = new FudoError("cancelled", "the engine is gone");
    const clock = new FakeClock();
    const beforeSend = () => {
      throw gone;
    };
    expect(await failure(client({ clock }).createShare(sessionId, window, { beforeSend }))).toBe(gone);
    expect(clock.slept).toEqual([]);
  });
});

describe("a cancelled run", () => {
  test("an aborted signal ends the wait before a retry with the last failure", async () => {
    onList().reply(503, "busy");
    const clock = new FakeClock();
    const cancelled = client({ clock }).listShares(sessionId, { signal: AbortSignal.abort() });
    expect(await failure(cancelled)).toMatchObject({ code: "unavailable", message: expect.stringContaining("503") });
    expect(clock.slept).toEqual([]);
  });

  test("an aborted signal does not end a request that was sent", async () => {
    onList().reply(200, emptyList);
    expect(await client().listShares(sessionId, { signal: AbortSignal.abort() })).toMatchObject({ shares: [] });
  });

  test("a create calls `beforeRetry` before each wait, and an aborted signal leaves it not executed", async () => {
    const beforeRetry = jest.fn();
    onCreate().reply(429, "busy").times(2);
    onCreate().reply(200, createdShare);
    await client().createShare(sessionId, window, { beforeRetry });
    expect(beforeRetry).toHaveBeenCalledTimes(2);
    onCreate().reply(429, "busy");
    const cancelled = client().createShare(sessionId, window, { beforeRetry, signal: AbortSignal.abort() });
    expect(await failure(cancelled)).toMatchObject({ code: "unavailable", executed: "no" });
  });
});

describe("nothing happens before the first operation", () => {
  test("creating and closing a client opens, reads and checks nothing", async () => {
    const fudo = createClient(options({ url: "no URL", apiKey: "", tls: { caCertificate: "/nowhere.pem" } }));
    await fudo.close();
  });

  test("loading the client loads neither undici, nor zod, nor Temporal", () => {
    jest.isolateModules(() => {
      for (const name of ["undici", "zod", "@js-temporal/polyfill"]) {
        jest.doMock(name, () => {
          throw new Error(`${name} was loaded`);
        });
      }
      const loaded = require("../../../provider/client") as { createClient: typeof createClient };
      expect(loaded.createClient(options()).origin).toBe(origin);
      expect(() => require("zod") as unknown).toThrow("zod was loaded");
      for (const name of ["undici", "zod", "@js-temporal/polyfill"]) jest.dontMock(name);
    });
  });
});
