// The work of an audit grows with the number of shares, not faster: counted in operations, not in time.
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, fingerprintOf, hour, now, type AuditFixture } from "./fixture";

/** The methods that each character, message or share of an audit passes. */
const counted: readonly (readonly [object, string])[] = [
  [Map.prototype, "get"],
  [Map.prototype, "set"],
  [Set.prototype, "has"],
  [String.prototype, "slice"],
  [String.prototype, "includes"],
  [String.prototype, "startsWith"],
  [String.prototype, "endsWith"],
  [String.prototype, "split"],
  [String.prototype, "replace"],
  [String.prototype, "replaceAll"],
  [Array.prototype, "includes"],
  [Array.prototype, "find"],
];

/** How often the counted methods are called while `work` runs. */
async function operationsOf(work: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const originals = counted.map(([owner, name]) => [owner, name, Reflect.get(owner, name) as () => unknown] as const);
  for (const [owner, name, original] of originals) {
    Reflect.set(owner, name, function (this: unknown, ...args: []) {
      calls += 1;
      return original.apply(this, args);
    });
  }
  try {
    await work();
    return calls;
  } finally {
    for (const [owner, name, original] of originals) Reflect.set(owner, name, original);
  }
}

/** A fixture whose first session has this many shares, with keys of the given shape. */
async function fixtureWith(shares: number, keyOf: (index: number) => string): Promise<AuditFixture> {
  const fixture = await createFixture();
  for (let index = 0; index < shares; index++) fixture.share(-1, 8, { key: keyOf(index) });
  return fixture;
}

const digits = (index: number) => String(index).padStart(6, "0");

test.each<[number, string, (index: number) => string]>([
  [2000, "21 characters", (index) => `sgfeea6jsaz4mum${digits(index)}`],
  [2000, "21 characters that differ early", (index) => `${digits(index)}sgfeea6jsaz4mum`],
  [12_000, "with `-` and `_`", (index) => `a-b_c-${digits(index)}_${"-x_".repeat(12)}`],
  [2000, "base64", (index) => `${Buffer.from(`key ${digits(index)} of a share`).toString("base64")}+/=`],
  [2000, "words with dots", (index) => `share.number.${digits(index)}.of.many`],
])("an audit of %d keys on one session is linear: %s", async (most, _, keyOf) => {
  const operations: number[] = [];
  for (const count of [most / 4, most]) {
    const fixture = await fixtureWith(count, keyOf);
    const args = ["--session", fixture.emulator.sessions[0]!, "-o", `json=${fixture.path("r")}`, "-o", "table"];
    operations.push(await operationsOf(async () => expect((await fixture.run(args)).code).toBe(1)));
  }
  const [few = 0, many = 0] = operations;
  expect(few).toBeGreaterThan(most / 4);
  // Four times the shares: four times the work, and a tenth for sorting.
  expect(many / few).toBeLessThan(4.4);
});

/** The audit after the stacks were destroyed: the earlier report knows their shares, and `--accept` names every one. */
async function operationsAfterDestruction(stacks: number): Promise<number> {
  const fixture = await createFixture();
  const last = fixture.path("last.json");
  const full: string[] = [];
  const empty: string[] = [];
  const state = (index: number, resources: readonly object[]) => {
    const urn = `urn:pulumi:stack-${index}::shop::pulumi:pulumi:Stack::shop-stack-${index}`;
    const stack = { urn, type: "pulumi:pulumi:Stack", custom: false };
    return ["--state", fixture.stateFile([stack, ...resources])];
  };
  const accept: object[] = [];
  for (let index = 0; index < stacks; index++) {
    const shares = [1, 2, 3, 4].map(() => fixture.share(-1, 8));
    const declared = shares.map((share, count) =>
      fixture.resourceFor(share, { stack: `stack-${index}`, name: `share-${count}` }),
    );
    full.push(...state(index, declared));
    empty.push(...state(index, []));
    for (const { key } of shares) {
      const until = new Date(now + hour).toISOString();
      accept.push({ fingerprint: fingerprintOf(key), finding: "orphaned", reason: "CHG-1042", until });
    }
  }
  expect((await fixture.run([...full, "-o", `json=${last}`])).code).toBe(0);
  const accepted = ["--accept", fixture.file("accept.json", JSON.stringify({ accept }))];
  const outputs = ["json", "csv", "sarif", "markdown", "html"].flatMap((name) => [
    "-o",
    `${name}=${fixture.path(name)}`,
  ]);
  const args = [...empty, "--previous", last, ...accepted, ...outputs];
  const operations = await operationsOf(async () => expect((await fixture.run(args)).code).toBe(0));
  const { findings } = JSON.parse(fixture.read("json")) as Report;
  expect(findings.filter(({ kind, accepted: by }) => kind === "orphaned" && by !== undefined)).toHaveLength(4 * stacks);
  return operations;
}

test("an audit of many stacks that were destroyed is linear, with an acceptance for each share", async () => {
  const [few, many] = [await operationsAfterDestruction(60), await operationsAfterDestruction(240)];
  expect(many / few).toBeLessThan(4.4);
});
