// The Node.js version that undici 8 needs, said in one sentence instead of a failure deep inside it.
import { FudoError } from "./errors";

const least = [22, 19] as const;

/** Throws `config` on an older Node.js. */
export function demandNode(version = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return;
  throw new FudoError(
    "config",
    `pulumi-fudo needs Node.js ${least.join(".")} or newer; this is ${version}. Put a newer \`node\` first on PATH.`,
  );
}
