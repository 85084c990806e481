// A running `fudo-audit` that a signal ends, as a real process: it ends the Pulumi CLI, leaves the earlier report whole and no
// temporary file, and its exit code does not say that there are no findings. Runs the build.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { outcomeOf } from "../support/process-outcome";
import { fakePulumi } from "../unit/audit/fake-pulumi";

const command = join(__dirname, "..", "..", "dist", "provider", "audit", "command.js");

let folder: string;
let emulator: Emulator;
let previous: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fudo-audit-signals-"));
  emulator = await startEmulator({ seed: "signals", sessions: 20 });
  for (const sessionId of emulator.sessions) emulator.addShare(sessionId);
  await audit(["--all-sessions", "-o", `json=${file("last.json")}`]).exit;
  previous = readFileSync(file("last.json"), "utf8");
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);
const outputs = () => [
  "--previous",
  file("last.json"),
  "-o",
  `json=${file("last.json")}`,
  "-o",
  `html=${file("r.html")}`,
];

function audit(args: readonly string[], { env = {}, shell = "" }: { env?: NodeJS.ProcessEnv; shell?: string } = {}) {
  const environment = { ...process.env, FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey, ...env };
  const words = ["node", command, ...args];
  const all = shell === "" ? words : ["bash", "-c", `${shell}; exec "$@"`, "-", ...words];
  const child = spawn(all[0]!, all.slice(1), { env: environment, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return { child, exit: outcomeOf(child) };
}

/** The earlier report is whole, and nothing else was written. */
function expectUntouched(): void {
  expect(readFileSync(file("last.json"), "utf8")).toBe(previous);
  expect(readdirSync(folder).filter((name) => name !== "bin")).toEqual(["last.json"]);
}

/** A `pulumi` that connects to this server and then hangs, together with a process that it started. */
async function hangingPulumi(): Promise<{ server: Server; path: string }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const script = `require("node:net").connect(${port}, "127.0.0.1"); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`;
  const start = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(script)}], { stdio: "ignore" });`;
  return { server, path: fakePulumi(folder, `${start} ${script}`) };
}

/** The connections of the next processes; each ends with its process. */
async function connections(server: Server, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) sockets.push(...((await once(server, "connection")) as [Socket]));
  return sockets;
}

describe.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("%s", (signal) => {
  test("while the Pulumi CLI hangs: the CLI and what it started end, and the earlier report stays", async () => {
    const { server, path } = await hangingPulumi();
    const { child, exit } = audit(["--stack", "dev", ...outputs()], { env: { PATH: path } });
    const sockets = await connections(server, 2);
    const ends = sockets.map((socket) => once(socket.on("error", () => undefined).resume(), "close"));
    child.kill(signal);
    expect(await exit).toEqual({ code: null, signal, stdout: "", stderr: "" });
    await Promise.all(ends);
    server.close();
    expectUntouched();
  });

  test("while the appliance does not respond: the earlier report stays", async () => {
    const gate = emulator.hold();
    const { child, exit } = audit(["--all-sessions", ...outputs()]);
    await gate.arrived();
    child.kill(signal);
    expect(await exit).toEqual({ code: null, signal, stdout: "", stderr: "" });
    expectUntouched();
    gate.release();
  });
});

test("a signal while a report is written ends the command after that step: the file is whole", async () => {
  // Sends the signal between writing the temporary file and renaming it, for the first of two reports.
  const preload = file("preload.cjs");
  writeFileSync(
    preload,
    `const fs = require("node:fs"), { fsyncSync } = fs;
fs.fsyncSync = (descriptor) => { fs.fsyncSync = fsyncSync; process.kill(process.pid, "SIGTERM"); return fsyncSync(descriptor); };`,
  );
  const { exit } = audit(["--all-sessions", ...outputs()], { env: { NODE_OPTIONS: `--require=${preload}` } });
  expect(await exit).toMatchObject({ code: null, signal: "SIGTERM" });
  expect(JSON.parse(readFileSync(file("last.json"), "utf8"))).toMatchObject({ format: "fudo-audit-report/2" });
  expect(readdirSync(folder).filter((name) => name.includes("tmp"))).toEqual([]);
});

test("a disk that accepts only the start of a report keeps the earlier one, and the findings are printed", async () => {
  const { exit } = audit(["--all-sessions", ...outputs(), "-o", "table"], { shell: "ulimit -f 1" });
  const { code, stdout, stderr } = await exit;
  expect(code).toBe(2);
  expect(stderr).toMatch(/cannot write \S+last\.json \(EFBIG\).*\n.*cannot write \S+r\.html \(EFBIG\)/);
  expect(stdout).toContain("20 high");
  expectUntouched();
});
