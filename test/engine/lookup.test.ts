// Looking without granting: SessionShare.get, the functions, and what import does and does not.
import {
  failed,
  fingerprintOf,
  hour,
  engineSuite,
  diagnosticsOf,
  share,
  sharesIn,
  succeeded,
} from "../support/engine-share";

const got = (id: string) =>
  `const got = fudo.SessionShare.get("got", ${JSON.stringify(id)});\nexports.got = { url: got.url, validTo: got.validTo, readonly: got.readonly };`;

describe("SessionShare.get", () => {
  const secretLink = "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
  const suite = engineSuite();

  test("finds a share that somebody else made, live or ended, and never owns it", async () => {
    const { stack, emulator, declare, sessionId, newRequests, recordedShare: recorded } = suite();
    const made = emulator.addShare(sessionId, {
      validSince: Date.now() - 9 * hour,
      validTo: Date.now() - hour,
      readonly: false,
    });
    declare(got(`${sessionId}/${fingerprintOf(made.key)}`));
    expect(await stack.preview()).toMatchObject(succeeded("+ 1 to create"));
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(newRequests()).toEqual(["GET 200", "GET 200"]);
    expect(await stack.outputs(true)).toEqual({
      got: { url: emulator.url + made.link, validTo: made.validTo, readonly: false },
    });
    expect(await stack.outputs()).toMatchObject({ got: { url: "[secret]" } });
    expect(await recorded("got")).toMatchObject({ external: true });
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
  });

  test("of a share that is not there is an error, in the preview too, and records nothing", async () => {
    const { stack, declare, sessionId } = suite();
    for (const id of [`${sessionId}/${"0".repeat(16)}`, `7/${"0".repeat(16)}`]) {
      declare(got(id));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(failed("fudo[not-found]"));
        expect(diagnosticsOf(outcome)).toEqual([
          expect.stringContaining(`share ${"0".repeat(16)} of session ${id.split("/")[0]}:`),
        ]);
      }
    }
    expect(sharesIn(await stack.export()).filter(({ id }) => id?.endsWith("0".repeat(16)))).toEqual([]);
  });

  test("with a malformed ID fails before any call, with the shape that is expected and without the value", async () => {
    const { stack, declare, newRequests } = suite();
    newRequests();
    declare(got(secretLink));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed("fudo[rejected]"));
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining("a SessionShare's ID must be <sessionId>/<fingerprint>"),
    ]);
    expect(stack.occurrences([secretLink.slice(-40)])).toEqual([expect.stringMatching(/^project\/index.js: /)]);
    expect(newRequests()).toEqual([]);
  });

  test("is forgotten by destroy without a word, because it was never ours", async () => {
    const { stack, newRequests } = suite();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("deleted"));
    expect(diagnosticsOf(destroy)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

describe("functions", () => {
  const suite = engineSuite();

  test("tell a program which shares a session has, without keys, and what the appliance says of shares", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    const made = emulator.addShare(sessionId, { readonly: false });
    emulator.addShare(sessionId, { validSince: Date.now() + hour });
    declare(
      `exports.shares = fudo.getSessionShares({ sessionId: "${sessionId}" }).then(({ shares }) => shares);`,
      `exports.later = fudo.getSessionSharesOutput({ sessionId: pulumi.output("${sessionId}") }).shares.length;`,
      `exports.attributes = fudo.getShareSpecOutput().apply((spec) => JSON.stringify(spec).includes("valid_since"));`,
    );
    expect(await stack.up()).toMatchObject(succeeded());
    expect(newRequests()).toEqual(["GET 200", "GET 200", "GET 200"]);
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
    const { stack, declare } = suite();
    declare(`exports.shares = fudo.getSessionSharesOutput({ sessionId: ${id} });`);
    const up = await stack.up();
    expect(up).toMatchObject(failed());
    // Engine: Node may remark that the SDK looks at the program's earliest promises only after they have failed.
    const sentences = diagnosticsOf(up).filter((line) => !/PromiseRejectionHandledWarning|--trace-warnings/.test(line));
    expect(sentences).toEqual([expect.stringContaining(text)]);
  });
});

// Engine: a dynamic provider is not in the engine's hands before a resource carries its text, so import has nothing to
// call, and the SDK says so in its own words, stack trace and all. `adopt` is the way to own a share that exists.
describe("import", () => {
  const suite = engineSuite({ mayShowStackTraces: true });

  test("does not work for dynamic resources: it fails, grants nothing and records nothing", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    const made = emulator.addShare(sessionId);
    const id = `${sessionId}/${fingerprintOf(made.key)}`;
    const command = ["import", "pulumi-nodejs:dynamic/fudo:SessionShare", "vendor", id, "--yes", "--skip-preview"];
    expect(await stack.pulumi(command)).toMatchObject(failed("code must be a string, not undefined"));
    declare(share("vendor", { sessionId, duration: "PT8H" }, { import: id }));
    expect(await stack.up()).toMatchObject(failed("code must be a string, not undefined"));
    expect(sharesIn(await stack.export())).toEqual([]);
    expect(newRequests()).toEqual([]);
    declare(share("vendor", { sessionId, duration: "PT8H", adopt: fingerprintOf(made.key) }));
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(emulator.shares()).toHaveLength(1);
    expect(sharesIn(await stack.export())).toMatchObject([{ id }]);
  });
});
