// `adopt` on the real engine: what a preview shows, what `up` takes over or refuses, and how to get a new share.
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
  const newPosts = () =>
    suite()
      .newRequests()
      .filter((call) => call.startsWith("POST"));
  const urn = async () => (await suite().recordedShare()).urn;

  beforeAll(() => {
    const { emulator, sessionId } = suite();
    const [validSince, validTo] = [Date.parse(window.validSince), Date.parse(window.validTo)];
    fingerprint = fingerprintOf(emulator.addShare(sessionId, { validSince, validTo }).key);
  });

  test("a preview sends no request and does not know whether the share matches", async () => {
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
    ["a share that does not exist", () => ({ adopt: "0".repeat(16) }), /the session's list does not show it/],
  ])("%s: `up` is refused, names how to create a new share, and creates none", async (_, more, reason) => {
    declare(more());
    const up = await suite().stack.up();
    expect(up).toMatchObject(failed("fudo[refused]"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringMatching(
        new RegExp(`refused to adopt share [0-9a-f]{16}.*${reason.source}\\. Remove \`adopt\` to create a new share`),
      ),
    ]);
    expect(newPosts()).toEqual([]);
    expect(sharesIn(await suite().stack.export())).toEqual([]);
  });

  test("the option `import` is refused in a preview, in one sentence that names adopt", async () => {
    const { stack, declare: write, sessionId } = suite();
    write(share("vendor", { sessionId, ...window }, { import: `${sessionId}/${fingerprint}` }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringMatching(/^SessionShare vendor: the option `import` does not work .*the input `adopt` instead/),
    ]);
    expect(suite().newRequests()).toEqual([]);
  });

  test("`up` takes over the named share without a POST, and the next `up` changes nothing", async () => {
    declare({ adopt: fingerprint });
    expect(await suite().stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(suite().newRequests()).toEqual(["GET 200"]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("a changed input with `adopt` is refused, and the adopted share is kept", async () => {
    declare({ adopt: fingerprint, readonly: false });
    expect(await suite().stack.up()).toMatchObject(failed("fudo[refused]", "Remove `adopt`"));
    expect(newPosts()).toEqual([]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
  });

  test("--replace takes over the same share again without a POST", async () => {
    declare({ adopt: fingerprint });
    expect(await suite().stack.up(["--replace", await urn()])).toMatchObject(succeeded("+-1 replaced"));
    expect(newPosts()).toEqual([]);
    expect((await suite().recordedShare()).id).toBe(`${suite().sessionId}/${fingerprint}`);
    expect(await suite().stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test("--replace without `adopt` creates a new share", async () => {
    declare({});
    expect(await suite().stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(suite().newRequests()).toEqual([]);
    expect(await suite().stack.up(["--replace", await urn()])).toMatchObject(
      succeeded("+-1 replaced", "is removed from the state but NOT revoked"),
    );
    expect(newPosts()).toEqual(["POST 200"]);
    expect((await suite().recordedShare()).id).not.toContain(fingerprint);
  });
});
