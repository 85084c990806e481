// The error that the engine prints: for which failures it says what plain `refresh` and `destroy` use.
import { toEngineError } from "../../../provider/adapter/engine-error";
import { FudoError } from "../../../provider/client";
import { readSettings, requireSettings } from "../../../provider/lifecycle";
import { systemClock } from "../../../provider/time/clock";

const rule = (what: string) =>
  `plain \`refresh\` and \`destroy\` use the ${what} that the last \`up\` stored. Run \`pulumi up\` first, or add --run-program.`;

function settingsError(config: Record<string, string>): unknown {
  const source = { process: "provider", config: (name: string) => config[name], environment: () => undefined } as const;
  try {
    return requireSettings(readSettings(source), systemClock);
  } catch (error) {
    return error;
  }
}

const text = (error: unknown, isKeyInConfig = false) => toEngineError(error, isKeyInConfig).stack;

test.each<[string, Record<string, string>]>([
  ["no setting", {}],
  ["no key", { "fudo:url": "https://fudo.example" }],
  ["no URL", { "fudo:apiKey": "key" }],
  ["no key and a malformed URL", { "fudo:url": "fudo" }],
])("%s: the command alone does not help a plain refresh, and the error says so once", (_, config) => {
  const message = text(settingsError(config));
  expect(message).toMatch(/ is not set in .*the provider's process\. Run `pulumi config set /);
  expect(message?.split(". After `pulumi config set`: ")).toEqual([expect.any(String), rule("configuration")]);
});

test("a malformed setting is an error without that sentence", () => {
  const message = text(settingsError({ "fudo:url": "fudo", "fudo:apiKey": "key" }));
  expect(message).toMatch(/^fudo:url \(or FUDO_URL\) must be /);
  expect(message).not.toContain("the last `up` stored");
});

test("a 401 has it for a key of the stack's configuration only", () => {
  const rejected = new FudoError("unauthorized", "The appliance rejected the API key", { status: 401 });
  expect(text(rejected, true)).toBe(`${rejected.message}. After a key rotation: ${rule("key")}`);
  expect(text(rejected)).toBe(rejected.message);
});
