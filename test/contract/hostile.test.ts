// Hostile inputs, settings, states and responses: nothing crashes, the appliance gets only documented requests, and foreign
// text is never printed unchanged. Seeded, so that a failure can be repeated.
import * as fc from "fast-check";
import { isFudoError } from "../../provider/client";
import { requireSettings, readSettings, settingNames } from "../../provider/lifecycle/settings";
import { systemClock } from "../../provider/time/clock";
import type { Driver, Values } from "../support/drivers/driver";
import { OperationFailed } from "../support/drivers/driver";
import { startLifecycle } from "../support/drivers/lifecycle-driver";
import { escapes, isHarmless, hostileText, hostileTexts, hostileValue } from "../support/hostile-values";
import { listOf, startScriptedServer, scriptedKey, type ScriptedServer } from "../support/scripted-server";
import { VirtualClock } from "../support/virtual-clock";

jest.setTimeout(120_000);

const seed = 4;
const sessionId = "4665729213955833860";
const apiKey = "sgfeea6jsaz4mum9su8w6";
const path = `/api/v2/session/${sessionId}/share`;
// The scripted server sends the real time in `Date`.
const clock = new VirtualClock(Date.now);
const id = `${sessionId}/0123456789abcdef`;

let appliance: ScriptedServer;
let driver: Driver;

beforeEach(async () => {
  clock.reset();
  appliance = await startScriptedServer(clock.now);
  driver = await startLifecycle({ config: { "fudo:url": appliance.url, "fudo:apiKey": apiKey } }, clock);
});
afterEach(async () => {
  await driver.close();
  await appliance.close();
});

/** The result, or undefined after one of our errors with a printable text. Any other error fails the test. */
async function orKnownError<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    expect({ text: error.message, harmless: isHarmless(error.message) }).toEqual({
      text: error.message,
      harmless: true,
    });
    expect(error.message.length).toBeLessThan(3000);
    return undefined;
  }
}

/** Every request has the form that the vendor documents. */
function expectDocumented({ requests }: ScriptedServer): void {
  for (const { method, path, body } of requests) {
    expect(path).toMatch(/^\/api\/v2\/session\/\d{1,19}\/share$/);
    if (method === "GET") expect(body).toBe("");
    else
      expect(body).toMatch(
        /^\{"valid_since":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","valid_to":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","readonly":(true|false)\}$/,
      );
  }
}

describe("inputs", () => {
  const names = [
    "sessionId",
    "validSince",
    "validTo",
    "duration",
    "readonly",
    "labels",
    "adopt",
    "deletionPolicy",
    "recipients",
    "__proto__",
    "constructor",
    "key",
  ];
  const labels = fc.dictionary(hostileText, hostileText, { maxKeys: 4 });
  const inputs = fc
    .array(fc.tuple(fc.constantFrom(...names), fc.oneof(hostileValue, labels)), { maxLength: 5 })
    .map((pairs) => Object.fromEntries([["sessionId", sessionId], ["duration", "PT8H"], ...pairs]) as Values);

  test("are rejected with printable reasons, or sent as documented", async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(inputs, async (given) => {
        const { inputs: checked, failures } = await driver.check({}, given);
        for (const { property, reason } of failures) {
          expect(isHarmless(reason)).toBe(true);
          expect(reason.length).toBeLessThan(400);
          if (property !== "") expect(names).toContain(property);
        }
        if (failures.length > 0) return;
        sent += 1;
        await orKnownError(driver.create(checked));
        await driver.diff(id, checked, checked);
      }),
      { seed, numRuns: 500 },
    );
    expectDocumented(appliance);
    expect(sent).toBeGreaterThan(20);
    expect(({} as Values)["polluted"]).toBeUndefined();
  });

  test("of ten megabytes are rejected, and no reason repeats them", async () => {
    for (const name of names) {
      const { failures } = await driver.check({}, { sessionId, duration: "PT8H", [name]: "x".repeat(10_000_000) });
      expect(failures.length).toBeGreaterThan(0);
      for (const { reason } of failures) expect(reason.length).toBeLessThan(400);
    }
    expect(
      (await driver.check({}, { sessionId, duration: "PT8H", labels: { note: "x".repeat(10_000_000) } })).failures,
    ).toHaveLength(1);
  });

  test("labels can have the names of prototype properties", async () => {
    const given = JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}') as Values;
    const { inputs, failures } = await driver.check({}, { sessionId, duration: "PT8H", labels: given });
    expect(failures).toEqual([]);
    const { outputs } = await driver.create(inputs);
    expect(Object.entries(outputs["labels"] as object)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
      ["toString", "c"],
    ]);
  });

  test("that bypass check cause no request to another path", async () => {
    for (const text of hostileTexts.filter((each) => !/^\d+$/.test(each))) {
      await orKnownError(driver.create({ sessionId: text, duration: "PT8H", readonly: true, labels: {} }));
      await orKnownError(driver.read(`${text}/0123456789abcdef`, {}));
      await orKnownError(driver.read(text, { key: text, fingerprint: text, sessionId: text }));
    }
    expect(appliance.requests).toEqual([]);
  });
});

