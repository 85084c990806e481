// Builds the S3 server for the engine tests of shared state, once for each version that tools/engine/s3 pins. Prints its path on
// stdout; exits with code 1 and a message if that fails. Plain Node 20, no dependencies.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bin, build, find, pinsOf, withLock, writeAtomically } from "./engine.mjs";
import { endWithChildren, StepFailed } from "./processes.mjs";

const record = join(dirname(bin), "s3-server.json");
const server = {
  name: "versitygw",
  folder: "s3",
  source: "github.com/versity/versitygw/cmd/versitygw",
  usually: "2 minutes the first time",
};

/** The path of the server. Not part of the set-up, because only two tests need it. */
export async function ensureS3Server() {
  mkdirSync(bin, { recursive: true });
  return withLock(async () => {
    const pins = pinsOf([server]);
    const found = find(server.name, [bin]);
    if (found && existsSync(record) && JSON.parse(readFileSync(record, "utf8")).pins === pins) return found;
    const tried = [];
    if (!(await build(server, tried))) throw new StepFailed(tried.join("\n"));
    writeAtomically(record, `${JSON.stringify({ pins }, null, 2)}\n`);
    return find(server.name, [bin]);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endWithChildren();
  try {
    process.stdout.write(`${await ensureS3Server()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
