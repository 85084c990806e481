// What replaces a share and what does not, with every resource option that has a say in it.
import {
  fingerprintOf,
  inHours,
  inScene,
  openWindow,
  said,
  share,
  shareType,
  sharesIn,
  well,
  badly,
} from "../support/engine-share";

describe("a changed immutable input", () => {
  const scene = inScene();
  const window = openWindow();
  const posts = () => scene().emulator.requests.filter(({ method }) => method === "POST").length;

  beforeAll(async () => {
    const { stack, declare, sessionId } = scene();
    declare(share("vendor", { sessionId, ...window }));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
  });

  test("replaces the share, and the preview says until when the old link works", async () => {
    const { stack, declare, sessionId, emulator, newCalls } = scene();
    newCalls();
    const old = fingerprintOf(emulator.shares()[0]!.key);
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(well("+-1 to replace"));
    const replaced = expect.stringMatching(
      new RegExp(
        `^fudo: share ${old} of session ${sessionId} is to be replaced: .* old link can be opened until ${window.validTo} .*Management > Sessions`,
      ),
    );
    expect(said(preview)).toEqual([replaced]);
    expect(newCalls()).toEqual([]);
    const up = await stack.up();
    expect(up).toMatchObject(well("+-1 replaced"));
    expect(said(up)).toEqual([
      replaced,
      expect.stringContaining(`share ${old} of session ${sessionId} is forgotten, not revoked`),
    ]);
    expect(newCalls()).toEqual(["GET 200", "POST 200", "GET 200"]);
    expect(emulator.shares().map(({ readonly }) => readonly)).toEqual([true, false]);
  });

  test.each([
    ["sessionId", () => ({ sessionId: scene().emulator.sessions[1]! })],
    ["validSince", () => ({ validSince: inHours(-0.5) })],
    ["validTo", () => ({ validTo: inHours(7) })],
  ])("%s: one new share, and nothing of the old one in the state", async (name, change) => {
    const { stack, declare, sessionId, share: recorded } = scene();
    const before = posts();
    const inputs = { sessionId, ...window, readonly: false, ...change() };
    declare(share("vendor", inputs));
    expect(await stack.up()).toMatchObject(well("+-1 replaced", `[diff: ~${name}`));
    expect(posts() - before).toBe(1);
    expect((await recorded()).outputs).toMatchObject(inputs);
    expect(sharesIn(await stack.export())).toHaveLength(1);
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    expect(await stack.up()).toMatchObject(well("+-1 replaced"));
  });

  test("--replace grants anew without a change", async () => {
    const { stack, share: recorded, newCalls } = scene();
    const { id, urn } = await recorded();
    newCalls();
    expect(await stack.up(["--replace", urn])).toMatchObject(well("+-1 replaced"));
    expect(newCalls()).toEqual(["GET 200", "POST 200", "GET 200"]);
    expect((await recorded()).id).not.toBe(id);
  });
});

describe("resource options", () => {
  const scene = inScene();
  const window = openWindow();
  const inputs = () => ({ sessionId: scene().sessionId, ...window });
  const grants = () => scene().emulator.shares().length;

  test("an alias keeps the share under another name", async () => {
    const { stack, declare, share: recorded } = scene();
    declare(share("before", inputs()));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
    const { id } = await recorded("before");
    declare(share("vendor", inputs(), { aliases: [{ name: "before" }] }));
    expect(await stack.up()).toMatchObject(well("2 unchanged"));
    expect((await recorded()).id).toBe(id);
    expect(grants()).toBe(1);
  });

  test("ignoreChanges keeps what was declared at first, of every immutable input", async () => {
    const { stack, declare } = scene();
    const changed = { sessionId: "7", validSince: inHours(1), validTo: inHours(2), readonly: false };
    declare(share("vendor", changed, { ignoreChanges: Object.keys(changed) }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
    expect(grants()).toBe(1);
  });

  test("replaceOnChanges cannot make a share of a label", async () => {
    const { stack, declare } = scene();
    declare(share("vendor", { ...inputs(), labels: { ticket: "OPS-1" } }, { replaceOnChanges: ["labels"] }));
    expect(await stack.up()).toMatchObject(well("~ 1 updated"));
    expect(grants()).toBe(1);
  });

  test("protect refuses a replacement before anything is granted", async () => {
    const { stack, declare, share: recorded } = scene();
    declare(share("vendor", inputs(), { protect: true }));
    expect(await stack.up()).toMatchObject(well("~ 1 updated"));
    declare(share("vendor", { ...inputs(), readonly: false }, { protect: true }));
    expect(await stack.up()).toMatchObject(badly("marked for protection"));
    expect(grants()).toBe(1);
    expect((await recorded()).outputs).toMatchObject({ readonly: true });
  });

  test("deleteBeforeReplace takes leave of the old share first, and grants one", async () => {
    const { stack, declare } = scene();
    declare(share("vendor", { ...inputs(), readonly: false }, { deleteBeforeReplace: true }));
    const up = await stack.up();
    expect(up).toMatchObject(well("+-1 replaced"));
    expect(said(up)).toEqual([
      expect.stringContaining("is to be replaced"),
      expect.stringContaining("is forgotten, not revoked"),
    ]);
    expect(grants()).toBe(2);
  });

  test("retainOnDelete forgets without a word of ours", async () => {
    const { stack, declare } = scene();
    declare(
      share("vendor", { ...inputs(), readonly: false, deletionPolicy: "refuseWhileLive" }, { retainOnDelete: true }),
    );
    expect(await stack.up()).toMatchObject(well("~ 1 updated"));
    declare();
    const up = await stack.up();
    expect(up).toMatchObject(well("retain"));
    expect(said(up)).toEqual([]);
    expect((await stack.export()).resources.filter(({ type }) => type === shareType)).toEqual([]);
  });
});
