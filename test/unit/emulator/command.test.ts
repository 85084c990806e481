// The command `fudo-emulator` as a child process, compiled as in the package, and how it parses the command line.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { nodeProblem } from "../../../provider/emulator/command";
import { profileOf } from "../../support/appliance-profile";
import { compiledSuite } from "./compiled";
import { send, list, sharePath } from "./requests";
import type { Emulator } from "../../../provider/emulator";

const suite = compiledSuite();

interface Command {
  child: ChildProcess;
  /** Waits until standard output contains the text, and returns the output. */
  until(text: string): Promise<string>;
  /** Waits until the process exits. */
  end(): Promise<{ code: number | null; output: string; errors: string }>;
}

function startCommand(...parameters: string[]): Command {
  const child = spawn(process.execPath, [suite.pathOf("command.js"), ...parameters], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  suite.endLater(child);
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
        await Promise.race([once(lines, "line"), closed.then(() => Promise.reject(new Error(`exited: ${errors}`)))]);
      return output;
    },
    async end() {
      const [code] = await closed;
      return { code, output, errors };
    },
  };
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "the command prints how to connect a stack, keeps running, and exits with code 0 on %s",
  async (signal) => {
    const { child, until, end } = startCommand("--behaviour", "postStatus=201", "--sessions", "2");
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
    expect((await send(emulator, "POST", sharePath(session), { body })).status).toBe(201);
    child.kill(signal);
    expect(await end()).toMatchObject({ code: 0, errors: "" });
  },
);

