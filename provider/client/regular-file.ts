// Reads a file that a user names: only a regular file, and only up to a limit. Anything else could keep the process waiting
// for ever (a named pipe), or fill its memory (a device).
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const mebibyte = 1024 * 1024;

/** Says in `message` why the file cannot be read: a short phrase, without the path. */
export class UnreadableFile extends Error {}

/** The bytes of a regular file. Throws `UnreadableFile`. */
export function readRegularFile(path: string, maximumSize: number): Buffer {
  let file: number | undefined;
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const status = fstatSync(file);
    if (!status.isFile()) throw new UnreadableFile(status.isDirectory() ? "EISDIR" : "not a regular file");
    if (status.size > maximumSize) throw tooLarge(maximumSize);
    return readFully(file, status.size, maximumSize);
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw cause;
    throw new UnreadableFile((cause as NodeJS.ErrnoException).code ?? "unreadable", { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Some files of /proc have size 0 and do not end, so the size is only where the reading starts. */
function readFully(file: number, size: number, maximumSize: number): Buffer {
  const chunks: Buffer[] = [];
  for (let length = 0; ;) {
    const chunk = Buffer.allocUnsafe(Math.max(size - length, 65_536));
    const read = readSync(file, chunk, 0, chunk.length, null);
    if (read === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (length > maximumSize) throw tooLarge(maximumSize);
  }
}

function tooLarge(maximumSize: number): UnreadableFile {
  return new UnreadableFile(`larger than ${maximumSize / mebibyte} MiB`);
}
