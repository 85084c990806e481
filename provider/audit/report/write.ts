// Writes one report in the formats that were asked for, to files and to standard output.
import { writeFile } from "node:fs/promises";
import { printable } from "../../client";
import { UsageError, type Format, type Output } from "../cli/arguments";
import type { Report } from "../model/report-schema";
import { toCsv } from "./formats/csv";
import { toHtml } from "./formats/html/html";
import { toJson } from "./formats/json";
import { toMarkdown } from "./formats/markdown";
import { toSarif } from "./formats/sarif";
import { toTable, type Terminal } from "./formats/table";
import { wantsColour, type Surroundings } from "../cli/process-io";

const writers: Readonly<Record<Format, (report: Report, terminal: Terminal) => string>> = {
  table: toTable,
  json: toJson,
  csv: toCsv,
  sarif: toSarif,
  markdown: toMarkdown,
  html: toHtml,
};

/** Columns of a table that goes to a file or a pipe. */
const plainWidth = 100;

/** Files first, so that a failure is not lost above a long table. Throws `UsageError` for a file that cannot be written. */
export async function writeReports(
  report: Report,
  outputs: readonly Output[],
  { stdout, environment }: Pick<Surroundings, "stdout" | "environment">,
): Promise<void> {
  for (const { format, file } of outputs) {
    if (file !== undefined) await writeTo(file, writers[format](report, { width: plainWidth, colour: false }));
  }
  const terminal = { width: stdout.columns ?? plainWidth, colour: wantsColour(stdout, environment) };
  for (const { format, file } of outputs) {
    if (file === undefined) stdout.write(writers[format](report, terminal));
  }
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(
      `--output: ${printable(file)} cannot be written (${(error as NodeJS.ErrnoException).code ?? "unwritable"})`,
    );
  }
}
