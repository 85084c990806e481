// Writes a report to a file in one step: a reader finds the earlier report or the new one, never a part, and only the owner
// can read it.
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { printable } from "../../client";

/**
 * Replaces or creates the file. Throws an error with one sentence, and then the earlier file is unchanged.
 *
 * Everything is synchronous: the handlers of signals (`run.ts`) run before or after, so that an interrupted audit leaves no
 * temporary file.
 */
export function replaceFile(file: string, text: string): void {
  const problem = problemOfTarget(file);
  if (problem !== undefined) throw new Error(problem);
  const folder = dirname(file);
  // A short name: the name of the target can be as long as the file system allows.
  const temporary = join(folder, `.fudo-audit-${randomBytes(8).toString("hex")}.tmp`);
  try {
    const descriptor = openSync(temporary, "wx", 0o600);
    try {
      writeWhole(descriptor, text);
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw new Error(`cannot write ${printable(file)} (${codeOf(error)}). ${adviceFor(codeOf(error))}`, {
      cause: error,
    });
  }
  syncFolder(folder);
}

/** Why the file cannot be written, found without writing: one sentence. The audit asks before it sends the first request. */
export function problemOfTarget(file: string): string | undefined {
  const cannot = `cannot write ${printable(file)}`;
  try {
    const target = lstatSync(file, { throwIfNoEntry: false });
    if (target?.isSymbolicLink() === true)
      return `${cannot}: it is a symbolic link. Name the file that it leads to, or - for standard output`;
    if (target?.isDirectory() === true || /[/\\]$/.test(file)) return `${cannot}: it is a folder. Name a file in it`;
    if (target !== undefined && !target.isFile())
      return `${cannot}: it is not a regular file. Name another file, or - for standard output`;
    if (!statSync(dirname(file)).isDirectory()) return `${cannot} (ENOTDIR). ${adviceFor("ENOTDIR")}`;
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `${cannot} (${codeOf(error)}). ${adviceFor(codeOf(error))}`;
  }
}

function writeWhole(descriptor: number, text: string): void {
  try {
    writeFileSync(descriptor, text);
    // Without this, a power failure after the rename can leave an empty file and no earlier one.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the rename itself durable. Some systems cannot do that for a folder, and the report is written all the same. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unwritable";
}

const advice: Readonly<Record<string, string>> = {
  ENOENT: "The folder does not exist: create it",
  ENOTDIR: "A part of the path is not a folder",
  EACCES: "The audit writes a temporary file in the same folder: allow it to write there",
  EPERM: "The audit writes a temporary file in the same folder: allow it to write there",
  EROFS: "The file system is read-only",
  ENOSPC: "The disk is full. The earlier file is unchanged",
  EDQUOT: "The disk quota is used up. The earlier file is unchanged",
  EFBIG: "The report is larger than the allowed file size. The earlier file is unchanged",
  EBUSY: "The file is mounted or in use, so it cannot be replaced: name another file",
};

function adviceFor(code: string): string {
  return advice[code] ?? "The earlier file is unchanged";
}
