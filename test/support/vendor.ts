// A vendor: a key pair of age, and the command that opens a sealed link. The programs are those of the age project, which share
// no code with the provider.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathWithLanguages } from "./plugin-language";

export interface Vendor {
  /** The public key. */
  readonly recipient: string;
  /** The file with the secret key. */
  readonly identity: string;
}

const environment = () => ({ ...process.env, PATH: pathWithLanguages() });

/** Writes a new secret key to a file in this folder. */
export function newVendor(folder: string, file = "key.txt"): Vendor {
  const identity = join(folder, file);
  execFileSync("age-keygen", ["-o", identity], { env: environment(), stdio: "pipe" });
  const recipient = execFileSync("age-keygen", ["-y", identity], { env: environment(), encoding: "utf8" }).trim();
  return { recipient, identity };
}

/** What the vendor reads in this text, or the reason why `age` does not open it. */
export function openedBy({ identity }: Vendor, text: string): string {
  const { status, stdout, stderr } = spawnSync("age", ["-d", "-i", identity], {
    env: environment(),
    input: text,
    encoding: "utf8",
  });
  return status === 0 ? stdout : stderr;
}

/** What `age` says to somebody who is no recipient. */
export const notForMe = expect.stringContaining("no identity matched any of the recipients");
