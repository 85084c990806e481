// The work of an audit grows with the number of shares, not faster: counted in operations, not in time.
import { createFixture, type AuditFixture } from "./fixture";

/** The methods that each character, message or share of an audit passes. */
const counted: readonly (readonly [object, string])[] = [
  [Map.prototype, "get"],
  [Map.prototype, "set"],
  [Set.prototype, "has"],
  [String.prototype, "slice"],
  [String.prototype, "includes"],
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