test("--https prints the fingerprint, --json prints JSON, and --control enables the control API", async () => {
  const { child, until, end } = startCommand(
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
  expect((await send(started, "POST", "/emulator/about", { body: "[]" })).json.value).toMatchObject({
    zone: "Asia/Kolkata",
    apiKey: started.apiKey,
  });
  child.kill("SIGTERM");
  expect((await end()).code).toBe(0);
});

test.each([[["--seed", "same"]], [["--seed", "same", "--host", "0.0.0.0", "--name", "fudo", "--name", "2001:db8::1"]]])(
  "with --https %j, two emulators print the same fingerprint, key and sessions, and a URL that can be used",
  async (parameters) => {
    const printed: string[] = [];
    for (let count = 0; count < 2; count++) {
      const { child, until, end } = startCommand("--https", ...parameters);
      const output = await until("Ctrl-C");
      const [url = "", port = ""] = /https:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
      expect(output).toMatch(/pulumi config set fudo:certificateFingerprint [0-9A-F:]{95}/);
      expect(output).toMatch(/\d{19} {2}ssh\n +\d{19} {2}rdp/);
      expect(output.includes("Also at")).toBe(parameters.includes("--name"));
      if (parameters.includes("--name"))
        expect(output).toContain(`Also at   https://fudo:${port}\nAlso at   https://[2001:db8::1]:${port}\n`);
      const reachable = { url, apiKey: "", sessions: [""] } as unknown as Emulator;
      expect((await list(reachable, { tls: { rejectUnauthorized: false } })).status).toBe(401);
      printed.push(output.replaceAll(port, "PORT"));
      child.kill("SIGTERM");
      await end();
    }
    expect(printed[0]).toBe(printed[1]);
  },
);

test("--json prints the certificate, and JSON of one seed is the same for each start, apart from the port", async () => {
  const started: Emulator[] = [];
  for (let count = 0; count < 2; count++) {
    const { child, until } = startCommand("--https", "--json", "--seed", "same");
    started.push(JSON.parse(await until("}")) as Emulator);
    child.kill("SIGTERM");
  }
  expect({ ...started[0], url: "" }).toEqual({ ...started[1], url: "" });
  expect(started[0]?.certificate).toContain("BEGIN CERTIFICATE");
});

test("--help lists the options and the behaviour flags", async () => {
  const { code, output } = await startCommand("--help").end();
  expect(code).toBe(0);
  for (const word of [
    "--https",
    "--port",
    "--host",
    "--zone",
    "--behaviour",
    "--profile",
    "--control",
    "expiredShares=shown|hidden",
    "shareLimit=0",
  ])
    expect(output).toContain(word);
});

test.each([
  [["--nonsense"], /Unknown option '--nonsense'/],
  [["--port", "70000"], /--port must be a number from 0 to 65535/],
  [["--port", ""], /--port must be a number/],
  [["--lost-post-responses", "2"], /--lost-post-responses must be a number from 0 to 1/],
  [["--latency", "soon"], /--latency must be a number/],
  [["--behaviour", "expiredShares"], /--behaviour must be NAME=VALUE/],
  [["--behaviour", "expiredShares=maybe"], /expiredShares must be one of shown, hidden/],
  [["--behaviour", "nonsense=1"], /unknown behaviour flag "nonsense"/],
  [["--zone", "Mars/Olympus"], /Mars\/Olympus/],
  [["--host", "192.0.2.1"], /EADDRNOTAVAIL/],
  [["--host", ""], /host must not be empty/],
  [["--htps"], /Unknown option '--htps'; did you mean --https\?/],
  [["--behavior", "postStatus=201"], /Unknown option '--behavior'; did you mean --behaviour\?/],
  [["--name", "fudo"], /names are for the generated certificate/],
  [["--https", "--name", "two words"], /"two words" is no host name/],
  [["--latency", ""], /--latency must be a number/],
  [["--sessions", "2.5"], /--sessions must be a number/],
])("%j is rejected with one message, no stack trace and exit code 2", async (parameters, message) => {
  const { code, errors } = await startCommand(...parameters).end();
  expect([code, errors]).toEqual([2, expect.stringMatching(message)]);
  expect(errors).not.toMatch(/\n\s+at /);
});

describe("--profile", () => {
  let folder: string;
  const fileOf = (content: string) => {
    const file = join(folder, "profile.json");
    writeFileSync(file, content);
    return file;
  };
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "fudo-profile-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("the emulator behaves as the appliance of the profile, except for the given options", async () => {
    const profile = profileOf(
      { postStatus: "201", emptyList: "null" },
      { utcOffset: "+05:30", clockSkewSeconds: 9000 },
    );
    const file = fileOf(JSON.stringify(profile));
    const about = async (...parameters: string[]) => {
      const { child, until } = startCommand("--json", "--control", "--profile", file, ...parameters);
      const started = JSON.parse(await until("}")) as Emulator;
      const { json } = await send(started, "POST", "/emulator/about", { body: "[]" });
      const { headers } = await list(started);
      child.kill("SIGTERM");
      return { ...json.value, ahead: Math.round((Date.parse(headers.date ?? "") - Date.now()) / 60_000) };
    };
    const flags = { ...profile.observed, jsonLayout: "compact" };
    expect(await about()).toMatchObject({ zone: "+05:30", ahead: 150, behaviour: flags });
    expect(await about("--zone", "Asia/Tokyo", "--behaviour", "postStatus=200")).toMatchObject({
      zone: "Asia/Tokyo",
      behaviour: { ...flags, postStatus: "200" },
    });
  });

  test.each([
    ["is not there", undefined, /profile\.json: .*ENOENT/],
    ["is no JSON", "{", /profile\.json: the file is not JSON/],
    ["is no profile", '{"version":3}', /the file is no appliance profile/],
    ["is of a later format", '{"format":"fudo-appliance-profile/2"}', /this release reads fudo-appliance-profile\/1/],
    ["has an unknown flag", JSON.stringify(profileOf({ sorted: "yes" } as object)), /unknown behaviour flag "sorted"/],
  ])("a file that %s is refused with one sentence and exit code 2", async (_, content, message) => {
    rmSync(join(folder, "profile.json"), { force: true });
    const file = content === undefined ? join(folder, "profile.json") : fileOf(content);
    const { code, errors } = await startCommand("--profile", file).end();
    expect([code, errors]).toEqual([2, expect.stringMatching(message)]);
    expect(errors.trimEnd().split("\n")).toHaveLength(2);
  });
});

test.each([
  ["20.19.4", "fudo-emulator requires Node.js 22.19 or newer, but this is Node.js 20.19.4"],
  ["22.18.0", "fudo-emulator requires Node.js 22.19 or newer, but this is Node.js 22.18.0"],
  ["22.19.0", undefined],
  ["24.0.0", undefined],
])("the message on Node.js %s is: %s", (version, problem) => {
  expect(nodeProblem(version)).toBe(problem);
});
