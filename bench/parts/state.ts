// Measures how many bytes one share takes in the state, by attribute: the engine writes the whole state at each step.
import { startAppliance } from "../appliance";
import { candidates, type Candidate } from "../candidates";
import { atMost, number, type Part, type Table } from "../part";
import { isShare, openStack, type Resource } from "../stack";
import type { Workspace } from "../workspace";

/** Bytes per share: `total`, and each attribute of the resource, its inputs and its outputs. */
export type Bytes = Readonly<Record<string, number>>;

/** What the declaration's tag may take: the contract allows 60 bytes per share. The baseline has no tag. */
const tagBytes = 60;

export const state: Part = {
  name: "state",
  about:
    "Bytes of compact JSON per share in the state. Not counted: `stackTrace` and `sourcePosition`, which depend on the install path, and `created` and `modified`, whose length varies.",
  async measure(workspace, { growth, shares: most, quick }, log) {
    const sizes = quick ? [10] : growth.filter((n) => n <= most);
    const found: Record<string, Record<number, Bytes>> = {};
    for (const shares of sizes) {
      for (const candidate of candidates) {
        const bytes = bytesOf(await sharesOf(workspace, candidate, shares));
        (found[candidate.name] ??= {})[shares] = bytes;
        log(`${candidate.name}, ${shares} shares: ${number(bytes["total"] ?? NaN)} bytes each`);
      }
    }
    const of = (name: string, shares: number, attribute = "total") => found[name]?.[shares]?.[attribute] ?? 0;
    return {
      tables: sizes.map((shares) => table(shares, (name, attribute) => of(name, shares, attribute), found)),
      thresholds: sizes.map((shares) => {
        const figure = `state bytes per share, ${shares} shares`;
        return atMost(figure, of("product", shares), of("baseline", shares) + tagBytes, "baseline and tag", "B");
      }),
      data: found,
    };
  },
};

type BytesOf = (candidate: string, attribute: string) => number;

function table(shares: number, of: BytesOf, found: Record<string, Record<number, Bytes>>): Table {
  const attributes = [...new Set(Object.values(found).flatMap((sizes) => Object.keys(sizes[shares] ?? {})))].sort(
    (a, b) => of("product", b) - of("product", a),
  );
  const rows = attributes.map((attribute) => [
    `\`${attribute}\``,
    ...candidates.map(({ name }) => number(of(name, attribute))),
  ]);
  return {
    title: `Bytes per share, mean of ${shares}`,
    rows: [["attribute", ...candidates.map(({ name }) => name)], ...rows],
  };
}

async function sharesOf(workspace: Workspace, candidate: Candidate, shares: number): Promise<Resource[]> {
  const appliance = await startAppliance(workspace, { sessions: shares });
  const stack = await openStack(workspace, candidate, appliance);
  stack.declare(shares);
  await stack.run("up");
  const resources = await stack.resources();
  stack.close();
  await appliance.close();
  return resources.filter(isShare);
}

/** What `pulumi stack export` shows of these shares. */
export function bytesOf(shares: readonly Resource[]): Bytes {
  const sums: Record<string, number> = {};
  const add = (name: string, value: unknown, prefix: string) => {
    // The name, its quotes, the colon and the comma count for the attribute.
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
  // Divided last: sums of whole bytes are exact, and the threshold allows no extra byte.
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / shares.length]));
}
