// Several engines at once on one session, and a session ID from the command line of none of them.
import { startEngineSuite, share, sharesIn, shareType, succeeded, type EngineSuite } from "../support/engine-share";
import { newStack, type Stack } from "../support/engine";

describe("three stacks that are brought up at once on one session", () => {
  let suite: EngineSuite;
  let stacks: readonly Stack[];

  beforeAll(async () => {
    suite = await startEngineSuite();
    const { emulator, stack } = suite;
    const more = () =>
      newStack({
        program: "",
        config: { "fudo:url": emulator.url },
        secretConfig: { "fudo:apiKey": emulator.apiKey },
        canaries: () => emulator.shares().map(({ key }) => key),
      });
    stacks = [stack, await more(), await more()];
  });
  afterAll(() => suite.emulator.close());

  test("own one share each, whatever the order of the appliance's answers", async () => {
    const { emulator, sessionId } = suite;
    const gate = emulator.hold({ on: "POST" });
    for (const stack of stacks)
      stack.writeProgram(`const fudo = require("pulumi-fudo");\n${share("vendor", { sessionId, duration: "PT8H" })}`);
    const ups = stacks.map((stack) => stack.up());
    await gate.arrived(3);
    gate.release();
    for (const up of await Promise.all(ups)) expect(up).toMatchObject(succeeded("+ 2 created"));
    const ids = await Promise.all(
      stacks.map(async (stack) => sharesIn(await stack.export()).map(({ id, type }) => `${type} ${id}`)),
    );
    expect(new Set(ids.flat()).size).toBe(3);
    expect(ids.flat().every((id) => id.startsWith(`${shareType} ${sessionId}/`))).toBe(true);
    expect(emulator.shares()).toHaveLength(3);
  });
});
