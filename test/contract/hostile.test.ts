// Whatever a program, a setting or an appliance says: nothing crashes, nothing reaches the appliance but the documented
// requests, and nothing foreign is printed as it is. Seeded, so that a failure comes again.
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
const clock = new VirtualClock();
const id = `${sessionId}/0123456789abcdef`;

let appliance: ScriptedServer;
let driver: Driver;

beforeEach(async () => {
  clock.reset();
  appliance = await startScriptedServer();
  driver = await startLifecycle({ config: { "fudo:url": appliance.url, "fudo:apiKey": apiKey } }, clock);
});
afterEach(async () => {
  await driver.close();
  await appliance.close();
});

/** Ends well, or as one of our failures with a text fit for a terminal. */
async function civil<T>(work: Promise<T>): Promise<T | undefined> {
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

/** Only what the vendor's page documents was sent. */
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
    "__proto__",
    "constructor",
    "key",
  ];
  const labels = fc.dictionary(hostileText, hostileText, { maxKeys: 4 });
  const inputs = fc
    .array(fc.tuple(fc.constantFrom(...names), fc.oneof(hostileValue, labels)), { maxLength: 5 })
    .map((pairs) => Object.fromEntries([["sessionId", sessionId], ["duration", "PT8H"], ...pairs]) as Values);

  test("are refused in words fit for a terminal, or sent as documented", async () => {
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
        await civil(driver.create(checked));
        await driver.diff(id, checked, checked);
      }),
      { seed, numRuns: 500 },
    );
    expectDocumented(appliance);
    expect(sent).toBeGreaterThan(20);
    expect(({} as Values)["polluted"]).toBeUndefined();
  });

  test("as long as ten megabytes are refused at once and not repeated", async () => {
    for (const name of names) {
      const { failures } = await driver.check({}, { sessionId, duration: "PT8H", [name]: "x".repeat(10_000_000) });
      expect(failures.length).toBeGreaterThan(0);
      for (const { reason } of failures) expect(reason.length).toBeLessThan(400);
    }
    expect(
      (await driver.check({}, { sessionId, duration: "PT8H", labels: { note: "x".repeat(10_000_000) } })).failures,
    ).toHaveLength(1);
  });

  test("with prototype names are labels like any other", async () => {
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

  test("past a check that nobody asked, no path is called but a session's", async () => {
    for (const text of hostileTexts.filter((each) => !/^\d+$/.test(each))) {
      await civil(driver.create({ sessionId: text, duration: "PT8H", readonly: true, labels: {} }));
      await civil(driver.read(`${text}/0123456789abcdef`, {}));
      await civil(driver.read(text, { key: text, fingerprint: text, sessionId: text }));
    }
    expect(appliance.requests).toEqual([]);
  });
});

describe("states that somebody has edited", () => {
  test("are read, compared, updated and deleted without a crash", async () => {
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
      ),
      hostileValue,
    );
    await fc.assert(
      fc.asyncProperty(state, state, async (olds, news) => {
        await civil(driver.read(id, olds));
        await civil(driver.diff(id, olds, news));
        await civil(driver.update(id, olds, news));
        await civil(driver.delete(id, olds));
      }),
      { seed, numRuns: 300 },
    );
    driver.notices().forEach((notice) => expect(isHarmless(notice)).toBe(true));
    expectDocumented(appliance);
  });
});

describe("settings", () => {
  const settings = fc.dictionary(
    fc.constantFrom(...Object.values(settingNames).map(({ config }) => config)),
    hostileText,
  );

  test("are read without a crash, and complaints name the setting without its value", () => {
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

  /** What the engine will store and print of a share. */
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

  test("may put anything into a list: outputs stay storable, links stay on its own origin, failures stay ours", async () => {
    const inputs = (await driver.check({}, { sessionId, duration: "PT8H" })).inputs;
    let created = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 3 }), entry, async (entries, ours) => {
        const fresh = await startLifecycle({ config: { "fudo:url": appliance.url, "fudo:apiKey": apiKey } }, clock);
        let lists = 0;
        appliance.respond = ({ method }) => {
          if (method === "POST") return listOf({ ...ours, key: scriptedKey });
          return (lists += 1) === 1 ? listOf([]) : listOf([...entries, { ...ours, key: scriptedKey }]);
        };
        const made = await civil(fresh.create(inputs));
        if (made !== undefined) {
          created += 1;
          expectStorable(made.outputs, appliance.url);
          const read = await civil(fresh.read(made.id, made.outputs));
          if (read !== undefined) expectStorable(read, appliance.url);
        }
        await civil(fresh.read(`${sessionId}/${"0".repeat(16)}`, {}));
        fresh.notices().forEach((notice) => expect(isHarmless(notice)).toBe(true));
        await fresh.close();
      }),
      { seed, numRuns: 300 },
    );
    expectDocumented(appliance);
    // A share whose POST was answered with a key is a success, whatever a list says.
    expect(created).toBe(300);
  });

  test.each([
    ["lone surrogates", "a\ud800b".repeat(10)],
    ["ten megabytes", "k".repeat(10_000_000)],
    ["terminal escapes", escapes.repeat(3)],
    ["one character", "k"],
  ])("may answer a creation with a key of %s: owned as it is, or not owned and said", async (_, key) => {
    appliance.respond = ({ method }) => (method === "POST" ? listOf({ key }) : listOf([]));
    const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
    const made = await civil(driver.create(inputs));
    if (made !== undefined) {
      expectStorable(made.outputs, appliance.url);
      expect(made.outputs["key"]).toBe(key);
      expect(JSON.stringify(made).length).toBeLessThan(100_000);
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
    ["half a character", { status: 200, body: '{"result":"failure","message":"\\ud800"}' }],
    ["no UTF-8", { status: 200, body: Buffer.from([0xff, 0xfe, 0x7b]) }],
  ])("may answer with %s", async (_, speech) => {
    appliance.respond = () => speech;
    const { inputs } = await driver.check({}, { sessionId, duration: "PT8H" });
    await civil(driver.create(inputs));
    await civil(driver.read(id, { sessionId, key: scriptedKey, fingerprint: "0123456789abcdef" }));
    expect(({} as Values)["polluted"]).toBeUndefined();
    expect(new Set(appliance.requests.map(({ path: asked }) => asked))).toEqual(new Set([path]));
  });
});
