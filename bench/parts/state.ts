// What one share costs in the state, which the engine writes whole at each step: bytes of compact JSON, by attribute.
import { startAppliance } from "../appliance";
import { contenders, type Contender } from "../candidates";
import { atMost, number, type Part, type Table } from "../part";
import type { Place } from "../workspace";
import { openStack, type Resource } from "../stack";

/** Bytes per share: of everything, and of each attribute of the resource and of its inputs and outputs. */
type Bytes = Readonly<Record<string, number>>;

export const state: Part = {
  name: "state",
  about:
    "Bytes of compact JSON for each share in the state, without `stackTrace` and `sourcePosition`, which follow the install path, and `created` and `modified`, whose length is the engine's chance.",
  async measure(place, { growth, shares: most, quick }, say) {
    const sizes = quick ? [10] : growth.filter((n) => n <= most);
    const found: Record<string, Record<number, Bytes>> = {};
    for (const shares of sizes) {
      for (const contender of contenders) {
        const bytes = bytesOf(await statesOf(place, contender, shares));
        (found[contender.name] ??= {})[shares] = bytes;
        say(`${contender.name}, ${shares} shares: ${number(bytes["total"] ?? NaN)} bytes each`);
      }
    }
    const of = (name: string, shares: number, attribute = "total") => found[name]?.[shares]?.[attribute] ?? 0;
    return {
      tables: sizes.map((shares) => table(shares, (name, attribute) => of(name, shares, attribute), found)),
      bars: sizes.map((shares) =>
        atMost(`state bytes per share, of ${shares}`, of("product", shares), of("floor", shares), "floor", "B"),
      ),
      data: found,
    };
  },
};

type BytesOf = (contender: string, attribute: string) => number;

function table(shares: number, of: BytesOf, found: Record<string, Record<number, Bytes>>): Table {
  const attributes = [...new Set(Object.values(found).flatMap((sizes) => Object.keys(sizes[shares] ?? {})))].sort(
    (a, b) => of("product", b) - of("product", a),
  );
  const rows = attributes.map((attribute) => [
    `\`${attribute}\``,
    ...contenders.map(({ name }) => number(of(name, attribute))),
  ]);
  return {
    title: `Bytes per share, mean of ${shares}`,
    rows: [["attribute", ...contenders.map(({ name }) => name)], ...rows],
  };
}

async function statesOf(place: Place, contender: Contender, shares: number): Promise<Resource[]> {
  const appliance = await startAppliance(place, { sessions: shares });
  const stack = await openStack(place, contender, appliance);
  stack.declare(shares);
  await stack.run("up");
  const resources = await stack.resources();
  stack.close();
  await appliance.close();
  return resources.filter(isShare);
}

/** Whether an entry of a state is a share, not the stack or a provider. */
export function isShare({ type }: Resource): boolean {
  return type.endsWith(":SessionShare");
}

function bytesOf(shares: readonly Resource[]): Bytes {
  const sums: Record<string, number> = {};
  const add = (name: string, value: unknown, prefix: string) => {
    // The name, its quotes, the colon and the comma belong to the attribute.
    const bytes = Buffer.byteLength(JSON.stringify(value) ?? "") + Buffer.byteLength(name) + 4;
    sums[prefix + name] = (sums[prefix + name] ?? 0) + bytes;
  };
  for (const {
    stackTrace: _trace,
    sourcePosition: _position,
    created: _created,
    modified: _modified,
    ...kept
  } of shares) {
    sums["total"] = (sums["total"] ?? 0) + Buffer.byteLength(JSON.stringify(kept));
    for (const [name, value] of Object.entries(kept)) {
      if (name !== "inputs" && name !== "outputs") add(name, value, "");
      else for (const [inner, part] of Object.entries(value as object)) add(inner, part, `${name}.`);
    }
  }
  // Divided last: sums of whole bytes are exact, and the bar allows not a byte.
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / shares.length]));
}
