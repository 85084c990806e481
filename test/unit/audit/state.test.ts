// Reading one exported state: what is a share, what is a create that did not finish, and what is a problem of the state.
import fc from "fast-check";
import { readState } from "../../../provider/audit/collect/stack-state";
import { parseJson } from "../../../provider/audit/collect/state-json";
import { encrypted, plaintextSecret } from "./fixture";

const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
const urn = `urn:pulumi:dev::shop::${type}::acme`;
const id = "4665729213955833857/0123456789abcdef";
const outputs = {
  sessionId: "4665729213955833857",
  fingerprint: "0123456789abcdef",
  validSince: "2026-03-02T11:00:00.000Z",
  validTo: "2026-03-02T19:00:00.000Z",
  createdAt: "2026-03-02T11:00:00.123456Z",
  readonly: true,
  appliance: "https://fudo.example",
  labels: { vendor: "ACME" },
};
const resource = { urn, custom: true, id, type, outputs };
const other = {
  urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
  custom: false,
  type: "pulumi:pulumi:Stack",
};

const deployment = (more: object) => ({ version: 3, deployment: { manifest: {}, ...more } });
const readText = (text: string, organization?: string) => readState(parseJson(text), organization);
const read = (exported: unknown, organization?: string) => readText(JSON.stringify(exported), organization)!;
const stateWith = (changes: object) => read(deployment({ resources: [other, { ...resource, ...changes }] }));

describe("a deployment that the audit does not know is a problem, and what can be read is still read", () => {
  test.each([3, 4])("a deployment of version %i is known", (version) => {
    const { shares, problems } = read({ version, deployment: { resources: [resource] } });
    expect([shares.length, problems]).toEqual([1, []]);
  });

  test.each<[string, object]>([
    ["without resources", { version: 3, deployment: { manifest: {} } }],
    ["with resources that are null", { version: 4, deployment: { resources: null, pending_operations: null } }],
  ])("a stack %s is empty and has no problem", (_, exported) => {
    expect(read(exported)).toMatchObject({ shares: [], pendingCreates: [], problems: [] });
  });

  test.each<[string, object, RegExp]>([
    ["version 9", { version: 9, deployment: { manifest: {}, things: [] } }, /not a deployment of version 3 or 4/],
    ["version 2", { version: 2, deployment: { resources: [resource] } }, /not a deployment of version 3 or 4/],
    ["no version", { deployment: { resources: [resource] } }, /not a deployment of version 3 or 4/],
    ["a version as text", { version: "3", deployment: { resources: [resource] } }, /not a deployment of version/],
    ["resources that are an object", deployment({ resources: { acme: resource } }), /its resources are not a list/],
    ["resources that are text", deployment({ resources: "acme" }), /its resources are not a list/],
    ["a resource that is text", deployment({ resources: [resource, "acme"] }), /1 of its resources cannot be read/],
    ["a resource that is a list", deployment({ resources: [[resource]] }), /1 of its resources cannot be read/],
    ["a deployment that is null", { version: 3, deployment: null }, /its deployment is not an object/],
    ["a deployment that is a list", { version: 3, deployment: [resource] }, /its deployment is not an object/],
    ["pending operations that are an object", deployment({ pending_operations: {} }), /pending_operations are not/],
    [
      "a pending operation that is text",
      deployment({ pending_operations: ["x"] }),
      /pending operations cannot be read/,
    ],
    ["a pending operation without a resource", deployment({ pending_operations: [{ type: "creating" }] }), /cannot be/],
  ])("%s is a problem", (_, exported, problem) => {
    expect(read(exported).problems.join("; ")).toMatch(problem);
  });

  test("the share of a deployment of an unknown version is read", () => {
    expect(read({ version: 9, deployment: { resources: [resource] } }).shares).toMatchObject([{ urn }]);
  });

  test.each([["[]"], ["7"], ["null"], ['{"deploy":{}}'], ["{"]])("%s is no state", (text) => {
    expect(readText(text)).toBeUndefined();
  });
});

