// Reads the text of a file that the command line names.
import { decodeText, readRegularFile, UnreadableFile } from "../../client";

const mebibyte = 1024 * 1024;

/** States of thousands of resources have some megabytes. Far above that, one file would fill the memory of the audit. */
export const maximumStateSize = 256 * mebibyte;
/** A report has about one kilobyte for each share. */
export const maximumReportSize = 256 * mebibyte;
export const maximumAcceptanceSize = mebibyte;

/** The text of a file, or why it cannot be read: a short phrase. */
export type FileText = { readonly text: string } | { readonly problem: string };

/** Reads a regular file in UTF-8 or UTF-16. Does not throw. */
export function readTextFile(path: string, maximumSize: number): FileText {
  try {
    return { text: decodeText(readRegularFile(path, maximumSize)) };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { problem: error.message === "EISDIR" ? "it is a folder" : error.message };
  }
}
