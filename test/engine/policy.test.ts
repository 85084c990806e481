// deletionPolicy: what refuses to leave a live link behind, where it is said, and every way round it.
import { badly, inScene, openWindow, said, share, sharesIn, well } from "../support/engine-share";

const refusal = (what: string) =>
  expect.stringMatching(
    new RegExp(
      `refused to ${what} share [0-9a-f]{16} of session \\d+: its link can be opened until .*Revoke it in the admin panel \\(Management > Sessions.*pulumi refresh.*FUDO_ABANDON_LIVE=true`,
    ),
  );
const knowingly = { env: { FUDO_ABANDON_LIVE: "true" } };
const window = openWindow();

describe("refuseWhileLive", () => {
  const scene = inScene({ emulator: { behaviour: { removedShares: "flagged" } } });
  const declared = (more: object = {}) =>
    share("vendor", { sessionId: scene().sessionId, ...window, deletionPolicy: "refuseWhileLive", ...more });

  beforeAll(async () => {
    const { stack, declare, newCalls } = scene();
    declare(declared());
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
    newCalls();
  });

  test("refuses destroy with one sentence that names the ways out, and keeps the share", async () => {
    const { stack, newCalls, share: recorded } = scene();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(badly("fudo[refused]"));
    expect(said(destroy)).toEqual([refusal("delete")]);
    expect((await recorded()).outputs).toMatchObject({ deletionPolicy: "refuseWhileLive" });
    expect(newCalls()).toEqual([]);
  });

  test("refuses a replacement in the preview and before any POST, also when the program drops the policy with it", async () => {
    const { stack, declare, newCalls } = scene();
    for (const more of [{ readonly: false }, { readonly: false, deletionPolicy: "abandon" }]) {
      declare(declared(more));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(badly("fudo[refused]"));
        expect(said(outcome)).toEqual([refusal("replace")]);
      }
    }
    expect(newCalls()).toEqual([]);
  });

  test("--replace goes round diff: the new share is there, and each up fails at the old one's deletion", async () => {
    const { stack, declare, share: recorded, emulator, newCalls } = scene();
    declare(declared());
    const { urn } = await recorded();
    const replace = await stack.up(["--replace", urn]);
    expect(replace).toMatchObject(badly("fudo[refused]"));
    expect(said(replace)).toEqual([refusal("delete")]);
    expect(newCalls()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const again = await stack.up();
    expect(again).toMatchObject(badly("fudo[refused]"));
    expect(said(again)).toEqual([refusal("delete")]);
    expect(newCalls()).toEqual([]);
    expect(emulator.shares()).toHaveLength(2);
    expect(sharesIn(await stack.export()).map((one) => one.delete === true)).toEqual([false, true]);
  });

  test("lets the old one go when it was revoked and refresh has seen it", async () => {
    const { stack, emulator } = scene();
    emulator.revoke(emulator.shares()[0]!.key);
    expect(await stack.refresh()).toMatchObject(well());
    const up = await stack.up();
    expect(up).toMatchObject(well());
    expect(said(up)).toEqual([]);
    expect(sharesIn(await stack.export())).toHaveLength(1);
  });

  test("lets the old one go knowingly, with FUDO_ABANDON_LIVE=true in one run", async () => {
    const { stack, share: recorded, declare } = scene();
    expect(await stack.up(["--replace", (await recorded()).urn])).toMatchObject(badly("fudo[refused]"));
    const up = await stack.up([], knowingly);
    expect(up).toMatchObject(well());
    expect(said(up)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
    declare(declared({ readonly: false }));
    expect(await stack.up([], knowingly)).toMatchObject(well("+-1 replaced"));
    expect(await stack.up()).toMatchObject(well("2 unchanged"));
  });

  test("lets everything go when it has ended", async () => {
    const { stack, share: recorded, travel, newCalls } = scene();
    expect(await stack.up(["--replace", (await recorded()).urn])).toMatchObject(badly("fudo[refused]"));
    travel(9);
    newCalls();
    const up = await stack.up();
    expect(up).toMatchObject(well());
    expect(said(up)).toEqual([]);
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(well("- 2 deleted"));
    expect(said(destroy)).toEqual([]);
    expect(newCalls()).toEqual([]);
  });
});

describe("an undeclared policy", () => {
  const scene = inScene();

  test("is the provider's setting of each run; abandon says the truth and lets go", async () => {
    const { stack, declare, sessionId } = scene();
    declare(
      share("vendor", { sessionId, ...window }),
      share("other", { sessionId, ...window, deletionPolicy: "abandon" }),
    );
    expect(await stack.up()).toMatchObject(well("+ 3 created"));
    declare(share("vendor", { sessionId, ...window }));
    const strict = { env: { FUDO_DELETION_POLICY: "refuseWhileLive" } };
    const up = await stack.up([], strict);
    expect(up).toMatchObject(well("- 1 deleted"));
    expect(said(up)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
    expect(said(await stack.destroy([], strict))).toEqual([refusal("delete")]);
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(well("- 2 deleted"));
    expect(said(destroy)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
  });
});
