// `adopt` with the real engine: what preview can know of it, what `up` takes over or refuses, and the ways round it.
import {
  failed,
  fingerprintOf,
  inHours,
  engineSuite,
  diagnosticsOf,
  share,
  sharesIn,
  succeeded,
} from "../support/engine-share";

describe("adopt", () => {
  const suite = engineSuite();
  let fingerprint: string;
  const window = { validSince: inHours(-1), validTo: inHours(8) };
  const declare = (more: object) =>
    suite().declare(share("vendor", { sessionId: suite().sessionId, ...window, ...more }));
  const posts = () =>
    suite()
      .newRequests()
      .filter((call) => call.startsWith("POST"));
  const urn = async () => (await suite().recordedShare()).urn;

  beforeAll(() => {
    const { emulator, sessionId } = suite();
    const [validSince, validTo] = [Date.parse(window.validSince), Date.parse(window.validTo)];
    fingerprint = fingerprintOf(emulator.addShare(sessionId, { validSince, validTo }).key);
  });

  test("a preview calls nobody, so it cannot tell whether the share fits", async () => {
    declare({ adopt: fingerprint, readonly: false });
    expect(await suite().stack.preview()).toMatchObject(succeeded("+ 2 to create"));
    expect(suite().newRequests()).toEqual([]);
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
    const up = await suite().stack.up();
    expect(up).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringMatching(
        new RegExp(`refused to adopt share [0-9a-f]{16}.*${why.source}\\. Remove \`adopt\` to make a new one`),
      ),
    ]);
    expect(posts()).toEqual([]);
    expect(sharesIn(await suite().stack.export())).toEqual([]);
  });

  test("the named share is taken over without a POST, and the next run changes nothing", async () => {
    declare({ adopt: fingerprint });
    expect(await suite().stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("a changed input would replace it, and `adopt` keeps a new one from being made: refused, the old one kept", async () => {
    declare({ adopt: fingerprint, readonly: false });
    expect(await suite().stack.up()).toMatchObject(failed("fudo[refused]", "Remove `adopt`"));
    expect(posts()).toEqual([]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
  });

  test("--replace takes over the same share again: no POST, and it stays this stack's", async () => {
    declare({ adopt: fingerprint });
    expect(await suite().stack.up(["--replace", await urn()])).toMatchObject(succeeded("+-1 replaced"));
    expect(posts()).toEqual([]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("without `adopt`, --replace makes a new one", async () => {
    declare({});
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.up(["--replace", await urn()])).toMatchObject(
      succeeded("+-1 replaced", "is forgotten, not revoked"),
    );
    expect(posts()).toEqual(["POST 200"]);
    expect((await suite().recordedShare()).id).not.toContain(fingerprint);
  });
});
