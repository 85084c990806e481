// The flags for one run: environment variables that change what this run does, and nothing that a state keeps.
import { FudoError } from "../../client/errors";
import { Malformed, parseBoolean } from "../setting-values";
import { fingerprintShape } from "../share/id";

/** `off`: never. `newest`: the newest live link of the declaration. A set: exactly the shares with these fingerprints. */
export type RecoverFlag = "off" | "newest" | ReadonlySet<string>;

export interface RunFlags {
  /** `FUDO_ABANDON_LIVE=true`: deletions and replacements ignore `refuseWhileLive`. */
  readonly abandonLive: boolean;
  /** `FUDO_RECOVER`: creates take over links that an interrupted run has left. */
  readonly recover: RecoverFlag;
}

/** Throws `config` for a malformed flag: a misspelled one must not look like one that is not set. */
export function readRunFlags(environment: Readonly<Record<string, string | undefined>>): RunFlags {
  return {
    abandonLive: readAbandonLive(environment["FUDO_ABANDON_LIVE"]?.trim() ?? ""),
    recover: readRecover(environment["FUDO_RECOVER"]?.trim() ?? ""),
  };
}

function readAbandonLive(text: string): boolean {
  const value = text === "" ? false : parseBoolean(text);
  if (value instanceof Malformed) throw new FudoError("config", `FUDO_ABANDON_LIVE ${value.text}`);
  return value;
}

function readRecover(text: string): RecoverFlag {
  if (text === "" || text === "false") return "off";
  if (text === "true") return "newest";
  const fingerprints = text.split(",").map((part) => part.trim());
  if (fingerprints.every((part) => fingerprintShape.test(part))) return new Set(fingerprints);
  throw new FudoError(
    "config",
    'FUDO_RECOVER must be "true", or fingerprints of 16 hex digits separated by commas (fudo-audit prints them)',
  );
}
