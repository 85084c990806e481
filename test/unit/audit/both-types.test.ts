// The audit of states with the resource types of both adapters: the dynamic provider's and the plugin's.
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, fingerprintOf, hour, now, type AuditFixture } from "./fixture";

const dynamicType = "pulumi-nodejs:dynamic/fudo:SessionShare";
const pluginType = "fudo:index:SessionShare";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** Changes a state of the dynamic provider to one of the plugin. */
function asPlugin<T>(state: T): T {
  return JSON.parse(JSON.stringify(state).replaceAll(dynamicType, pluginType)) as T;
}

async function audit(deployment: object): Promise<Report> {
  const state = fixture.file("state.json", JSON.stringify({ version: 3, deployment }));
  return JSON.parse((await fixture.run(["--state", state, "-o", "json"])).stdout) as Report;
}

/** What a report says about shares: without the digest and the name of the file. */
const essence = ({ findings, shares, completeness }: Report) => asPlugin({ findings, shares, completeness });

test("the same shares and an unfinished create have the same report as resources of either type", async () => {
  const [live, revoked, scheduled, elsewhere, lookedUp, unlisted, unmanaged] = [
    fixture.share(),
    fixture.share(),
    fixture.share(1),
    { ...fixture.share(), key: "another appliance lists this key" },
    fixture.share(-2),
    { ...fixture.share(-3), key: "no appliance lists this key" },
    fixture.share(-4),
  ];
  fixture.emulator.revoke(revoked.key);
  const urn = `urn:pulumi:dev::shop::${dynamicType}::unfinished`;
  const inputs = { sessionId: live.sessionId, duration: "PT8H" };
  const deployment = {
    manifest: { time: new Date(now - hour).toISOString() },
    resources: [
      fixture.resourceFor(live, { name: "live" }),
      fixture.resourceFor(revoked, { name: "revoked" }),
      fixture.resourceFor(scheduled, { name: "scheduled" }),
      fixture.resourceFor(elsewhere, { name: "elsewhere", outputs: { appliance: "https://other.example" } }),
      fixture.resourceFor(lookedUp, { name: "looked-up", external: true }),
      fixture.resourceFor(unlisted, { name: "unlisted" }),
    ],
    pending_operations: [{ type: "creating", resource: { urn, custom: true, type: dynamicType, inputs } }],
  };
  const [dynamic, plugin] = [await audit(deployment), await audit(asPlugin(deployment))];
  expect(essence(plugin)).toEqual(essence(dynamic));
  expect(plugin.findings.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`)).toEqual(
    expect.arrayContaining([
      `removed ${fingerprintOf(revoked.key)}`,
      `missing ${fingerprintOf(unlisted.key)}`,
      `unmanaged ${fingerprintOf(lookedUp.key)}`,
      `unmanaged ${fingerprintOf(unmanaged.key)}`,
    ]),
  );
  expect(plugin.completeness.problems).toEqual([
    expect.stringContaining("1 declared share is on https://other.example, not on"),
  ]);
  expect(plugin.completeness.notes).toContainEqual(expect.stringContaining(`dev::shop::${pluginType}::unfinished`));
});

test("one stack may hold both types, and a share of the plugin may live on another appliance than its provider's", async () => {
  const [one, other] = [fixture.share(), fixture.share(-2)];
  const provider = {
    urn: "urn:pulumi:dev::shop::pulumi:providers:fudo::second",
    custom: true,
    type: "pulumi:providers:fudo",
    id: "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
    inputs: { url: "https://other.example" },
  };
  const report = await fixture.report([
    provider,
    fixture.resourceFor(one),
    fixture.resourceFor(other, { type: pluginType, name: "other" }),
  ]);
  expect(report).toMatchObject({ code: 0, findings: [], completeness: { problems: [] } });
  expect(report.shares.flatMap(({ declaredBy }) => declaredBy.map(({ urn }) => urn.split("::")[2])).sort()).toEqual([
    pluginType,
    dynamicType,
  ]);
});
