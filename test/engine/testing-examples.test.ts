// The projects in examples/testing with the real engine: the tests with the Automation API pass, and each project is one that
// `pulumi` runs.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { testingExample, type TestingExample } from "../support/testing-example";

describe("the project automation", () => {
  let project: TestingExample;
  beforeAll(() => (project = testingExample("automation")), 300_000);
  afterAll(() => project.remove());

  test("passes its tests with the packed package", async () => {
    const passed = expect.stringMatching(/pass 5\n.*fail 0\n/);
    expect(await project.run("npm", ["test"])).toEqual({ code: 0, output: passed });
  }, 300_000);

  test("passes the TypeScript compiler", async () => {
    expect(await project.run("npx", ["tsc", "--noEmit"])).toEqual({ code: 0, output: "" });
  });
});

describe.each(["jest", "vitest", "node-test"])("the project %s", (name) => {
  let appliance: Emulator;
  let project: TestingExample;
  beforeAll(async () => {
    appliance = await startEmulator();
    project = testingExample(name);
  }, 300_000);
  afterAll(async () => {
    project.remove();
    await appliance.close();
  });

  test("has a stack that `pulumi` runs: the preview shows one share", async () => {
    const settings = { FUDO_URL: appliance.url, FUDO_API_KEY: appliance.apiKey };
    const pulumi = (...args: string[]) => project.run("pulumi", [...args, "--non-interactive"], settings);
    expect(await pulumi("stack", "init", "test")).toMatchObject({ code: 0 });
    expect(await pulumi("config", "set", "sessionId", appliance.sessions[0]!)).toMatchObject({ code: 0 });
    expect(await pulumi("config", "set", "ticket", "CHG-1042")).toMatchObject({ code: 0 });
    const shown = expect.stringMatching(/fudo:SessionShare +vendor-support +create/);
    expect(await pulumi("preview")).toEqual({ code: 0, output: shown });
  });
});
