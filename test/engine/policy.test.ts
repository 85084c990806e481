// deletionPolicy: what refuses to leave a live link behind, where it is said, and every way round it.
import { failed, engineSuite, openWindow, diagnosticsOf, share, sharesIn, succeeded } from "../support/engine-share";

const refusal = (what: string) =>
  expect.stringMatching(
    new RegExp(
      `refused to ${what} share [0-9a-f]{16} of session \\d+: its link can be opened until .*Revoke it in the admin panel \\(Management > Sessions.*pulumi refresh.*FUDO_ABANDON_LIVE=true`,
    ),
  );
const knowingly = { env: { FUDO_ABANDON_LIVE: "true" } };
const window = openWindow();

describe("refuseWhileLive", () => {
  const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
  const declared = (more: object = {}) =>
    share("vendor", { sessionId: suite().sessionId, ...window, deletionPolicy: "refuseWhileLive", ...more });

  beforeAll(async () => {
    const { stack, declare, newRequests } = suite();
    declare(declared());
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    newRequests();
  });

  test("refuses destroy with one sentence that names the ways out, and keeps the share", async () => {
    const { stack, newRequests, recordedShare: recorded } = suite();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(destroy)).toEqual([refusal("delete")]);
    expect((await recorded()).outputs).toMatchObject({ deletionPolicy: "refuseWhileLive" });
    expect(newRequests()).toEqual([]);
  });

  test("refuses a replacement in the preview and before any POST, also when the program drops the policy with it", async () => {
    const { stack, declare, newRequests } = suite();
    for (const more of [{ readonly: false }, { readonly: false, deletionPolicy: "abandon" }]) {
      declare(declared(more));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(failed("fudo[refused]"));
        expect(diagnosticsOf(outcome)).toEqual([refusal("replace")]);
      }
    }
    expect(newRequests()).toEqual([]);
  });

  test("--replace goes round diff: the new share is there, and each up fails at the old one's deletion", async () => {
    const { stack, declare, recordedShare: recorded, emulator, newRequests } = suite();
    declare(declared());
    const { urn } = await recorded();
    const replace = await stack.up(["--replace", urn]);
    expect(replace).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(replace)).toEqual([refusal("delete")]);
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    const again = await stack.up();
    expect(again).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(again)).toEqual([refusal("delete")]);
    expect(newRequests()).toEqual([]);
    expect(emulator.shares()).toHaveLength(2);
    expect(sharesIn(await stack.export()).map((one) => one.delete === true)).toEqual([false, true]);
  });

  test("lets the old one go when it was revoked and refresh has seen it", async () => {
    const { stack, emulator } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    expect(await stack.refresh()).toMatchObject(succeeded());
    const up = await stack.up();
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([]);
    expect(sharesIn(await stack.export())).toHaveLength(1);
  });

  test("lets the old one go knowingly, with FUDO_ABANDON_LIVE=true in one run", async () => {
    const { stack, recordedShare: recorded, declare } = suite();
    expect(await stack.up(["--replace", (await recorded()).urn])).toMatchObject(failed("fudo[refused]"));
    const up = await stack.up([], knowingly);
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
    declare(declared({ readonly: false }));
    expect(await stack.up([], knowingly)).toMatchObject(succeeded("+-1 replaced"));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
  });

  test("lets everything go when it has ended", async () => {
    const { stack, recordedShare: recorded, advanceClocks, newRequests } = suite();
    expect(await stack.up(["--replace", (await recorded()).urn])).toMatchObject(failed("fudo[refused]"));
    advanceClocks(9);
    newRequests();
    const up = await stack.up();
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([]);
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 2 deleted"));
    expect(diagnosticsOf(destroy)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

describe("an undeclared policy", () => {
  const suite = engineSuite();

  test("is the provider's setting of each run; abandon says the truth and lets go", async () => {
    const { stack, declare, sessionId } = suite();
    declare(
      share("vendor", { sessionId, ...window }),
      share("other", { sessionId, ...window, deletionPolicy: "abandon" }),
    );
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    declare(share("vendor", { sessionId, ...window }));
    const strict = { env: { FUDO_DELETION_POLICY: "refuseWhileLive" } };
    const up = await stack.up([], strict);
    expect(up).toMatchObject(succeeded("- 1 deleted"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
    expect(diagnosticsOf(await stack.destroy([], strict))).toEqual([refusal("delete")]);
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 2 deleted"));
    expect(diagnosticsOf(destroy)).toEqual([expect.stringContaining("is forgotten, not revoked")]);
  });
});
