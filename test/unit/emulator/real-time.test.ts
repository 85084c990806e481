// Fake timers of test runners: the emulator keeps real time, and a test moves the emulator's time with `clock.skew`.
import { execFileSync } from "node:child_process";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { compiledSuite } from "./compiled";
import { list, share } from "./requests";
import { startTestEmulator } from "./fixture";

const realNow = Date.now;
const dateOf = async (emulator: Emulator) => Date.parse((await list(emulator)).headers.date ?? "");

/** Whether the emulator's clock is the real clock; a Date header has whole seconds. */
const expectRealTime = async (emulator: Emulator) => {
  const before = realNow();
  const shown = await dateOf(emulator);
  expect(shown).toBeGreaterThan(before - 1001);
  expect(shown).toBeLessThan(realNow() + 1);
};

describe("Jest's fake timers", () => {
  afterEach(() => jest.useRealTimers());

  test("an emulator that started under them keeps real time, during and after them", async () => {
    jest.useFakeTimers({ now: Date.parse("1999-12-31T00:00:00Z") });
    const emulator = await startTestEmulator({ clock: undefined } as never);
    await expectRealTime(emulator);
    jest.useRealTimers();
    await expectRealTime(emulator);
  });

  test("an emulator that started before them keeps real time", async () => {
    const emulator = await startTestEmulator({ clock: undefined } as never);
    jest.useFakeTimers({ now: 0 });
    await expectRealTime(emulator);
    expect((await share(emulator)).status).toBe(200);
    expect(emulator.requests.at(-1)?.receivedAt).toBeGreaterThan(Date.parse("2026-01-01"));
  });

  test("latency and slow responses end under them", async () => {
    jest.useFakeTimers();
    const emulator = await startEmulator();
    emulator.latency = 2;
    emulator.fault({ kind: "slow", bytes: 30, every: 1 });
    expect((await list(emulator)).status).toBe(200);
    await emulator.close();
  });
});

test("clock.skew moves the emulator's time, and a share expires", async () => {
  const emulator = await startTestEmulator();
  const { key, link } = emulator.addShare(emulator.sessions[0] ?? "");
  const page = async () => (await fetch(`${emulator.url}${link}`)).status;
  expect([key.length, await page()]).toEqual([64, 200]);
  emulator.clock.skew += 9 * 3_600_000;
  expect(await page()).toBe(403);
});

describe("a process of its own", () => {
  const suite = compiledSuite();

  const fakes = {
    "node:test": `const { mock } = require("node:test");
      const install = () => mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
      const uninstall = () => mock.timers.reset();`,
    // Vitest contains this library.
    "@sinonjs/fake-timers": `const fakeTimers = require(${JSON.stringify(require.resolve("@sinonjs/fake-timers"))});
      let clock;
      const toFake = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate", "Date", "performance"];
      const install = () => (clock = fakeTimers.install({ toFake, now: 0 }));
      const uninstall = () => clock.uninstall();`,
  };

  test.each(Object.entries(fakes))("the fake timers of %s change nothing for the emulator", (_name, script) => {
    const index = JSON.stringify(suite.pathOf("index.js"));
    const output = execFileSync(
      process.execPath,
      [
        "-e",
        `${script}
        const { request } = require("node:http");
        const { startEmulator } = require(${index});
        const dateFrom = (url) => new Promise((resolve, reject) => request(url, { agent: false }, (response) => {
          response.resume().on("end", () => resolve(Date.parse(response.headers.date)));
        }).on("error", reject).end());
        void (async () => {
          install();
          const faked = Date.now();
          const emulator = await startEmulator();
          emulator.latency = 2;
          const during = await dateFrom(emulator.url);
          uninstall();
          const after = await dateFrom(emulator.url);
          await emulator.close();
          console.log(JSON.stringify({ faked, during, after }));
        })();`,
      ],
      { encoding: "utf8", timeout: 20_000 },
    );
    const { faked, during, after } = JSON.parse(output) as Record<string, number>;
    expect(faked).toBeLessThan(Date.parse("1971-01-01"));
    for (const shown of [during, after]) expect(Math.abs((shown ?? 0) - realNow())).toBeLessThan(30_000);
  });
});
