// The declaration tag on the real engine: each declaration keeps its own tag, the tag never causes a diff, and later runs find
// the links that an interrupted run has left.
import { join } from "node:path";
import { declarationTag } from "../../provider/lifecycle/share/declaration-tag";
import {
  diagnosticsOf,
  editState,
  engineSuite,
  failed,
  fingerprintOf,
  hour,
  share,
  shareType,
  sharesIn,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";

const minute = 60_000;
const expectedTag = (...typesAndName: string[]) =>
  declarationTag(["organization", "project", "dev", ...typesAndName.toSpliced(-1, 0, shareType)]);
const component = (variable: string, type: string, body: string, options = "{}") => [
  `class ${variable}Type extends pulumi.ComponentResource {`,
  `  constructor() { super("${type}", "${variable}", {}, ${options}); ${body.replace("PARENT", "{ parent: this }")} }`,
  `}`,
  `const ${variable} = new ${variable}Type();`,
];
/** The tag of each share in the state, by the end of its URN. */
const tagsIn = async ({ stack }: EngineSuite): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    sharesIn(await stack.export()).map(({ urn, inputs }) => [
      urn.split("::").slice(2).join("::").replace(shareType, "share"),
      inputs?.["declarationTag"],
    ]),
  );
/** The ID of each share in the state, by URN. */
const idsIn = async ({ stack }: EngineSuite): Promise<Record<string, string | undefined>> =>
  Object.fromEntries(sharesIn(await stack.export()).map(({ urn, id }) => [urn, id]));
/** What remains after an interrupted run without a pending operation: the links live, and the state does not hold them. */
async function removeSharesFromState({ stack }: EngineSuite): Promise<void> {
  for (const { urn } of sharesIn(await stack.export()))
    expect(await stack.pulumi(["state", "delete", urn, "--yes"])).toMatchObject(succeeded());
}

