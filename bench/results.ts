// Saves results: one JSON file per part, and docs/benchmarks.md from the last full run of each part.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Machine } from "./machine";
import type { Findings, Part, Table, Threshold } from "./part";

/** The content of bench/results/PART.json. */
export interface Result extends Findings {
  readonly part: string;
  readonly about: string;
  readonly machine: Machine;
  readonly quick: boolean;
  readonly minutes: number;
}

const root = join(__dirname, "..");
const folder = join(root, "bench", "results");
const page = join(root, "docs", "benchmarks.md");
const marker = "<!-- Below: written by `npm run bench`. -->";

const fileOf = (part: string, quick: boolean) => join(folder, `${part}${quick ? ".quick" : ""}.json`);

export function saveResult(result: Result): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(result.part, result.quick), `${JSON.stringify(result, null, 1)}\n`);
}

/** The last result of a part; undefined if it never ran. */
export function lastResult(part: string, quick: boolean): Result | undefined {
  const file = fileOf(part, quick);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result) : undefined;
}

/** Replaces everything below the marker on the page with the results of the last full runs. */
export async function writePage(parts: readonly Part[]): Promise<void> {
  const results = parts.flatMap(({ name }) => lastResult(name, false) ?? []);
  const [prose = ""] = readFileSync(page, "utf8").split(marker);
  const thresholds = `## Thresholds\n\n${markdown(thresholdTable(results.flatMap((result) => result.thresholds)))}`;
  const text = `${prose}${marker}\n\n${[thresholds, ...results.map(section)].join("\n\n")}\n`;
  // `npm run lint` checks the page with Prettier, so it is written as Prettier formats it.
  writeFileSync(page, await format(text, { ...(await resolveConfig(page)), filepath: page }));
}

function section({ part, about, tables, machine, minutes }: Result): string {
  const { date, cpu, cores, memory, system, node, pulumi, sdk, product, loadBefore } = machine;
  const facts = `${date} UTC, ${minutes} min: ${cores} x ${cpu}, ${memory}, ${system}, Node.js ${node}, Pulumi ${pulumi}, SDK ${sdk}, pulumi-fudo ${product}; load before: ${loadBefore.toFixed(2)}.`;
  return [
    `## ${part[0]?.toUpperCase()}${part.slice(1)}`,
    about,
    ...tables.map((table) => `${table.title}:\n\n${markdown(table)}`),
    facts,
  ].join("\n\n");
}

export function thresholdTable(thresholds: readonly Threshold[]): Table {
  return {
    title: "Thresholds",
    rows: [
      ["figure", "threshold", "measured", ""],
      ...thresholds.map(({ figure, limit, measured, met }) => [figure, limit, measured, met ? "met" : "MISSED"]),
    ],
  };
}

function markdown({ rows: [head = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function formatForTerminal({ title, rows }: Table): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `\n${title}\n${rows.map((row) => `  ${line(row)}`).join("\n")}`;
}
