// Checks the Node.js version, so that an old one causes one clear error instead of a failure inside undici 8.
import { FudoError } from "./errors";

const minimum = [22, 19] as const;

/** Throws `config` on an older Node.js. */
export function assertNodeVersion(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return;
  throw new FudoError(
    "config",
    `pulumi-fudo requires Node.js ${minimum.join(".")} or newer, but this is Node.js ${version}. Put a newer \`node\` first on PATH.`,
  );
}
