// The plugin in YAML programs, on the real engine: examples/yaml, and a stack with two appliances.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failed } from "../support/engine-share";
import { describeAppliances } from "../support/plugin-appliances";
import { languageSuite } from "../support/plugin-language";
import { configureExample, describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("yaml"));
describe("two appliances", () => describeAppliances("yaml"));

describe("a session ID in the stack's configuration", () => {
  const suite = languageSuite("yaml");

  // Engine: the YAML host makes a number of each configured value that looks like one, whatever type the program declares.
  test("is rejected, because it has lost its last digits", async () => {
    const { stack, emulator, sessionId } = suite();
    await configureExample(suite());
    const file = join(stack.folder, "project", "Pulumi.yaml");
    const program = readFileSync(file, "utf8")
      .replace(`"${sessionId}"`, "${acmeSession}")
      .replace("config:\n", "config:\n  acmeSession: { type: string }\n");
    writeFileSync(file, program);
    expect(await stack.preview()).toMatchObject(failed("sessionId: must be text in quotes", "acme"));
    expect(emulator.requests).toEqual([]);
  });
});
