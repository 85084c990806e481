// Temporal is the one of Node.js, else a library that `require` loads everywhere. A library that cannot be loaded is an error
// that says so, never a wrong value.
import { execFileSync } from "node:child_process";
import { isFudoError } from "../../../provider/client/errors";
import type * as Sessions from "../../../provider/lifecycle/functions/session-shares";
import type * as Durations from "../../../provider/time/durations";
import type * as Instants from "../../../provider/time/instants";

interface Modules {
  readonly durations: typeof Durations;
  readonly instants: typeof Instants;
  readonly functions: typeof Sessions;
}

const since = "2025-05-14 05:11:00-07";
const native = (globalThis as { Temporal?: unknown }).Temporal;

/** Calls with modules that have not looked for Temporal yet. */
function withFreshModules<T>(call: (modules: Modules) => T): T {
  let result: T | undefined;
  jest.isolateModules(() => {
    result = call({
      durations: require("../../../provider/time/durations") as typeof Durations,
      instants: require("../../../provider/time/instants") as typeof Instants,
      functions: require("../../../provider/lifecycle/functions/session-shares") as typeof Sessions,
    });
  });
  return result as T;
}

function setNative(value: unknown): void {
  Object.defineProperty(globalThis, "Temporal", { value, configurable: true, writable: true });
}

afterEach(() => {
  jest.dontMock("@js-temporal/polyfill");
  setNative(native);
});

describe("the library cannot be loaded: an error says so", () => {
  test.each<[string, (modules: Modules) => unknown]>([
    ["a duration", ({ durations }) => durations.parseDuration("PT4H")],
    ["an instant of an input", ({ instants }) => instants.parseInputInstant("2026-12-01T08:00:00Z")],
    ["an instant of the appliance", ({ instants }) => instants.parseInstant(since)],
    ["an instant that may not exist", ({ instants }) => instants.isInstant("2025-02-30 05:11:00-07")],
    ["an instant outside the years", ({ instants }) => instants.isOutsideYears("10000-01-01 00:00:00+00")],
    ["a share's window", ({ functions }) => functions.summarizeShares([{ removed: false, validSince: since }], 0)],
    ["a share's creation", ({ functions }) => functions.summarizeShares([{ removed: false, createdAt: since }], 0)],
  ])("%s, at the first call and at the next", (_what, call) => {
    setNative(undefined);
    jest.doMock("@js-temporal/polyfill", () => {
      throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
    });
    const errors = withFreshModules((modules) => [errorOf(() => call(modules)), errorOf(() => call(modules))]);
    const advice = "Install the dependencies of pulumi-fudo again";
    for (const error of errors) {
      expect(isFudoError(error)).toBe(true);
      expect(error).toMatchObject({
        code: "config",
        executed: "no",
        message: `the library @js-temporal/polyfill could not be loaded (MODULE_NOT_FOUND). ${advice}`,
      });
    }
  });
});

describe("Temporal of Node.js", () => {
  const mustNotLoad = () =>
    jest.doMock("@js-temporal/polyfill", () => {
      throw new Error("the library was loaded");
    });

  test("is used if it exists, and the library is not loaded", () => {
    mustNotLoad();
    const [Duration, PlainDateTime] = [{ from: () => ({}) }, { from: () => ({}) }];
    setNative({ Instant: { from: () => ({ epochMilliseconds: 42 }) }, Duration, PlainDateTime });
    expect(withFreshModules(({ instants }) => instants.parseInputInstant("2026-12-01T08:00:00Z"))).toEqual({ ms: 42 });
  });

  test.each<[string, unknown]>([
    ["does not exist", undefined],
    ["is an empty object", {}],
    ["has no Duration", { Instant: { from: () => ({ epochMilliseconds: 42 }) } }],
    ["has no PlainDateTime", { Instant: { from: () => ({ epochMilliseconds: 42 }) }, Duration: { from: () => ({}) } }],
  ])("%s: the library is used", (_what, value) => {
    setNative(value);
    withFreshModules(({ durations, instants }) => {
      expect(durations.parseDuration("PT4H")).toEqual({ ms: 4 * 3_600_000 });
      expect(instants.parseInputInstant("2026-12-01T08:00:00Z")).toEqual({ ms: Date.UTC(2026, 11, 1, 8) });
    });
  });
});

test.each([["--no-experimental-require-module"], ["--no-warnings"]])("Node.js with %s loads the library", (option) => {
  const program = `console.log(require("./provider/time/durations.ts").parseDuration("PT4H"))`;
  const args = [option, "-r", "ts-node/register/transpile-only", "-e", program];
  const printed = execFileSync("node", args, {
    encoding: "utf8",
    env: { ...process.env, TS_NODE_PROJECT: "tsconfig.json" },
  });
  expect(printed).toBe("{ ms: 14400000 }\n");
});

function errorOf(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
