// The checkout as a repository: which files git knows, what they say, and tables of Markdown. It must not know what is
// right about them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

/** Paths that git knows and that are still there, of all files or by git's patterns. */
export function trackedFiles(...patterns: readonly string[]): string[] {
  const list = (...more: string[]) =>
    execFileSync("git", ["ls-files", "-z", ...more, "--", ...patterns], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter(Boolean);
  const deleted = new Set(list("--deleted"));
  return list().filter((path) => !deleted.has(path));
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The cells of the table whose first heading is this one, row by row, without the headings. Throws where there is none. */
export function tableOf(markdown: string, heading: string): string[][] {
  const lines = markdown.split("\n");
  const start = lines.findIndex((line) => line.split("|")[1]?.trim() === heading && line.startsWith("|"));
  if (start === -1) throw new Error(`there is no table that begins with "${heading}"`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end === -1 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backquotes in a cell. */
export function quoted(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
}
