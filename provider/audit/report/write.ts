// Writes one report in the requested formats, to files and to standard output. One output that fails does not lose the others.
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
import { problemOfTarget, replaceFile } from "./replace-file";

const writers: Readonly<Record<Format, (report: Report, terminal: Terminal) => string>> = {
  table: toTable,
  json: toValidJson,
  csv: toCsv,
  sarif: toSarif,
  markdown: toMarkdown,
  html: toHtml,
};

/** Columns of a table that goes to a file or a pipe. */
const defaultWidth = 100;

/** Throws `UsageError` for files that cannot be written. Called before the first request: an audit can take minutes. */
export function requireWritable(outputs: readonly Output[]): void {
  const problems = outputs.flatMap(({ file }) => (file === undefined ? [] : (problemOfTarget(file) ?? [])));
  if (problems.length > 0) throw new UsageError(`--output: ${problems.join("; ")}`);
}

/**
 * Tries every output, files first, and prints a line to standard error for each one that failed: last, so that a long table
 * does not hide it. Returns the lowest exit code that is still true: 0, 2 for a file that could not be written, or 3 for a
 * report that could not be made.
 */
export function writeReports(
  report: Report,
  outputs: readonly Output[],
  { stdout, stderr, environment }: Pick<ProcessIo, "stdout" | "stderr" | "environment">,
): number {
  const failures: { readonly text: string; readonly code: number }[] = [];
  const make = (format: Format, terminal: Terminal): string | undefined => {
    try {
      return writers[format](report, terminal);
    } catch (error) {
      failures.push({ text: `the ${format} report could not be made: ${(error as Error).message}. ${bug}`, code: 3 });
      return undefined;
    }
  };
  for (const { format, file } of outputs) {
    const text = file === undefined ? undefined : make(format, { width: defaultWidth, colour: false });
    if (file === undefined || text === undefined) continue;
    try {
      replaceFile(file, text);
    } catch (error) {
      failures.push({ text: `--output: ${(error as Error).message}`, code: 2 });
    }
  }
  const terminal = { width: stdout.columns ?? defaultWidth, colour: wantsColour(stdout, environment) };
  for (const { format, file } of outputs) {
    const text = file === undefined ? make(format, terminal) : undefined;
    if (text !== undefined) stdout.write(text);
  }
  for (const { text } of failures) stderr.write(`fudo-audit: ${printable(text, 2000)}\n`);
  return Math.max(0, ...failures.map(({ code }) => code));
}

const bug = "Please report this as a bug of pulumi-fudo, with this message";

/** Throws for a report that does not match its schema: `--previous` could not read it, so the earlier file must stay. */
function toValidJson(report: Report): string {
  const { error } = reportSchema.safeParse(report);
  if (error === undefined) return toJson(report);
  const places = error.issues.slice(0, 3).map(({ path }) => path.map(String).join("."));
  throw new Error(`it does not match the schema at ${places.join(", ")}`);
}
