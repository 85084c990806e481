// Writes one report in the requested formats, to files and to standard output.
import { writeFile } from "node:fs/promises";
import { printable } from "../../client";
import type { Format, Output } from "../cli/arguments";
import { wantsColour, type ProcessIo } from "../cli/process-io";
import { reportSchema, type Report } from "../model/report-schema";
import { UsageError } from "../model/usage-error";
import { toCsv } from "./formats/csv";
import { toHtml } from "./formats/html/html";
import { toJson } from "./formats/json";
import { toMarkdown } from "./formats/markdown";
import { toSarif } from "./formats/sarif";
import { toTable, type Terminal } from "./formats/table";

const writers: Readonly<Record<Format, (report: Report, terminal: Terminal) => string>> = {
  table: toTable,
  json: toJson,
  csv: toCsv,
  sarif: toSarif,
  markdown: toMarkdown,
  html: toHtml,
};

/** Columns of a table that goes to a file or a pipe. */
const defaultWidth = 100;

/**
 * Writes files first: a long table must not hide an error. Throws `UsageError` for a file that cannot be written, and before
 * it writes anything an error for a report that does not match its schema: `--previous` could not read that report.
 */
export async function writeReports(
  report: Report,
  outputs: readonly Output[],
  { stdout, environment }: Pick<ProcessIo, "stdout" | "environment">,
): Promise<void> {
  requireValid(report);
  for (const { format, file } of outputs) {
    if (file !== undefined) await writeTo(file, writers[format](report, { width: defaultWidth, colour: false }));
  }
  const terminal = { width: stdout.columns ?? defaultWidth, colour: wantsColour(stdout, environment) };
  for (const { format, file } of outputs) {
    if (file === undefined) stdout.write(writers[format](report, terminal));
  }
}

function requireValid(report: Report): void {
  const { error } = reportSchema.safeParse(report);
  if (error === undefined) return;
  const places = error.issues.slice(0, 3).map(({ path }) => path.map(String).join("."));
  throw new Error(
    `the audit is incomplete: its report does not match the schema at ${places.join(", ")}, so nothing was written. Please report this as a bug of pulumi-fudo, with this message`,
  );
}

async function writeTo(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(
      `--output: cannot write ${printable(file)} (${(error as NodeJS.ErrnoException).code ?? "unwritable"})`,
    );
  }
}
