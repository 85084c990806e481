// Several real engines create shares on one session at the same time.
import { startEngineSuite, share, sharesIn, shareType, succeeded, type EngineSuite } from "../support/engine-share";
import { newStack, type Stack } from "../support/engine";

describe("three stacks that run `up` at the same time on one session", () => {
  let suite: EngineSuite;
  let stacks: readonly Stack[];

  beforeAll(async () => {
    suite = await startEngineSuite();
    const { emulator, stack } = suite;
    const another = () =>
      newStack({
        program: "",
        config: { "fudo:url": emulator.url },
        secretConfig: { "fudo:apiKey": emulator.apiKey },
        canaries: () => emulator.shares().map(({ key }) => key),
      });
    stacks = [stack, await another(), await another()];
  });
  afterAll(() => suite.emulator.close());

  test("manage one share each, whatever the order of the appliance's responses", async () => {
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
