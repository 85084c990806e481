// The command `fudo-emulator` as a child process, compiled as it ships, and its reading of the command line.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { transformSync } from "@swc/core";
import { nodeProblem } from "../../../provider/emulator/command";
import { call, list, sharePath } from "./requests";
import type { Emulator } from "../../../provider/emulator";

const source = join(__dirname, "../../../provider/emulator");
let compiled: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), "fudo-emulator-"));
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  )) {
    const { code } = transformSync(readFileSync(join(source, file), "utf8"), {
      jsc: { target: "es2023", parser: { syntax: "typescript" } },
      module: { type: "commonjs" },
    });
    mkdirSync(dirname(join(compiled, file)), { recursive: true });
    writeFileSync(join(compiled, file.replace(/ts$/, "js")), code);
  }
});

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(compiled, { recursive: true });
});

interface Command {
  child: ChildProcess;
  /** Standard output until the given text is in it. */
  until(text: string): Promise<string>;
  /** Exit code, output and errors, once it has ended. */
  end(): Promise<{ code: number | null; output: string; errors: string }>;
}

function command(...parameters: string[]): Command {
  const child = spawn(process.execPath, [join(compiled, "command.js"), ...parameters], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const closed = once(child, "close") as Promise<[number | null]>;
  let errors = "";
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => (output += `${line}\n`));
  return {
    child,
    async until(text) {
      while (!output.includes(text))
        await Promise.race([once(lines, "line"), closed.then(() => Promise.reject(new Error(`ended: ${errors}`)))]);
      return output;
    },
    async end() {
      const [code] = await closed;
      return { code, output, errors };
    },
  };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "says where it is and how to point a stack at it, stays up, ends cleanly on %s",
  async (signal) => {
    const { child, until, end } = command("--switch", "postStatus=201", "--sessions", "2");
    const output = await until("Ctrl-C");
    const url = /emulator at (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1] ?? "";
    const apiKey = /API key {3}([A-Za-z0-9]{64})/.exec(output)?.[1] ?? "";
    const [session = "", ...more] = output.match(/\b\d{19}\b/g) ?? [];
    expect(more).toHaveLength(1);
    expect(output).toContain(`pulumi config set fudo:url ${url}`);
    expect(output).toContain("pulumi config set --secret fudo:apiKey ");
    expect(output).not.toContain(`apiKey ${apiKey}`);
    const emulator = { url, apiKey, sessions: [session] } as unknown as Emulator;
    expect((await list(emulator)).status).toBe(200);
    const body = '{"valid_since":"2025-05-15T13:07:00.000Z","valid_to":"2025-05-15T21:07:00.000Z","readonly":true}';
    expect((await call(emulator, "POST", sharePath(session), { body })).status).toBe(201);
    child.kill(signal);
    expect(await end()).toMatchObject({ code: 0, errors: "" });
  },
);

test("over HTTPS it prints the pin; as JSON all that a script needs; the control door opens on request", async () => {
  const { child, until, end } = command(
    "--https",
    "--json",
    "--control",
    "--zone",
    "Asia/Kolkata",
    "--seed",
    "7",
    "--latency",
    "1",
  );
  const started = JSON.parse(await until("}")) as Emulator;
  expect((await list(started)).status).toBe(200);
  expect(started.certificateFingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect((await call(started, "POST", "/emulator/about", { body: "[]" })).json.value).toMatchObject({
    zone: "Asia/Kolkata",
    apiKey: started.apiKey,
  });
  child.kill("SIGTERM");
  expect((await end()).code).toBe(0);
  const text = command("--https");
  expect(await text.until("Ctrl-C")).toMatch(/pulumi config set fudo:certificateFingerprint [0-9A-F:]{95}/);
  text.child.kill("SIGTERM");
});

test("--help lists the options and every switch", async () => {
  const { code, output } = await command("--help").end();
  expect(code).toBe(0);
  for (const word of [
    "--https",
    "--port",
    "--host",
    "--zone",
    "--switch",
    "--control",
    "endedShares=shown|hidden",
    "shareLimit=0",
  ])
    expect(output).toContain(word);
});

test.each([
  [["--nonsense"], /Unknown option '--nonsense'/],
  [["--port", "70000"], /--port is a number from 0 to 65535/],
  [["--port", ""], /--port is a number/],
  [["--lost-post-answers", "2"], /--lost-post-answers is a number from 0 to 1/],
  [["--latency", "soon"], /--latency is a number/],
  [["--switch", "endedShares"], /--switch is NAME=VALUE/],
  [["--switch", "endedShares=maybe"], /endedShares is one of shown, hidden/],
  [["--switch", "nonsense=1"], /there is no switch "nonsense"/],
  [["--zone", "Mars/Olympus"], /Mars\/Olympus/],
  [["--host", "192.0.2.1"], /EADDRNOTAVAIL/],
])("%j is wrong: one message, no stack, exit code 2", async (parameters, message) => {
  const { code, errors } = await command(...parameters).end();
  expect([code, errors]).toEqual([2, expect.stringMatching(message)]);
  expect(errors).not.toMatch(/\n\s+at /);
});

test.each([
  ["20.19.4", "fudo-emulator needs Node 22.19 or newer, this is 20.19.4"],
  ["22.18.0", "fudo-emulator needs Node 22.19 or newer, this is 22.18.0"],
  ["22.19.0", undefined],
  ["24.0.0", undefined],
])("on Node %s: %s", (version, problem) => {
  expect(nodeProblem(version)).toBe(problem);
});