describe("a resource that may be a share is never left out", () => {
  test.each<[string, object, RegExp]>([
    ["another type than in its URN", { type: "aws:s3:Bucket" }, /its type and its URN disagree/],
    ["no type", { type: undefined }, /its type and its URN disagree/],
    ["another type in its URN", { urn: "urn:pulumi:dev::shop::aws:s3:Bucket::acme" }, /its type and its URN disagree/],
    ["no URN", { urn: undefined }, /resource without a URN: its type and its URN disagree/],
    ["a URN of another stack", { urn: urn.replace("dev", "prod") }, /its URN names another stack/],
    ["another session in its ID", { id: "7/0123456789abcdef" }, /its ID and its output `sessionId` disagree/],
    ["another key in its ID", { id: id.replace("0", "f") }, /its ID and its output `fingerprint` disagree/],
    ["no outputs", { outputs: undefined }, /it has no outputs/],
    ["outputs that are a list", { outputs: [] }, /it has no outputs/],
    ["an end that is a number", { outputs: { ...outputs, validTo: 7 } }, /cannot read its output `validTo`/],
    ["an end that is no instant", { outputs: { ...outputs, validTo: "soon" } }, /cannot read its output `validTo`/],
    ["a mode that is text", { outputs: { ...outputs, readonly: "yes" } }, /cannot read its output `readonly`/],
    ["a label that is a number", { outputs: { ...outputs, labels: { a: 1 } } }, /cannot read its output `labels`/],
    ["`external` that is text", { external: "no" }, /its `external` is not true or false/],
  ])("a share with %s is read and is a problem", (_, changes, problem) => {
    const { shares, problems } = stateWith(changes);
    expect([shares.length, problems.join("; ")]).toEqual([1, expect.stringMatching(problem)]);
  });

  test.each([undefined, null, 7, "", "4665729213955833857", "1/0123", `${id}/x`])("the ID %p is a problem", (value) => {
    const { shares, problems } = stateWith({ id: value });
    expect([shares, problems]).toEqual([[], [expect.stringMatching(/^resource urn:.*its ID is not <sessionId>/)]]);
  });

  test("the type of the plugin, and a share in a component, are shares without a problem", () => {
    const plugin = "fudo:index:SessionShare";
    const inComponent = urn.replace(type, `my:index:Team$${plugin}`);
    expect(stateWith({ type: plugin, urn: inComponent })).toMatchObject({
      shares: [{ urn: inComponent }],
      problems: [],
    });
  });

  test("a secret that the export shows, and that is not JSON, counts as encrypted", () => {
    const broken = { ...plaintextSecret("x"), plaintext: "not JSON" };
    const { shares } = stateWith({ outputs: { ...outputs, validTo: broken, labels: { vendor: broken } } });
    expect(shares).toMatchObject([{ encryptedOutputs: ["validTo"], labels: { vendor: "[encrypted]" } }]);
  });

  test("a label of the name __proto__ is kept", () => {
    const [share] = read(JSON.parse(JSON.stringify(deployment({ resources: [resource] })))).shares;
    expect(share?.labels).toEqual({ vendor: "ACME" });
    const text = JSON.stringify(deployment({ resources: [resource] })).replace('"vendor"', '"__proto__"');
    expect(Object.entries(readText(text)!.shares[0]!.labels)).toEqual([["__proto__", "ACME"]]);
  });
});

test("the stack has the organization where it is known, and the time at which the engine wrote the state", () => {
  const exported = deployment({ manifest: { time: "2026-03-02T12:00:00.123456789+01:00" }, resources: [resource] });
  const writtenAt = Date.parse("2026-03-02T11:00:00.123Z");
  expect(read(exported)).toMatchObject({ stack: "shop/dev", writtenAt, shares: [{ stack: "shop/dev" }] });
  expect(read(exported, "acme")).toMatchObject({ stack: "acme/shop/dev", shares: [{ stack: "acme/shop/dev" }] });
});

describe("a create that did not finish", () => {
  const pending = (operation: object, changes: object = {}) =>
    read(
      deployment({
        pending_operations: [{ type: "creating", resource: { ...resource, id: "", ...changes }, ...operation }],
      }),
    );
  const inputs = { sessionId: "4665729213955833857", duration: "PT4H" };

  test.each(["creating", "importing", "adopting"])("a pending operation of type %s counts", (operation) => {
    expect(pending({ type: operation }, { inputs })).toMatchObject({
      stack: "shop/dev",
      pendingCreates: [{ urn, stack: "shop/dev", sessionId: inputs.sessionId, duration: 4 * 3_600_000 }],
      problems: [],
    });
  });

  test.each(["deleting", "reading", "updating"])("a pending operation of type %s creates nothing", (operation) => {
    expect(pending({ type: operation }, { inputs: { sessionId: encrypted } })).toMatchObject({
      pendingCreates: [],
      problems: [],
    });
  });

  test.each<[string, unknown, RegExp]>([
    ["encrypted", encrypted, /the state encrypts its session ID.*--session ID/],
    ["not known yet", "04da6b54-80e4-46f7-96ec-b56ff0331ba9", /no readable session ID.*--session ID/],
    ["a number", 4665729213955833, /no readable session ID.*--session ID/],
    ["absent", undefined, /no readable session ID.*--session ID/],
  ])("a session ID that is %s is a problem that names the resource", (_, sessionId, problem) => {
    const { pendingCreates, problems } = pending({}, { inputs: { ...inputs, sessionId } });
    expect(pendingCreates).toMatchObject([{ urn, stack: "shop/dev", problem: expect.stringMatching(problem) }]);
    expect(pendingCreates[0]).not.toHaveProperty("sessionId");
    expect(pendingCreates[0]!.problem).toContain(urn);
    expect(problems).toEqual([]);
  });

  test("an import names its session by its ID, and a secret that the export shows is read", () => {
    expect(pending({ type: "importing" }, { id }).pendingCreates).toMatchObject([{ sessionId: outputs.sessionId }]);
    const secret = pending({}, { inputs: { ...inputs, sessionId: plaintextSecret("7") } });
    expect(secret).toMatchObject({ pendingCreates: [{ sessionId: "7" }], problems: [] });
  });

  test("a pending operation on another resource is none of ours", () => {
    expect(pending({}, { type: "aws:s3:Bucket", urn: urn.replace(type, "aws:s3:Bucket") }).pendingCreates).toEqual([]);
  });
});

test("a share with one part replaced at random is still read, or is a problem of the state", () => {
  const parts = fc.constantFrom<readonly string[]>(
    ["type"],
    ["urn"],
    ["id"],
    ["outputs"],
    ["outputs", "validTo"],
    ["outputs", "sessionId"],
    ["outputs", "fingerprint"],
    ["outputs", "appliance"],
  );
  const property = fc.property(parts, fc.option(fc.jsonValue(), { nil: undefined }), ([first = "", second], value) => {
    const changed = second === undefined ? { [first]: value } : { [first]: { ...outputs, [second]: value } };
    const { shares, problems } = stateWith(changed);
    const isRead = shares.some(({ fingerprint, sessionId }) => `${sessionId}/${fingerprint}` === id);
    expect(isRead || problems.length > 0).toBe(true);
  });
  fc.assert(property, { seed: 15, numRuns: 1000 });
});
