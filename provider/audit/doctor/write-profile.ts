// Writes the appliance profile to its file, in one step and readable for its owner only, like every report of the audit.
import type { OutputStream } from "../cli/process-io";
import { replaceFile } from "../report/replace-file";
import { profileOf } from "./observations/topics";
import type { ApplianceRecord } from "./record";

/** Returns the exit code: 2 where the file could not be written. Synchronous, because a signal calls it, too. */
export function writeProfile(file: string | undefined, record: ApplianceRecord, stderr: OutputStream): number {
  if (file === undefined) return 0;
  if (record.exchanges.every(({ response }) => response === undefined)) {
    stderr.write("fudo-audit: no profile was written, because the appliance has not responded\n");
    return 0;
  }
  try {
    replaceFile(file, `${JSON.stringify(profileOf(record), null, 2)}\n`);
    return 0;
  } catch (error) {
    stderr.write(`fudo-audit: --output: ${(error as Error).message}\n`);
    return 2;
  }
}
