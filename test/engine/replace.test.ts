// What replaces a share and what does not, with every resource option that has a say in it.
import {
  fingerprintOf,
  inHours,
  engineSuite,
  openWindow,
  diagnosticsOf,
  share,
  shareType,
  sharesIn,
  succeeded,
  failed,
} from "../support/engine-share";

describe("a changed immutable input", () => {
  const suite = engineSuite();
  const window = openWindow();
  const posts = () => suite().emulator.requests.filter(({ method }) => method === "POST").length;

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...window }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test("replaces the share, and the preview says until when the old link works", async () => {
    const { stack, declare, sessionId, emulator, newRequests } = suite();
    newRequests();
    const old = fingerprintOf(emulator.shares()[0]!.key);
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("+-1 to replace"));
    const replaced = expect.stringMatching(
      new RegExp(
        `^fudo: share ${old} of session ${sessionId} will be replaced by a new share, and the old link is NOT revoked.*The old link works until .*Management > Sessions.*The new link works `,
      ),
    );
    expect(diagnosticsOf(preview)).toEqual([replaced]);
    expect(newRequests()).toEqual([]);
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+-1 replaced"));
    // The deletion of the old share does not repeat it.
    expect(diagnosticsOf(up)).toEqual([replaced]);
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    expect(emulator.shares().map(({ readonly }) => readonly)).toEqual([true, false]);
  });

  test.each([
    ["sessionId", () => ({ sessionId: suite().emulator.sessions[1]! })],
    ["validSince", () => ({ validSince: inHours(-0.5) })],
    ["validTo", () => ({ validTo: inHours(7) })],
  ])("%s: one new share, and nothing of the old one in the state", async (name, change) => {
    const { stack, declare, sessionId, recordedShare: recorded } = suite();
    const before = posts();
    const inputs = { sessionId, ...window, readonly: false, ...change() };
    declare(share("vendor", inputs));
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced", `[diff: ~${name}`));
    expect(posts() - before).toBe(1);
    expect((await recorded()).outputs).toMatchObject(inputs);
    expect(sharesIn(await stack.export())).toHaveLength(1);
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced"));
  });

  test("--replace grants anew without a change", async () => {
    const { stack, recordedShare: recorded, newRequests } = suite();
    const { id, urn } = await recorded();
    newRequests();
    expect(await stack.up(["--replace", urn])).toMatchObject(succeeded("+-1 replaced"));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    expect((await recorded()).id).not.toBe(id);
  });
});

describe("resource options", () => {
  const suite = engineSuite();
  const window = openWindow();
  const inputs = () => ({ sessionId: suite().sessionId, ...window });
  const grants = () => suite().emulator.shares().length;

  test("an alias keeps the share under another name", async () => {
    const { stack, declare, recordedShare: recorded } = suite();
    declare(share("before", inputs()));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const { id } = await recorded("before");
    declare(share("vendor", inputs(), { aliases: [{ name: "before" }] }));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect((await recorded()).id).toBe(id);
    expect(grants()).toBe(1);
  });

  test("ignoreChanges keeps what was declared at first, of every immutable input", async () => {
    const { stack, declare } = suite();
    const changed = { sessionId: "7", validSince: inHours(1), validTo: inHours(2), readonly: false };
    declare(share("vendor", changed, { ignoreChanges: Object.keys(changed) }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(grants()).toBe(1);
  });

  test("replaceOnChanges cannot make a share of a label", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", { ...inputs(), labels: { ticket: "OPS-1" } }, { replaceOnChanges: ["labels"] }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(grants()).toBe(1);
  });

  test("protect refuses a replacement before anything is granted", async () => {
    const { stack, declare, recordedShare: recorded } = suite();
    declare(share("vendor", inputs(), { protect: true }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    declare(share("vendor", { ...inputs(), readonly: false }, { protect: true }));
    expect(await stack.up()).toMatchObject(failed("marked for protection"));
    expect(grants()).toBe(1);
    expect((await recorded()).outputs).toMatchObject({ readonly: true });
  });

  test("deleteBeforeReplace takes leave of the old share first, and grants one", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", { ...inputs(), readonly: false }, { deleteBeforeReplace: true }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+-1 replaced"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("will be replaced by a new share")]);
    expect(grants()).toBe(2);
  });

  test("retainOnDelete forgets without a word of ours", async () => {
    const { stack, declare } = suite();
    declare(
      share("vendor", { ...inputs(), readonly: false, deletionPolicy: "refuseWhileLive" }, { retainOnDelete: true }),
    );
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    declare();
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("retain"));
    expect(diagnosticsOf(up)).toEqual([]);
    expect((await stack.export()).resources.filter(({ type }) => type === shareType)).toEqual([]);
  });
});
