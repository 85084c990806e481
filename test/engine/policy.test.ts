// deletionPolicy on the real engine: which operations it refuses while a link is live, and each way out.
import { failed, engineSuite, openWindow, diagnosticsOf, share, sharesIn, succeeded } from "../support/engine-share";

const refusal = (what: string) =>
  expect.stringMatching(
    new RegExp(
      `refused to ${what} share [0-9a-f]{16} of session \\d+: deletionPolicy is refuseWhileLive, and the link works until .*Revoke it in the admin panel \\(Management > Sessions.*pulumi refresh.*FUDO_ABANDON_LIVE=true`,
    ),
  );
const abandonLive = { env: { FUDO_ABANDON_LIVE: "true" } };
const window = openWindow();

describe("refuseWhileLive", () => {
  const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
  const declaration = (more: object = {}) =>
    share("vendor", { sessionId: suite().sessionId, ...window, deletionPolicy: "refuseWhileLive", ...more });

  beforeAll(async () => {
    const { stack, declare, newRequests } = suite();
    declare(declaration());
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    newRequests();
  });

  test("refuses destroy with one message that names the ways out, and keeps the share", async () => {
    const { stack, newRequests, recordedShare: recorded } = suite();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(destroy)).toEqual([refusal("delete")]);
    expect((await recorded()).outputs).toMatchObject({ deletionPolicy: "refuseWhileLive" });
    expect(newRequests()).toEqual([]);
  });

  test("refuses a replacement in the preview and before any POST, even if the program removes the policy at the same time", async () => {
    const { stack, declare, newRequests } = suite();
    for (const more of [{ readonly: false }, { readonly: false, deletionPolicy: "abandon" }]) {
      declare(declaration(more));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(failed("fudo[refused]"));
        expect(diagnosticsOf(outcome)).toEqual([refusal("replace")]);
      }
    }
    expect(newRequests()).toEqual([]);
  });

  test("--replace bypasses diff: the new share is created, and each `up` fails at the deletion of the old one", async () => {
    const { stack, declare, recordedShare: recorded, emulator, newRequests } = suite();
    declare(declaration());
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

  test("allows the deletion after a revocation that refresh has recorded", async () => {
    const { stack, emulator } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    expect(await stack.refresh()).toMatchObject(succeeded());
    const up = await stack.up();
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([]);
    expect(sharesIn(await stack.export())).toHaveLength(1);
  });

  test("allows the deletion in one run with FUDO_ABANDON_LIVE=true", async () => {
    const { stack, recordedShare: recorded, declare } = suite();
    expect(await stack.up(["--replace", (await recorded()).urn])).toMatchObject(failed("fudo[refused]"));
    const up = await stack.up([], abandonLive);
    expect(up).toMatchObject(succeeded());
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
    declare(declaration({ readonly: false }));
    expect(await stack.up([], abandonLive)).toMatchObject(succeeded("+-1 replaced"));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
  });

  test("allows every deletion after the share has expired", async () => {
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

describe("a share without a deletionPolicy", () => {
  const suite = engineSuite();

  test("uses the provider's setting of each run; abandon warns and removes the share from the state", async () => {
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
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
    expect(diagnosticsOf(await stack.destroy([], strict))).toEqual([refusal("delete")]);
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 2 deleted"));
    expect(diagnosticsOf(destroy)).toEqual([expect.stringContaining("is removed from the state but NOT revoked")]);
  });
});
