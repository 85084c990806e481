// What the program's process finds in its configuration: misspelled and unknown settings, and where it looked.
import * as pulumi from "@pulumi/pulumi";
import { getSessions, SessionShare } from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

beforeEach(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "x", state: {} }), call: () => ({}) }));
afterEach(() => jest.restoreAllMocks());

const declare = () => new SessionShare("acme", { sessionId, duration: "PT8H" });
const declared = () => new Promise((resolve) => declare().urn.apply(resolve));

test.each([
  ["fudo:ulr", "fudo:url"],
  ["fudo:URL", "fudo:url"],
  ["fudo:apikey", "fudo:apiKey"],
  ["fudo:max_duration", "fudo:maxDuration"],
  ["fudo:deletePolicy", "fudo:deletionPolicy"],
])("the misspelled setting %s is an error that names %s, without the value", (name, meant) => {
  pulumi.runtime.setAllConfig({ [name]: "a-value" });
  expect(declare).toThrow(
    expect.objectContaining({
      __pulumiRunError: true,
      message: `The configuration has a misspelled setting: ${name} is not a setting. Did you mean ${meant}? Set the right one, and run \`pulumi config rm ${name}\``,
    }),
  );
});

test.each(["fudo:url", "other:ulr", "project:ulr", "fudoo:url"])(
  "the key %s is no misspelled setting",
  async (name) => {
    pulumi.runtime.setAllConfig({ [name]: "https://fudo.example" });
    expect(await declared()).toContain("SessionShare");
  },
);

test("a misspelled setting that a shell would interpret stands in no command", () => {
  pulumi.runtime.setAllConfig({ "fudo:u$(r)l": "x" });
  expect(declare).toThrow(/Did you mean fudo:url\? Set the right one, and remove this one$/);
});

test("a setting that is like no other is named in one warning for each run, but not in a project called fudo", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const stack = jest.spyOn(pulumi.runtime, "getStackResource");
  const project = jest.spyOn(pulumi, "getProject");
  pulumi.runtime.setAllConfig({ "fudo:vendor": "acme", "fudo:ticket": "OPS-1" });
  for (const [name, warnings] of [
    ["project", 1],
    ["fudo", 1],
    ["other", 2],
  ] as const) {
    stack.mockReturnValue({} as pulumi.runtime.Stack);
    project.mockReturnValue(name);
    await declared();
    await declared();
    expect(warn).toHaveBeenCalledTimes(warnings);
  }
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/does not know: fudo:vendor, fudo:ticket$/));
});

test("a missing setting is named with the process that looked and the command that sets it", async () => {
  jest.spyOn(pulumi.runtime, "getMonitor").mockReturnValue(undefined);
  pulumi.runtime.setAllConfig({});
  await expect(getSessions()).rejects.toThrow(
    "fudo:url (or FUDO_URL) is not set in the stack's configuration or in the environment of the program's process. Run `pulumi config set fudo:url https://HOST`; " +
      "fudo:apiKey (or FUDO_API_KEY) is not set in the stack's configuration or in the environment of the program's process. Run `pulumi config set --secret fudo:apiKey`",
  );
});