describe("edited states", () => {
  test("pass through read, diff, update and delete without a crash", async () => {
    appliance.respond = () => listOf([{ key: scriptedKey, readonly: true }]);
    const state = fc.dictionary(
      fc.constantFrom(
        "sessionId",
        "key",
        "link",
        "url",
        "fingerprint",
        "validSince",
        "validTo",
        "readonly",
        "labels",
        "grantedTo",
        "removed",
        "deletionPolicy",
        "recipients",
        "sealedUrl",
        "sealedRecipients",
        "sealedOrigin",
      ),
      hostileValue,
    );
    await fc.assert(
      fc.asyncProperty(state, state, async (olds, news) => {
        await orKnownError(driver.read(id, olds));
        await orKnownError(driver.diff(id, olds, news));
        await orKnownError(driver.update(id, olds, news));
        await orKnownError(driver.delete(id, olds));
      }),
      { seed, numRuns: 300 },
    );
    driver.warnings().forEach((warning) => expect(isHarmless(warning)).toBe(true));
    expectDocumented(appliance);
  });
});

describe("settings", () => {
  const settings = fc.dictionary(
    fc.constantFrom(...Object.values(settingNames).map(({ config }) => config)),
    hostileText,
  );

  test("are read without a crash, and problems name the setting but not its value", () => {
    fc.assert(
      fc.property(settings, (given) => {
        const canary = "canary-0123456789";
        const read = readSettings({
          config: (name) => (given[name] === undefined ? undefined : given[name] + canary),
          environment: () => undefined,
        });
        for (const problem of read.problems) {
          expect(isHarmless(problem)).toBe(true);
          expect(problem).not.toContain(canary);
          expect(problem).toMatch(/^fudo:\w+ \(or FUDO_[A-Z_]+\)/);
        }
        try {
          requireSettings(read, systemClock);
        } catch (error) {
          expect(isFudoError(error) && error.code).toBe("config");
        }
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe("the appliance", () => {
  const entry = fc.dictionary(
    fc.constantFrom(
      "id",
      "session_id",
      "user_id",
      "key",
      "valid_since",
      "valid_to",
      "readonly",
      "link",
      "created_at",
      "modified_at",
      "removed",
      "__proto__",
    ),
    hostileValue,
    { maxKeys: 6 },
  );
  const secret = ["key", "link", "url"];

  /** The engine can store these outputs and print the ones that are not secret. */
  function expectStorable(outputs: Values, origin: string): void {
    expect(JSON.parse(JSON.stringify(outputs))).toEqual(outputs);
    for (const [name, value] of Object.entries(outputs)) {
      if (typeof value !== "string") continue;
      expect({ name, wellFormed: value.isWellFormed() }).toEqual({ name, wellFormed: true });
      if (!secret.includes(name)) expect({ name, harmless: isHarmless(value) }).toEqual({ name, harmless: true });
    }
    expect(String(outputs["link"])).toMatch(/^\/[\x21-\x7e]*$/);
    expect(new URL(String(outputs["url"])).origin).toBe(origin);
  }

  test("can put any value into a list: outputs can be stored, links stay on the appliance's origin, errors have our codes", async () => {
    const inputs = (await driver.check({}, { sessionId, duration: "PT8H" })).inputs;
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 3 }), entry, async (entries, own) => {
        const fresh = await startLifecycle({ config: { "fudo:url": appliance.url, "fudo:apiKey": apiKey } }, clock);
        let lists = 0;
        appliance.respond = ({ method }) => {
          if (method === "POST") return listOf({ ...own, key: scriptedKey });
          return (lists += 1) === 1 ? listOf([]) : listOf([...entries, { ...own, key: scriptedKey }]);
        };
        const created = await orKnownError(fresh.create(inputs));
        if (created !== undefined) {
          count += 1;
          expectStorable(created.outputs, appliance.url);
          const read = await orKnownError(fresh.read(created.id, created.outputs));
          if (read !== undefined) expectStorable(read, appliance.url);
        }
        await orKnownError(fresh.read(`${sessionId}/${"0".repeat(16)}`, {}));
        fresh.warnings().forEach((warning) => expect(isHarmless(warning)).toBe(true));
        await fresh.close();
      }),
      { seed, numRuns: 300 },
    );
    expectDocumented(appliance);
    // A response with a key means success, even if the lists are hostile.
    expect(count).toBe(300);
  });

  test.each([
    ["lone surrogates", "a\ud800b".repeat(10)],
    ["ten megabytes", "k".repeat(10_000_000)],
    ["terminal escapes", escapes.repeat(3)],
    ["one character", "k"],
  ])("can return a key with %s: the share is managed with that key, or the create fails", async (_, key) => {
    appliance.respond = ({ method }) => (method === "POST" ? listOf({ key }) : listOf([]));
    const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
    const created = await orKnownError(driver.create(inputs));
    if (created !== undefined) {
      expectStorable(created.outputs, appliance.url);
      expect(created.outputs["key"]).toBe(key);
      expect(JSON.stringify(created).length).toBeLessThan(100_000);
    }
  });

  test.each([
    [
      "a failure that clears the screen",
      { status: 400, body: JSON.stringify({ result: "failure", message: escapes }) },
    ],
    [
      "a failure of ten megabytes",
      { status: 400, body: JSON.stringify({ result: "failure", message: "x".repeat(10_000_000) }) },
    ],
    [
      "errors in a list",
      { status: 422, body: JSON.stringify({ result: "failure", errors: [{ [escapes]: escapes }] }) },
    ],
    ["a page that clears the screen", { status: 502, body: `<html>${escapes}</html>` }],
    ["a redirect with escapes", { status: 302, body: "", headers: { Location: "https://evil.example/\u009b31m" } }],
    [
      "JSON with prototype keys",
      {
        status: 200,
        body: '{"result":"success","__proto__":{"polluted":1},"session_share":[{"__proto__":{"polluted":1}}]}',
      },
    ],
    ["a lone surrogate", { status: 200, body: '{"result":"failure","message":"\\ud800"}' }],
    ["bytes that are not UTF-8", { status: 200, body: Buffer.from([0xff, 0xfe, 0x7b]) }],
  ])("can return %s", async (_, response) => {
    appliance.respond = () => response;
    const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
    await orKnownError(driver.create(inputs));
    await orKnownError(driver.read(id, { sessionId, key: scriptedKey, fingerprint: "0123456789abcdef" }));
    expect(({} as Values)["polluted"]).toBeUndefined();
    expect(new Set(appliance.requests.map(({ path: requested }) => requested))).toEqual(new Set([path]));
  });
});
