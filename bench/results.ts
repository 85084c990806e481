// Keeps what was found: JSON for each part, and docs/benchmarks.md made from the last full run of each part.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./machine";
import type { Bar, Findings, Part, Table } from "./part";

/** What stands in bench/results/PART.json. */
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

export function keep(result: Result): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(result.part, result.quick), `${JSON.stringify(result, null, 1)}\n`);
}

/** The last result of a part; undefined where there is none. */
export function lastResult(part: string, quick: boolean): Result | undefined {
  const file = fileOf(part, quick);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Result) : undefined;
}

/** Writes the results of full runs behind what people have written on the page. */
export function writePage(parts: readonly Part[]): void {
  const results = parts.flatMap(({ name }) => lastResult(name, false) ?? []);
  const [prose = ""] = readFileSync(page, "utf8").split(marker);
  const bars = `## Bars\n\n${markdown(barTable(results.flatMap((result) => result.bars)))}`;
  writeFileSync(page, `${prose}${marker}\n\n${[bars, ...results.map(section)].join("\n\n")}\n`);
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

export function barTable(bars: readonly Bar[]): Table {
  return {
    title: "Bars",
    rows: [
      ["figure", "bar", "measured", ""],
      ...bars.map(({ figure, limit, measured, met }) => [figure, limit, measured, met ? "met" : "MISSED"]),
    ],
  };
}

function markdown({ rows: [head = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The same for a terminal. */
export function plain({ title, rows }: Table): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return `\n${title}\n${rows.map((row) => `  ${line(row)}`).join("\n")}`;
}