describe("a share with a duration", () => {
  const suite = engineSuite({ env: { PULUMI_EXPERIMENTAL: "1" } });
  const declare = (inputs: object = {}, options: object = {}, name = "vendor") =>
    suite().declare(share(name, { sessionId: suite().sessionId, duration: "PT8H", ...inputs }, options));
  const plan = (name: string) => join(suite().stack.folder, "output", `${name}.json`);

  test("follows an update plan of an hour ago, and its generated start carries the tag", async () => {
    const { stack, emulator, advanceClocks, recordedShare } = suite();
    declare();
    expect(await stack.preview(["--save-plan", plan("first")])).toMatchObject(succeeded("+ 2 to create"));
    advanceClocks(1);
    expect(await stack.up(["--plan", plan("first")])).toMatchObject(succeeded("+ 2 created"));
    const { inputs, outputs } = await recordedShare();
    expect(inputs).toMatchObject({ declarationTag: expectedTag("vendor") });
    expect(outputs).not.toHaveProperty("declarationTag");
    const [since, to] = [Date.parse(outputs!["validSince"] as string), Date.parse(outputs!["validTo"] as string)];
    const [created] = emulator.shares();
    expect(since % minute).toBe(expectedTag("vendor"));
    expect(Date.parse(created!.createdAt) - since).toBeGreaterThanOrEqual(0);
    expect(to - since).toBeGreaterThanOrEqual(8 * hour);
    expect(to - since).toBeLessThan(8 * hour + minute);
  });

  test("follows the same plan a second time, and a plan without changes sends no request", async () => {
    const { stack, emulator, newRequests } = suite();
    expect(await stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
    expect(await stack.up(["--plan", plan("first")])).toMatchObject(succeeded("+ 2 created"));
    expect(emulator.shares()).toHaveLength(2);
    newRequests();
    expect(await stack.preview(["--save-plan", plan("second")])).toMatchObject(succeeded("2 unchanged"));
    for (let run = 0; run < 2; run += 1)
      expect(await stack.up(["--plan", plan("second")])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is unchanged by a new duration under ignoreChanges", async () => {
    const { stack, newRequests } = suite();
    declare({ duration: "PT9H" }, { ignoreChanges: ["duration"] });
    for (let run = 0; run < 2; run += 1)
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is unchanged where the state holds no tag, or the tag of another declaration", async () => {
    const { stack, newRequests } = suite();
    declare();
    for (const tag of [undefined, 59_999]) {
      await editState(stack, ({ inputs }) => {
        delete inputs!["declarationTag"];
        if (tag !== undefined) inputs!["declarationTag"] = tag;
      });
      expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
      const up = await stack.up(["--expect-no-changes"]);
      expect(up).toMatchObject(succeeded("2 unchanged"));
      expect(diagnosticsOf(up)).toEqual([]);
    }
    expect(newRequests()).toEqual([]);
  });

  test("is not created again under a new name with aliases", async () => {
    const { stack, newRequests, recordedShare } = suite();
    const { id } = await recordedShare();
    declare({}, { aliases: [{ name: "vendor" }] }, "renamed");
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
    expect(await recordedShare("renamed")).toMatchObject({ id, inputs: { declarationTag: expectedTag("renamed") } });
  });
});

describe("several declarations with the same arguments on one session", () => {
  const suite = engineSuite();
  const args = () => JSON.stringify({ sessionId: suite().sessionId, duration: "PT8H" });
  const child = () => `new fudo.SessionShare("vendor", ${args()}, PARENT);`;
  const copyProps = "props: { ...props, labels: { copied: 'yes' } }";
  const expected = {
    "share::vendor": expectedTag("vendor"),
    "share::second": expectedTag("second"),
    "share::third": expectedTag("third"),
    "my:app:Access$share::vendor": expectedTag("my:app:Access", "vendor"),
    "my:app:Other$share::vendor": expectedTag("my:app:Other", "vendor"),
    "my:app:Outer$my:app:Access$share::inner": expectedTag("my:app:Outer", "my:app:Access", "inner"),
  };

  test("have different tags, whatever copies their arguments", async () => {
    const { stack, declare } = suite();
    declare(
      // The transformations return a copy of the properties, and "third" copies the tag of "vendor".
      `pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ ${copyProps}, opts }));`,
      `const first = ${args()};`,
      `const vendor = new fudo.SessionShare("vendor", first);`,
      `const second = new fudo.SessionShare("second", first);`,
      `const third = new fudo.SessionShare("third", { ...first, declarationTag: ${expectedTag("vendor")} });`,
      ...component("access", "my:app:Access", child()),
      ...component(
        "other",
        "my:app:Other",
        child(),
        `{ transformations: [({ props, opts }) => ({ ${copyProps}, opts })] }`,
      ),
      ...component(
        "outer",
        "my:app:Outer",
        `this.access = new pulumi.ComponentResource("my:app:Access", "nested", {}, PARENT);`,
      ),
      `new fudo.SessionShare("inner", first, { parent: outer.access });`,
    );
    expect(await stack.up()).toMatchObject(succeeded("+ 11 created"));
    expect(await tagsIn(suite())).toEqual(expected);
    expect(new Set(Object.values(expected)).size).toBe(6);
  });

  test("take over their own links with FUDO_RECOVER=true, without a POST", async () => {
    const suiteOfTest = suite();
    const { stack, newRequests } = suiteOfTest;
    const ids = await idsIn(suiteOfTest);
    await removeSharesFromState(suiteOfTest);
    newRequests();
    const up = await stack.up([], { env: { FUDO_RECOVER: "true" } });
    expect(up).toMatchObject(succeeded("+ 6 created"));
    expect(diagnosticsOf(up)).toHaveLength(6);
    expect(newRequests()).toEqual(["GET 200"]);
    expect(await idsIn(suiteOfTest)).toEqual(ids);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("11 unchanged"));
  });
});

describe("a live link of a declaration that the state does not hold", () => {
  const suite = engineSuite();
  const link = (index: number) => fingerprintOf(suite().emulator.shares()[index]!.key);
  const unmanaged = (...fingerprints: string[]) =>
    expect.stringMatching(
      new RegExp(
        `^fudo: session \\d+: a live link of this declaration is not managed by this run .*${fingerprints.map((print) => `share ${print}`).join(".*")}`,
      ),
    );
  const takenOver = (print: string, others: readonly string[]) =>
    expect.stringMatching(
      new RegExp(
        `^fudo: share ${print} of session \\d+ was taken over \\(FUDO_RECOVER\\): .*no new share was created` +
          (others.length === 0 ? "" : `.*stay unmanaged: .*${others.join(".*")}`),
      ),
    );

  beforeAll(async () => {
    const suiteOfTest = suite();
    const { stack, declare, sessionId, recordedShare, emulator, newRequests } = suiteOfTest;
    declare(share("vendor", { sessionId, duration: "PT8H" }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const validSince = Date.parse((await recordedShare()).outputs!["validSince"] as string);
    expect(validSince % minute).toBe((await recordedShare()).inputs!["declarationTag"]);
    await removeSharesFromState(suiteOfTest);
    const validTo = validSince + 8 * hour;
    // The second link has the tag too. The third starts one millisecond later, so it belongs to another declaration.
    emulator.addShare(sessionId, { validSince, validTo });
    emulator.addShare(sessionId, { validSince: validSince + 1, validTo });
    newRequests();
  });

  test("is named by a normal `up` before its POST", async () => {
    const { stack, emulator, newRequests } = suite();
    emulator.fault({ on: "POST", kind: "failure", status: 400 });
    const rejected = await stack.up();
    expect(rejected).toMatchObject(failed("fudo[rejected]"));
    expect(diagnosticsOf(rejected)).toContainEqual(unmanaged(link(0), link(1)));
    expect(rejected.all).not.toContain(link(2));
    expect(newRequests()).toEqual(["GET 200", "POST 400"]);
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+ 1 created"));
    expect(diagnosticsOf(up)).toEqual([unmanaged(link(0), link(1))]);
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
  });

  test("is taken over by FUDO_RECOVER=true: the newest one, without a POST, and the others are named", async () => {
    const suiteOfTest = suite();
    const { stack, newRequests, recordedShare } = suiteOfTest;
    const { id } = await recordedShare();
    await removeSharesFromState(suiteOfTest);
    const up = await stack.up([], { env: { FUDO_RECOVER: "true" } });
    expect(up).toMatchObject(succeeded("+ 1 created"));
    expect(diagnosticsOf(up)).toEqual([takenOver(link(3), [link(0), link(1)])]);
    expect(newRequests()).toEqual(["GET 200"]);
    expect((await recordedShare()).id).toBe(id);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("is taken over by FUDO_RECOVER=<fingerprint>: exactly that one", async () => {
    const suiteOfTest = suite();
    const { stack, newRequests, recordedShare, sessionId } = suiteOfTest;
    await removeSharesFromState(suiteOfTest);
    const up = await stack.up([], { env: { FUDO_RECOVER: link(0) } });
    expect(up).toMatchObject(succeeded("+ 1 created"));
    expect(newRequests()).toEqual(["GET 200"]);
    expect((await recordedShare()).id).toBe(`${sessionId}/${link(0)}`);
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });

  test.each(["yes", "TRUE", "0123456789abcdef,latest"])(
    "FUDO_RECOVER=%s fails the run with `config`, without a request",
    async (value) => {
      const suiteOfTest = suite();
      const { stack, newRequests } = suiteOfTest;
      await removeSharesFromState(suiteOfTest);
      newRequests();
      for (const command of ["preview", "up"] as const) {
        const outcome = await stack[command]([], { env: { FUDO_RECOVER: value } });
        expect(outcome).toMatchObject(failed("fudo[config]"));
        expect(diagnosticsOf(outcome)).toEqual([
          expect.stringMatching(/^fudo\[config\] FUDO_RECOVER must be "true", or fingerprints of 16 hex digits/),
        ]);
      }
      expect(newRequests()).toEqual([]);
    },
  );
});
