// Looking without granting: SessionShare.get, the functions, and what import does and does not.
import { badly, fingerprintOf, hour, inScene, said, share, sharesIn, well } from "../support/engine-share";

const got = (id: string) =>
  `const got = fudo.SessionShare.get("got", ${JSON.stringify(id)});\nexports.got = { url: got.url, validTo: got.validTo, readonly: got.readonly };`;

describe("SessionShare.get", () => {
  const secretLink = "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
  const scene = inScene();

  test("finds a share that somebody else made, live or ended, and never owns it", async () => {
    const { stack, emulator, declare, sessionId, newCalls, share: recorded } = scene();
    const made = emulator.addShare(sessionId, {
      validSince: Date.now() - 9 * hour,
      validTo: Date.now() - hour,
      readonly: false,
    });
    declare(got(`${sessionId}/${fingerprintOf(made.key)}`));
    expect(await stack.preview()).toMatchObject(well("+ 1 to create"));
    expect(await stack.up()).toMatchObject(well("+ 1 created"));
    expect(newCalls()).toEqual(["GET 200", "GET 200"]);
    expect(await stack.outputs(true)).toEqual({
      got: { url: emulator.url + made.link, validTo: made.validTo, readonly: false },
    });
    expect(await stack.outputs()).toMatchObject({ got: { url: "[secret]" } });
    expect(await recorded("got")).toMatchObject({ external: true });
    expect(await stack.refresh()).toMatchObject(well("2 unchanged"));
  });

  test("of a share that is not there is an error, in the preview too, and records nothing", async () => {
    const { stack, declare, sessionId } = scene();
    for (const id of [`${sessionId}/${"0".repeat(16)}`, `7/${"0".repeat(16)}`]) {
      declare(got(id));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(badly("fudo[not-found]"));
        expect(said(outcome)).toEqual([
          expect.stringContaining(`share ${"0".repeat(16)} of session ${id.split("/")[0]}:`),
        ]);
      }
    }
    expect(sharesIn(await stack.export()).filter(({ id }) => id?.endsWith("0".repeat(16)))).toEqual([]);
  });

  test("with a malformed ID fails before any call, with the shape that is expected and without the value", async () => {
    const { stack, declare, newCalls } = scene();
    newCalls();
    declare(got(secretLink));
    const preview = await stack.preview();
    expect(preview).toMatchObject(badly("fudo[rejected]"));
    expect(said(preview)).toEqual([expect.stringContaining("a SessionShare's ID must be <sessionId>/<fingerprint>")]);
    expect(stack.findings([secretLink.slice(-40)])).toEqual([expect.stringMatching(/^project\/index.js: /)]);
    expect(newCalls()).toEqual([]);
  });

  test("is forgotten by destroy without a word, because it was never ours", async () => {
    const { stack, newCalls } = scene();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(well("deleted"));
    expect(said(destroy)).toEqual([]);
    expect(newCalls()).toEqual([]);
  });
});

describe("functions", () => {
  const scene = inScene();

  test("tell a program which shares a session has, without keys, and what the appliance says of shares", async () => {
    const { stack, emulator, declare, sessionId, newCalls } = scene();
    const made = emulator.addShare(sessionId, { readonly: false });
    emulator.addShare(sessionId, { validSince: Date.now() + hour });
    declare(
      `exports.shares = fudo.getSessionShares({ sessionId: "${sessionId}" }).then(({ shares }) => shares);`,
      `exports.later = fudo.getSessionSharesOutput({ sessionId: pulumi.output("${sessionId}") }).shares.length;`,
      `exports.attributes = fudo.getShareSpecOutput().apply((spec) => JSON.stringify(spec).includes("valid_since"));`,
    );
    expect(await stack.up()).toMatchObject(well());
    expect(newCalls()).toEqual(["GET 200", "GET 200", "GET 200"]);
    expect(await stack.outputs()).toEqual({
      shares: [
        expect.objectContaining({
          fingerprint: fingerprintOf(made.key),
          status: "active",
          readonly: false,
          validTo: made.validTo,
        }),
        expect.objectContaining({ status: "scheduled", readonly: true }),
      ],
      later: 2,
      attributes: true,
    });
  });

  test.each([
    ["a malformed ID", `"7/../8"`, "sessionId must be the session's decimal ID as text"],
    ["a session that is not there", `"77"`, "404 Not Found"],
  ])("%s ends the program with one sentence", async (_, id, text) => {
    const { stack, declare } = scene();
    declare(`exports.shares = fudo.getSessionSharesOutput({ sessionId: ${id} });`);
    const up = await stack.up();
    expect(up).toMatchObject(badly());
    // Engine: Node may remark that the SDK looks at the program's earliest promises only after they have failed.
    const sentences = said(up).filter((line) => !/PromiseRejectionHandledWarning|--trace-warnings/.test(line));
    expect(sentences).toEqual([expect.stringContaining(text)]);
  });
});

// Engine: a dynamic provider is not in the engine's hands before a resource carries its text, so import has nothing to
// call, and the SDK says so in its own words, stack trace and all. `adopt` is the way to own a share that exists.
describe("import", () => {
  const scene = inScene({ mayShowStackTraces: true });

  test("does not work for dynamic resources: it fails, grants nothing and records nothing", async () => {
    const { stack, emulator, declare, sessionId, newCalls } = scene();
    const made = emulator.addShare(sessionId);
    const id = `${sessionId}/${fingerprintOf(made.key)}`;
    const command = ["import", "pulumi-nodejs:dynamic/fudo:SessionShare", "vendor", id, "--yes", "--skip-preview"];
    expect(await stack.pulumi(command)).toMatchObject(badly("code must be a string, not undefined"));
    declare(share("vendor", { sessionId, duration: "PT8H" }, { import: id }));
    expect(await stack.up()).toMatchObject(badly("code must be a string, not undefined"));
    expect(sharesIn(await stack.export())).toEqual([]);
    expect(newCalls()).toEqual([]);
    declare(share("vendor", { sessionId, duration: "PT8H", adopt: fingerprintOf(made.key) }));
    expect(await stack.up()).toMatchObject(well("+ 1 created"));
    expect(emulator.shares()).toHaveLength(1);
    expect(sharesIn(await stack.export())).toMatchObject([{ id }]);
  });
});
