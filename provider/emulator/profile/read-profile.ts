// Reads the file that `fudo-audit doctor -o json=FILE` wrote, for the command `fudo-emulator --profile FILE`.
import { readFileSync } from "node:fs";
import { type ApplianceProfile, requireProfile } from "./profile";

/** Throws a RangeError with one sentence that names the file and what is wrong with it. */
export function readProfile(file: string): ApplianceProfile {
  try {
    const profile: unknown = JSON.parse(readFileSync(file, "utf8"));
    requireProfile("profile", profile);
    return profile as ApplianceProfile;
  } catch (error) {
    const { message } = error as Error;
    throw new RangeError(`--profile ${file}: ${error instanceof SyntaxError ? "the file is not JSON" : message}`, {
      cause: error,
    });
  }
}
