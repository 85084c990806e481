// What replaces a share on the real engine and what does not, with each resource option that affects it.
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
  const postCount = () => suite().emulator.requests.filter(({ method }) => method === "POST").length;

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
  ])("%s: creates one share and leaves nothing of the old one in the state", async (name, change) => {
    const { stack, declare, sessionId, recordedShare: recorded } = suite();
    const before = postCount();
    const inputs = { sessionId, ...window, readonly: false, ...change() };
    declare(share("vendor", inputs));
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced", `[diff: ~${name}`));
    expect(postCount() - before).toBe(1);
    expect((await recorded()).outputs).toMatchObject(inputs);
    expect(sharesIn(await stack.export())).toHaveLength(1);
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced"));
  });

  test("--replace creates a new share without a changed input", async () => {
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
  const shareCount = () => suite().emulator.shares().length;

  test("aliases keep the share under another name", async () => {
    const { stack, declare, recordedShare: recorded } = suite();
    declare(share("before", inputs()));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const { id } = await recorded("before");
    declare(share("vendor", inputs(), { aliases: [{ name: "before" }] }));
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect((await recorded()).id).toBe(id);
    expect(shareCount()).toBe(1);
  });

  test("ignoreChanges keeps the first value of each immutable input", async () => {
    const { stack, declare } = suite();
    const changed = { sessionId: "7", validSince: inHours(1), validTo: inHours(2), readonly: false };
    declare(share("vendor", changed, { ignoreChanges: Object.keys(changed) }));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(shareCount()).toBe(1);
  });

  test("replaceOnChanges does not replace a share for a changed label", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", { ...inputs(), labels: { ticket: "OPS-1" } }, { replaceOnChanges: ["labels"] }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(shareCount()).toBe(1);
  });

  test("protect refuses a replacement before a share is created", async () => {
    const { stack, declare, recordedShare: recorded } = suite();
    declare(share("vendor", inputs(), { protect: true }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    declare(share("vendor", { ...inputs(), readonly: false }, { protect: true }));
    expect(await stack.up()).toMatchObject(failed("marked for protection"));
    expect(shareCount()).toBe(1);
    expect((await recorded()).outputs).toMatchObject({ readonly: true });
  });

  test("deleteBeforeReplace removes the old share from the state first and creates one share", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", { ...inputs(), readonly: false }, { deleteBeforeReplace: true }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+-1 replaced"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("will be replaced by a new share")]);
    expect(shareCount()).toBe(2);
  });

  test("retainOnDelete with refuseWhileLive fails before any request", async () => {
    const { stack, declare, newRequests } = suite();
    newRequests();
    declare(
      share("vendor", { ...inputs(), readonly: false, deletionPolicy: "refuseWhileLive" }, { retainOnDelete: true }),
    );
    const up = await stack.up();
    expect(up).toMatchObject(failed());
    expect(diagnosticsOf(up)).toEqual([
      expect.stringContaining("retainOnDelete and deletionPolicy refuseWhileLive contradict each other"),
    ]);
    expect(newRequests()).toEqual([]);
  });

  test("retainOnDelete removes the share from the state without a warning", async () => {
    const { stack, declare } = suite();
    declare(share("vendor", { ...inputs(), readonly: false, deletionPolicy: "abandon" }, { retainOnDelete: true }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    declare();
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("retain"));
    expect(diagnosticsOf(up)).toEqual([]);
    expect((await stack.export()).resources.filter(({ type }) => type === shareType)).toEqual([]);
  });
});
