// Reading without creating, on the real engine: SessionShare.get, the functions, and import.
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

const getProgram = (id: string) =>
  `const got = fudo.SessionShare.get("got", ${JSON.stringify(id)});\nexports.got = { url: got.url, validTo: got.validTo, readonly: got.readonly };`;

describe("SessionShare.get", () => {
  const secretLink = "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
  const suite = engineSuite();

  test("finds a share that someone else created, live or expired, and never manages it", async () => {
    const { stack, emulator, declare, sessionId, newRequests, recordedShare: recorded } = suite();
    const created = emulator.addShare(sessionId, {
      validSince: Date.now() - 9 * hour,
      validTo: Date.now() - hour,
      readonly: false,
    });
    declare(getProgram(`${sessionId}/${fingerprintOf(created.key)}`));
    expect(await stack.preview()).toMatchObject(succeeded("+ 1 to create"));
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(newRequests()).toEqual(["GET 200", "GET 200"]);
    expect(await stack.outputs(true)).toEqual({
      got: { url: emulator.url + created.link, validTo: created.validTo, readonly: false },
    });
    expect(await stack.outputs()).toMatchObject({ got: { url: "[secret]" } });
    expect(await recorded("got")).toMatchObject({ external: true });
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
  });

  test("of a share that does not exist is an error, in the preview too, and records nothing", async () => {
    const { stack, declare, sessionId } = suite();
    for (const id of [`${sessionId}/${"0".repeat(16)}`, `7/${"0".repeat(16)}`]) {
      declare(getProgram(id));
      for (const outcome of [await stack.preview(), await stack.up()]) {
        expect(outcome).toMatchObject(failed("fudo[not-found]"));
        expect(diagnosticsOf(outcome)).toEqual([
          expect.stringContaining(`share ${"0".repeat(16)} of session ${id.split("/")[0]}:`),
        ]);
      }
    }
    expect(sharesIn(await stack.export()).filter(({ id }) => id?.endsWith("0".repeat(16)))).toEqual([]);
  });

  test("with a malformed ID fails before any request, with the expected form and without the value", async () => {
    const { stack, declare, newRequests } = suite();
    newRequests();
    declare(getProgram(secretLink));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed("fudo[rejected]"));
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining("a SessionShare ID has the form <sessionId>/<fingerprint>"),
    ]);
    expect(stack.occurrences([secretLink.slice(-40)])).toEqual([expect.stringMatching(/^project\/index.js: /)]);
    expect(newRequests()).toEqual([]);
  });

  test("is removed from the state by destroy without a warning, because this stack never managed it", async () => {
    const { stack, newRequests } = suite();
    const destroy = await stack.destroy();
    expect(destroy).toMatchObject(succeeded("deleted"));
    expect(diagnosticsOf(destroy)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

describe("functions", () => {
  const suite = engineSuite();

  test("return the shares of a session without keys, and the appliance's description of shares", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    const created = emulator.addShare(sessionId, { readonly: false });
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
          fingerprint: fingerprintOf(created.key),
          status: "active",
          readonly: false,
          validTo: created.validTo,
        }),
        expect.objectContaining({ status: "scheduled", readonly: true }),
      ],
      later: 2,
      attributes: true,
    });
  });

  test("getSession gives the one session to a share, or lists the candidates, one on each line", async () => {
    const { stack, emulator, declare } = suite();
    const id = emulator.addSession({ serverName: "plc-07", userName: "Siemens" });
    const find = (filters: string) =>
      declare(
        `const session = fudo.getSessionOutput(${filters});`,
        share("plc", `{ sessionId: session.id, duration: "PT1H" }`),
      );
    find(`{ serverName: "plc-07", live: true }`);
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(emulator.shares(id)).toHaveLength(1);
    emulator.addSession({ serverName: "plc-07", userName: "Bosch" });
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed());
    expect(preview.all).toMatch(
      /getSession: 2 sessions match serverName "plc-07", live true\. Add userName to select one of them, or limit: 1 for the newest:\s*\n\s*- \d{19}: ssh, server plc-07, .*\n\s*- \d{19}: ssh, server plc-07, /,
    );
    expect(emulator.shares(id)).toHaveLength(1);
  });

  test.each([
    ["a malformed ID", `"7/../8"`, "sessionId must be the session's decimal ID as text"],
    ["a session that does not exist", `"77"`, "404 Not Found"],
  ])("%s fails the program with one sentence", async (_, id, text) => {
    const { stack, declare } = suite();
    declare(`exports.shares = fudo.getSessionSharesOutput({ sessionId: ${id} });`);
    const up = await stack.up();
    expect(up).toMatchObject(failed());
    // Engine: Node may warn that the SDK handles the program's first promises only after they were rejected.
    const sentences = diagnosticsOf(up).filter((line) => !/PromiseRejectionHandledWarning|--trace-warnings/.test(line));
    expect(sentences).toEqual([expect.stringContaining(text)]);
  });
});

// Engine: `pulumi import` runs before any resource carries the text of the dynamic provider, so there is no provider to call.
// The SDK fails with its own message and a stack trace. The class can refuse only the option `import` of a program.
describe("import", () => {
  const suite = engineSuite({ mayShowStackTraces: true });

  test("does not work for dynamic resources: it fails, creates nothing and records nothing", async () => {
    const { stack, emulator, declare, sessionId, newRequests } = suite();
    const created = emulator.addShare(sessionId);
    const id = `${sessionId}/${fingerprintOf(created.key)}`;
    const command = ["import", "pulumi-nodejs:dynamic/fudo:SessionShare", "vendor", id, "--yes", "--skip-preview"];
    expect(await stack.pulumi(command)).toMatchObject(failed("code must be a string, not undefined"));
    declare(share("vendor", { sessionId, duration: "PT8H" }, { import: id }));
    const up = await stack.up();
    expect(up).toMatchObject(failed("the option `import` does not work for a dynamic resource"));
    expect(up.all).not.toContain("code must be a string");
    expect(sharesIn(await stack.export())).toEqual([]);
    expect(newRequests()).toEqual([]);
    declare(share("vendor", { sessionId, duration: "PT8H", adopt: fingerprintOf(created.key) }));
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(emulator.shares()).toHaveLength(1);
    expect(sharesIn(await stack.export())).toMatchObject([{ id }]);
  });
});
