// Reads the options of `fudo-audit doctor`.
import { UsageError } from "../model/usage-error";

export interface DoctorArguments {
  readonly command: "doctor";
  readonly session?: string;
  /** The session to make one share on. `yes`: without a question. */
  readonly testShare?: { readonly session: string; readonly yes: boolean };
  /** File for the appliance profile. */
  readonly profile?: string;
}

interface GivenOptions {
  readonly "test-share"?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly output?: string[] | undefined;
}

const doctorOptions = ["session", "test-share", "yes", "output"];

/** Throws `UsageError`. `values` has only the options that are given. */
export function doctorArguments(values: GivenOptions, sessions: readonly string[]): DoctorArguments {
  const others = Object.keys(values).filter((name) => !doctorOptions.includes(name));
  if (others.length > 0 || sessions.length > 1)
    throw new UsageError("doctor accepts one --session, --test-share, --yes and -o json=FILE, and no other option");
  const [session] = sessions;
  const { "test-share": testShare = false, yes = false, output = [] } = values;
  if (testShare && session === undefined) throw new UsageError("--test-share needs --session: the session to share");
  if (yes && !testShare) throw new UsageError("--yes answers the question of --test-share: use both");
  const profile = profileFile(output);
  return {
    command: "doctor",
    ...(session !== undefined && { session }),
    ...(testShare && session !== undefined && { testShare: { session, yes } }),
    ...(profile !== undefined && { profile }),
  };
}

function profileFile([text, another]: readonly string[]): string | undefined {
  if (text === undefined) return undefined;
  const [, file] = /^json=(.+)$/s.exec(text) ?? [];
  if (file === undefined || file === "-" || another !== undefined)
    throw new UsageError("doctor writes one appliance profile to a file: -o json=FILE");
  return file;
}
