// Property: a state with one share that was damaged at random gives that share in the report, or the audit says that it is
// incomplete. Never a complete report without the share.
import { rmSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import type { Report } from "../../../../provider/audit/model/report-schema";
import { idShape, sessionIdShape } from "../../../../provider/lifecycle";
import { createFixture, encrypted, fingerprintOf, type AuditFixture } from "../fixture";
import { damagedExport, damagedShare, damagedText, type Json } from "./mutations";
import "./settings";

interface World {
  readonly fixture: AuditFixture;
  readonly share: Json;
  readonly others: readonly Json[];
  /** Exit code, and whether the report has the share. */
  audit(state: string | Buffer): Promise<{ code: number; has: boolean; text: string }>;
}

async function world(): Promise<World> {
  const fixture = await createFixture();
  const record = fixture.share();
  const urn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
  const resource = fixture.resourceFor(record, {
    outputs: { labels: { ticket: "CHG-1042" }, duration: "PT8H", fingerprint: fingerprintOf(record.key) },
  });
  const { sessionId } = record;
  const share = {
    ...resource,
    inputs: { sessionId, duration: "PT8H", readonly: true, labels: { ticket: "CHG-1042" }, __provider: encrypted },
    parent: urn,
    propertyDependencies: { sessionId: [] },
  } as unknown as Json;
  const audit = async (state: string | Buffer) => {
    const file = fixture.file("state.json", "");
    writeFileSync(file, state);
    const { code, stdout, stderr } = await fixture.run(["--state", file, "-o", "json"]);
    rmSync(file);
    const report = stdout === "" ? undefined : (JSON.parse(stdout) as Report);
    const has =
      report?.shares.some(
        (found) => found.sessionId === sessionId && found.fingerprint === fingerprintOf(record.key),
      ) ?? false;
    return { code, has, text: stderr + stdout };
  };
  return { fixture, share, others: [{ urn, custom: false, type: "pulumi:pulumi:Stack" }], audit };
}

const manifest = { time: "2026-03-02T11:30:00Z", magic: "m", version: "v3.150.0" };
const exported = (resources: readonly unknown[]) => JSON.stringify({ version: 3, deployment: { manifest, resources } });

async function neverSilent(audited: World, state: string | Buffer): Promise<void> {
  const { code, has } = await audited.audit(state);
  if (code !== 2 && code !== 3 && !has) {
    throw new Error(`exit ${code}, and the report does not have the share`);
  }
}

/** Where the damage made another resource or another share of it, nothing in the state tells that. */
function isStillTheShare(share: Json | undefined, original: Json): boolean {
  const [damaged, whole] = [share, original] as Record<string, unknown>[];
  if (typeof damaged !== "object" || damaged === null || Array.isArray(damaged)) return true;
  const isOtherType = ["type", "urn"].every(
    (name) => typeof damaged[name] === "string" && damaged[name] !== whole![name],
  );
  const isOtherId = typeof damaged["id"] === "string" && idShape.test(damaged["id"]) && damaged["id"] !== whole!["id"];
  const same = JSON.stringify(damaged["outputs"]) === JSON.stringify(whole!["outputs"]);
  return !isOtherType && (!isOtherId || same);
}

const runs = { numRuns: 1000 };

test("an undamaged state gives the share, and the audit is complete", async () => {
  const audited = await world();
  expect(await audited.audit(exported([...audited.others, audited.share]))).toMatchObject({ code: 0, has: true });
});

test("any part of the share damaged: the share is in the report, or the audit is incomplete", async () => {
  const audited = await world();
  await fc.assert(
    fc.asyncProperty(
      damagedShare(audited.share).filter((share) => isStillTheShare(share, audited.share)),
      (share) => neverSilent(audited, exported([...audited.others, share ?? null])),
    ),
    runs,
  );
});

test("what holds the share damaged: the share is in the report, or the audit is incomplete", async () => {
  const audited = await world();
  await fc.assert(
    fc.asyncProperty(damagedExport([...audited.others, audited.share]), (state) =>
      neverSilent(audited, JSON.stringify(state)),
    ),
    runs,
  );
});

test("the text damaged: the share is in the report, or the audit is incomplete", async () => {
  const audited = await world();
  const text = exported([...audited.others, audited.share]);
  await fc.assert(
    fc.asyncProperty(damagedText, (damage) => neverSilent(audited, damage(text))),
    runs,
  );
});

test("an interrupted create damaged: the share that it left is in the report, or the audit is incomplete", async () => {
  const audited = await world();
  const { inputs, urn, type } = audited.share as Record<string, Json>;
  const operation = { type: "creating", resource: { urn: urn!, custom: true, type: type!, inputs: inputs! } };
  const state = (damaged: Json) =>
    JSON.stringify({ version: 3, deployment: { manifest, resources: audited.others, pending_operations: [damaged] } });
  const isStillTheCreate = (damaged: Json | undefined) => {
    const { type: kind, resource } = (damaged ?? {}) as { type?: Json; resource?: Json };
    const session = ((resource ?? {}) as { inputs?: Record<string, Json> } | null)?.inputs?.["sessionId"];
    const isOther =
      typeof session === "string" &&
      sessionIdShape.test(session) &&
      session !== (inputs as Record<string, Json>)["sessionId"];
    const whole = { type: operation.type, resource: { ...operation.resource, inputs: null } };
    const left = { type: kind, resource: { ...(resource as object | null), inputs: null } };
    return (
      !isOther && (JSON.stringify(left) === JSON.stringify(whole) || isStillTheShare(resource, operation.resource))
    );
  };
  await fc.assert(
    fc.asyncProperty(damagedShare(operation).filter(isStillTheCreate), (damaged) =>
      neverSilent(audited, state(damaged ?? null)),
    ),
    runs,
  );
});

test.each<[string, Json]>([
  ["with a resource that has no type and no URN", { version: 3, deployment: { manifest, resources: [{}] } }],
  [
    "with a resource whose URN is no URN",
    { version: 3, deployment: { manifest, resources: [{ type: "a:b:C", urn: "C" }] } },
  ],
  [
    "with a resource whose type is a list",
    { version: 3, deployment: { manifest, resources: [{ type: [], urn: "urn:pulumi:a::b::c::d" }] } },
  ],
  ["that has neither manifest nor resources", { version: 3, deployment: { things: [] } }],
])("a state %s is no empty state", async (_, state) => {
  expect(await (await world()).audit(JSON.stringify(state))).toMatchObject({ code: 3 });
});
