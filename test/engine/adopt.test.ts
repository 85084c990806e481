// `adopt` with the real engine: what preview can know of it, what `up` takes over or refuses, and the ways round it.
import { badly, fingerprintOf, inHours, inScene, said, share, sharesIn, well } from "../support/engine-share";

describe("adopt", () => {
  const scene = inScene();
  let fingerprint: string;
  const window = { validSince: inHours(-1), validTo: inHours(8) };
  const declare = (more: object) =>
    scene().declare(share("vendor", { sessionId: scene().sessionId, ...window, ...more }));
  const posts = () =>
    scene()
      .newCalls()
      .filter((call) => call.startsWith("POST"));
  const urn = async () => (await scene().share()).urn;

  beforeAll(() => {
    const { emulator, sessionId } = scene();
    const [validSince, validTo] = [Date.parse(window.validSince), Date.parse(window.validTo)];
    fingerprint = fingerprintOf(emulator.addShare(sessionId, { validSince, validTo }).key);
  });

  test("a preview calls nobody, so it cannot tell whether the share fits", async () => {
    declare({ adopt: fingerprint, readonly: false });
    expect(await scene().stack.preview()).toMatchObject(well("+ 2 to create"));
    expect(scene().newCalls()).toEqual([]);
  });

  test.each<[string, () => object, RegExp]>([
    [
      "another mode",
      () => ({ adopt: fingerprint, readonly: false }),
      /it is readonly, the program declares readonly: false/,
    ],
    ["no such share", () => ({ adopt: "0".repeat(16) }), /the session's list does not show it/],
  ])("%s: `up` refuses, says how to make a new one, and grants nothing", async (_, more, why) => {
    declare(more());
    const up = await scene().stack.up();
    expect(up).toMatchObject(badly("fudo[refused]"));
    expect(said(up)).toEqual([
      expect.stringMatching(
        new RegExp(`refused to adopt share [0-9a-f]{16}.*${why.source}\\. Remove \`adopt\` to make a new one`),
      ),
    ]);
    expect(posts()).toEqual([]);
    expect(sharesIn(await scene().stack.export())).toEqual([]);
  });

  test("the named share is taken over without a POST, and the next run changes nothing", async () => {
    declare({ adopt: fingerprint });
    expect(await scene().stack.up()).toMatchObject(well("+ 1 created"));
    expect(scene().newCalls()).toEqual(["GET 200"]);
    expect((await scene().share()).id).toBe(`${scene().sessionId}/${fingerprint}`);
    expect(await scene().stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
  });

  test("a changed input would replace it, and `adopt` keeps a new one from being made: refused, the old one kept", async () => {
    declare({ adopt: fingerprint, readonly: false });
    expect(await scene().stack.up()).toMatchObject(badly("fudo[refused]", "Remove `adopt`"));
    expect(posts()).toEqual([]);
    expect((await scene().share()).id).toBe(`${scene().sessionId}/${fingerprint}`);
  });

  test("--replace takes over the same share again: no POST, and it stays this stack's", async () => {
    declare({ adopt: fingerprint });
    expect(await scene().stack.up(["--replace", await urn()])).toMatchObject(well("+-1 replaced"));
    expect(posts()).toEqual([]);
    expect((await scene().share()).id).toBe(`${scene().sessionId}/${fingerprint}`);
    expect(await scene().stack.up(["--expect-no-changes"])).toMatchObject(well("2 unchanged"));
  });

  test("without `adopt`, --replace makes a new one", async () => {
    declare({});
    expect(await scene().stack.up()).toMatchObject(well("~ 1 updated"));
    expect(scene().newCalls()).toEqual([]);
    expect(await scene().stack.up(["--replace", await urn()])).toMatchObject(
      well("+-1 replaced", "is forgotten, not revoked"),
    );
    expect(posts()).toEqual(["POST 200"]);
    expect((await scene().share()).id).not.toContain(fingerprint);
  });
});
