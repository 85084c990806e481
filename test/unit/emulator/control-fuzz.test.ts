// The control API under misuse: whatever another process sends, it gets a response, and the emulator still works afterwards.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import type { Emulator } from "../../../provider/emulator";
import { faultKinds } from "../../../provider/emulator/http/faults/parameters";
import { compileEmulator } from "./compiled";
import { list, outcomeOf, send, sendRaw, share } from "./requests";
import { startTestEmulator } from "./fixture";

const headers = { Authorization: "" };
const call = (emulator: Emulator, name: string, body: string) =>
  send(emulator, "POST", `/emulator/${name}`, { body, headers });

/** The emulator works, once its faults and latency are as at the start. */
async function expectAlive(emulator: Emulator): Promise<void> {
  expect((await call(emulator, "clearFaults", "[]")).status).toBe(200);
  expect((await call(emulator, "latency", "[0]")).status).toBe(200);
  expect((await list(emulator)).status).toBeLessThan(500);
  expect((await share(emulator)).status).toBeLessThan(500);
}

test.each([
  ["application/json", 200],
  ["application/json; charset=utf-8", 200],
  ["application/json;charset=UTF-8", 200],
  ["Application/JSON ; charset=utf-8", 200],
  ["text/plain; charset=application/json", 400],
  ["application/jsonp", 400],
  ["application/x-www-form-urlencoded", 400],
])("the control API with Content-Type: %s responds with %i", async (contentType, status) => {
  const emulator = await startTestEmulator({ control: true });
  const response = await send(emulator, "POST", "/emulator/about", {
    body: "[]",
    headers: { "Content-Type": contentType },
  });
  expect(response.status).toBe(status);
});

test.each([
  ["fault", [{ kind: "failure", status: 99 }], /status must be a whole number from 200 to 599/],
  ["fault", [{ kind: "headers", headers: { "A B": "1" } }], /valid HTTP token/],
  ["fault", [{ kind: "bare", body: { a: 1 } }], /body must be text, not an object/],
  ["fault", [], /a fault must be an object/],
  ["randomFaults", [{ seed: 1, lostPosts: 5 }], /lostPosts must be a number from 0 to 1/],
  ["addSession", [{ sessions: 2.5 }], /unknown property of addSession "sessions"/],
  ["addShare", ["40c0"], /session 40c0 does not exist/],
  ["skew", [1e20], /skew must be a number of milliseconds/],
  ["latency", ["1s"], /latency must be a number of milliseconds/],
  ["zone", [], /zone must be text/],
  ["hold", [{ on: "post" }], /did you mean "POST"/],
  ["arrived", ["constructor"], /the number of the gate must be a whole number/],
  ["behaviour", [["postStatus"]], /behaviour must be an object/],
  ["behavior", [{}], /unknown operation "behavior"; did you mean "behaviour"\?/],
  ["revoke", [{ toString: 1 }], /no share has this key/],
])("%s with %j is refused with the reason", async (name, parameters, message) => {
  const emulator = await startTestEmulator({ control: true });
  const { status, json } = await call(emulator, name, JSON.stringify(parameters));
  expect([status, json]).toEqual([400, { error: expect.stringMatching(message) }]);
  await expectAlive(emulator);
});

// Without hold and arrived: to wait at a gate is what they are for.
const operations =
  "about addSession removeSession restoreSession addShare shares revoke restore addApiKey rotateKey blockUser unblockUser denyAccess allowAccess fault randomFaults clearFaults requests resetRequests behaviour zone skew latency release";
const odd = fc.oneof(
  fc.constantFrom(null, true, "", "GET", "1h", -1, 0, 1, 2.5, 99, 1e20, [], {}, "__proto__", "infinity"),
  fc.jsonValue({ maxDepth: 2 }),
);
const names =
  "kind status headers body times skip on path when value attribute bytes every seed lostPosts id startedAt";
const object = fc.dictionary(fc.constantFrom(...names.split(" "), "validTo", "key", "attributes", "__proto__"), odd);
const fault = fc
  .tuple(fc.constantFrom(...faultKinds.filter((kind) => kind !== "huge")), object)
  .map(([kind, rest]) => ({ ...rest, kind }));
const parametersOf = fc.array(fc.oneof(odd, object, fault), { maxLength: 3 });

describe("a process of its own", () => {
  const compiled = compileEmulator();
  const child = spawn(process.execPath, [join(compiled.folder, "command.js"), "--json", "--control"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let emulator: Emulator;

  beforeAll(async () => {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    emulator = JSON.parse(line) as Emulator;
  });

  afterAll(() => {
    child.kill();
    compiled.remove();
  });

  afterEach(() => expect(child.exitCode).toBeNull());

  test("random operations with random arguments always get a response, and never end it", async () => {
    const calls = fc.tuple(fc.constantFrom(...operations.split(" ")), parametersOf);
    await fc.assert(
      fc.asyncProperty(fc.array(calls, { minLength: 1, maxLength: 6 }), async (sequence) => {
        for (const [name, parameters] of sequence) {
          const { status, json } = await call(emulator, name, JSON.stringify(parameters));
          expect([200, 400]).toContain(status);
          if (status === 400) expect(json.error).toMatch(/./);
        }
        await call(emulator, "latency", "[0]");
        // Not awaited: an accepted fault may let a request hang.
        void Promise.all([list(emulator), share(emulator)].map(outcomeOf));
        await call(emulator, "about", "[]");
        await expectAlive(emulator);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    "CONNECT /emulator/about HTTP/1.1\r\nHost: localhost",
    "GET /emulator/about HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket",
    "PRI * HTTP/2.0",
    "POST http://localhost/emulator/about HTTP/1.1\r\nHost: localhost",
    "POST //emulator/about HTTP/1.0\r\nExpect: 100-continue",
    "POST /emulator/about HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
  ])("the request %j does not end it", async (head) => {
    await Promise.race([sendRaw(emulator, `${head}\r\n\r\n`), call(emulator, "about", "[]")]);
    await expectAlive(emulator);
  });

  test("random bytes in paths, heads and bodies never end it", async () => {
    const path = fc.string({ maxLength: 20 }).map(encodeURI);
    await fc.assert(
      fc.asyncProperty(path, fc.string({ unit: "binary" }), async (tail, body) => {
        expect([200, 400]).toContain((await call(emulator, tail, body)).status);
        const head = `POST /emulator/about HTTP/1.1\r\nHost: localhost\r\n${body.replaceAll(/[^ -~]/g, "")}\r\n\r\n`;
        await sendRaw(emulator, `${head}GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      }),
      { numRuns: 150 },
    );
    await expectAlive(emulator);
  });
});
