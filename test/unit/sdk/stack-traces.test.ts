// Which stack traces of a program the class of a share leaves without source maps, and that it leaves nothing behind.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

// The compiler's options for the generated SDK differ from those of the tests.
const { SessionShare: PluginShare } = require("../../../sdk/nodejs-plugin/sessionShare") as {
  SessionShare: new (name: string, args: object, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;
};

/** The innermost function of each trace that the program's formatter got. It stands for the one of ts-node. */
const formatted: (string | null | undefined)[] = [];

function format(error: Error, frames: readonly NodeJS.CallSite[]): string {
  formatted.push(frames[0]?.getFunctionName());
  const lines: readonly unknown[] = frames;
  return [`with source maps: ${error.message}`, ...lines].join("\n    at ");
}

const formatter: { prepareStackTrace?: unknown } = Error;
const before = formatter.prepareStackTrace;
let declared: pulumi.CustomResource[] = [];

beforeEach(async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
  formatter.prepareStackTrace = format;
  formatted.length = 0;
});
afterEach(async () => {
  formatter.prepareStackTrace = before;
  await Promise.all(declared.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  declared = [];
});

const args = { sessionId, duration: "PT8H" };

describe.each<[string, (opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource]>([
  ["the class", (opts) => new SessionShare("vendor", args, opts)],
  ["the plugin's class", (opts) => new PluginShare("vendor", args, opts)],
])("%s", (_class, create) => {
  const declare = (opts?: pulumi.CustomResourceOptions) => declared.push(create(opts));

  test("the traces of the SDK's promises get no source maps, and the share's position in the program does", () => {
    declare();
    expect(formatted).toEqual(["callsites"]);
    expect(formatter.prepareStackTrace).toBe(format);
  });

  test("an error of a transformation has its source maps, and the formatter is back", () => {
    let thrown: Error | undefined;
    const transformation = () => {
      throw (thrown = new Error("from the program"));
    };
    expect(() => declare({ transformations: [transformation] })).toThrow("from the program");
    expect(thrown?.stack).toMatch(/^with source maps: from the program\n {4}at .*transformation/);
    expect(formatter.prepareStackTrace).toBe(format);
  });

  test.each([undefined, null])("a program whose formatter is %s gets none", (none) => {
    formatter.prepareStackTrace = none;
    const seen: unknown[] = [];
    declare({ transformations: [() => void seen.push(formatter.prepareStackTrace)] });
    expect([...seen, formatter.prepareStackTrace]).toEqual([none, none]);
  });

  test("a formatter that a transformation installs stays", () => {
    const installed = () => "installed";
    declare({ transformations: [() => void (formatter.prepareStackTrace = installed)] });
    expect(formatter.prepareStackTrace).toBe(installed);
  });
});

test("the traces of another resource are as before", () => {
  declared.push(new SessionShare("vendor", args), new (class extends pulumi.CustomResource {})("a:b:C", "other", {}));
  expect(formatted).toContain("debuggablePromise");
});

test("the SDK's report of promises that never end still has their traces", () => {
  const traces: unknown[] = [];
  const defineProperty = jest.spyOn(Object, "defineProperty").mockImplementation((target, name, descriptor) => {
    if (name === "_debugStackTrace") traces.push(descriptor.value);
    Reflect.defineProperty(target as object, name, descriptor);
    return target;
  });
  declared.push(new SessionShare("vendor", args));
  defineProperty.mockRestore();
  expect(traces.length).toBeGreaterThan(50);
  for (const trace of traces) expect(trace).toMatch(/^Error\n {2}at (?:Object\.)?debuggablePromise \(.*\n {2}at /);
});
