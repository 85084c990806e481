// A real S3-compatible server for the tests of shared state (versitygw), on a free port of loopback.
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { root } from "./repository";
import { answering, end, freePort, type StateObject, type StateServer } from "./state-backend";

/** Starts a server without buckets. The first call in a checkout builds the server, which takes minutes. */
export async function startS3(): Promise<StateServer> {
  const { stdout } = await promisify(execFile)("node", ["scripts/s3-server.mjs"], { cwd: root, encoding: "utf8" });
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-s3-"));
  const objects = join(folder, "objects");
  const attributes = join(folder, "attributes");
  for (const path of [objects, attributes]) mkdirSync(path);
  const [access, secret] = [randomBytes(8).toString("hex"), randomBytes(16).toString("hex")];
  const address = `127.0.0.1:${await freePort()}`;
  // Without `--sidecar` it needs a file system with extended attributes.
  const args = ["--port", address, "--quiet", "posix", "--sidecar", attributes, objects];
  const env = { PATH: process.env["PATH"], ROOT_ACCESS_KEY: access, ROOT_SECRET_KEY: secret };
  const server = spawn(stdout.trim(), args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  await answering(server, () => fetch(`http://${address}/`));
  return {
    backend: (bucket) => {
      mkdirSync(join(objects, bucket));
      const options = `endpoint=http://${address}&disableSSL=true&s3ForcePathStyle=true&region=us-east-1`;
      return {
        env: {
          PULUMI_BACKEND_URL: `s3://${bucket}?${options}`,
          AWS_ACCESS_KEY_ID: access,
          AWS_SECRET_ACCESS_KEY: secret,
        },
        secret,
        objects: () => Promise.resolve(filesIn(join(objects, bucket))),
      };
    },
    stop: async () => {
      await end(server, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function filesIn(folder: string): StateObject[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ name: relative(folder, path), content: readFileSync(path, "utf8") }));
}
