// What the next steps advise: a declaration is mentioned only where a stack manages the share.
import { findingKindNames, type FindingKind } from "../../../provider/audit/model/finding-kinds";
import { createFixture, fingerprintOf, hour, now, type AuditFixture } from "./fixture";
import { ReportChain } from "./report-chain";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

const limit = ["--max-duration", "PT4H"];
const interactive = { readonly: false, validSince: now - hour, validTo: now + 7 * hour };
const declaration = /declare|declaration/;

/** The steps of each finding about this share. */
function stepsOf(
  { findings }: Awaited<ReturnType<AuditFixture["report"]>>,
  { key }: { key: string },
): Partial<Record<FindingKind, string>> {
  const own = findings.filter(({ fingerprint }) => fingerprint === fingerprintOf(key));
  expect(own.every(({ kind }) => findingKindNames.includes(kind))).toBe(true);
  return Object.fromEntries(own.map(({ kind, nextSteps }) => [kind, nextSteps.join(" ")]));
}

test("too-long and interactive of a share that a stack manages name the declaration and the revocation", async () => {
  const share = fixture.share(-1, 8, interactive);
  const steps = stepsOf(await fixture.report([fixture.resourceFor(share)], limit), share);
  for (const kind of ["too-long", "interactive"] as const) {
    expect(steps[kind]).toMatch(declaration);
    expect(steps[kind]).toMatch(/does not revoke this one/);
    expect(steps[kind]).toMatch(/To revoke it: Management/);
  }
});

test.each<[string, boolean]>([
  ["that no stack declares", false],
  ["that a stack only looks up", true],
])("too-long and interactive of a share %s name the revocation only", async (_, lookedUp) => {
  const share = fixture.share(-1, 8, interactive);
  const resources = lookedUp
    ? [fixture.resourceFor(share, { external: true })]
    : [fixture.resourceFor(fixture.share())];
  const steps = stepsOf(await fixture.report(resources, limit), share);
  expect(Object.keys(steps).sort()).toEqual(["interactive", "too-long", "unmanaged"]);
  for (const kind of ["too-long", "interactive"] as const) {
    expect(steps[kind]).not.toMatch(declaration);
    expect(steps[kind]).toMatch(/^To revoke it: Management/);
  }
});

test("too-long and interactive of a share that no stack declares any more name the revocation only", async () => {
  const share = fixture.share(-1, 8, interactive);
  const chain = new ReportChain(fixture);
  await chain.audit([fixture.resourceFor(share)], { args: limit });
  const steps = stepsOf(await chain.audit([], { args: limit }), share);
  expect(Object.keys(steps).sort()).toEqual(["interactive", "orphaned", "too-long"]);
  for (const kind of ["too-long", "interactive"] as const) expect(steps[kind]).not.toMatch(declaration);
});
