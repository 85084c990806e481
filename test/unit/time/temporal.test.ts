// A library that cannot be loaded is an error that says so, never a mistake in the text of an input.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isFudoError } from "../../../provider/client/errors";
import type * as Durations from "../../../provider/time/durations";
import type * as Instants from "../../../provider/time/instants";

const calls: [string, (durations: typeof Durations, instants: typeof Instants) => unknown][] = [
  ["a duration", ({ parseDuration }) => parseDuration("PT4H")],
  ["an instant of an input", (_, { parseInputInstant }) => parseInputInstant("2026-12-01T08:00:00Z")],
  ["an instant of the appliance", (_, { parseInstant }) => parseInstant("2025-05-14 05:11:00-07")],
  ["an instant that may not exist", (_, { isInstant }) => isInstant("2025-02-30 05:11:00-07")],
  ["an instant outside the years", (_, { isOutsideYears }) => isOutsideYears("10000-01-01 00:00:00+00")],
];

describe.each<[string, string]>([
  ["ERR_REQUIRE_ESM", "Remove --no-experimental-require-module from NODE_OPTIONS"],
  ["MODULE_NOT_FOUND", "Install the dependencies of pulumi-fudo again"],
])("temporal-polyfill fails with %s", (code, advice) => {
  test.each(calls)("%s", (_what, call) => {
    jest.isolateModules(() => {
      jest.doMock("temporal-polyfill", () => {
        throw Object.assign(new Error("require() of ES Module"), { code });
      });
      const durations = require("../../../provider/time/durations") as typeof Durations;
      const instants = require("../../../provider/time/instants") as typeof Instants;
      let thrown: unknown;
      try {
        call(durations, instants);
      } catch (error) {
        thrown = error;
      }
      expect(isFudoError(thrown)).toBe(true);
      expect(thrown).toMatchObject({
        code: "config",
        executed: "no",
        message: `the library temporal-polyfill could not be loaded (${code}). ${advice}`,
      });
      jest.dontMock("temporal-polyfill");
    });
  });
});

test("Node.js with --no-experimental-require-module: the message names the library", () => {
  const source = join(__dirname, "../../../provider/time/durations.ts");
  expect(existsSync(source)).toBe(true);
  const program = `try { console.log(require(${JSON.stringify(source)}).parseDuration("PT4H")) } catch (e) { console.log(e.message) }`;
  const args = ["--no-experimental-require-module", "-r", "ts-node/register/transpile-only", "-e", program];
  const printed = execFileSync("node", args, {
    encoding: "utf8",
    env: { ...process.env, TS_NODE_PROJECT: "tsconfig.json" },
  });
  expect(printed).toContain("temporal-polyfill could not be loaded (ERR_REQUIRE_ESM)");
});
