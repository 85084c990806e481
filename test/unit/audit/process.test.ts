// The command as a process: output that cannot be written, crashes, and versions of Node.js that are too old.
import { createWriteStream, openSync } from "node:fs";
import { PassThrough } from "node:stream";
import ts from "typescript";
import { nodeProblem } from "../../../provider/audit/command";
import { watchedOutput } from "../../../provider/audit/cli/standard-output";
import { crashText, run } from "../../../provider/audit/run";
import { systemClock } from "../../../provider/time/clock";
import { textOf } from "../../support/repository";
import { createFixture } from "./fixture";

/** Runs the command with this stream as its standard output. */
async function runInto(stream: NodeJS.WritableStream, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  let stderr = "";
  const stdout = watchedOutput(stream as NodeJS.WriteStream);
  const errors = { write: (text: string) => (stderr += text) };
  const code = await run(args, { environment, stdin: process.stdin, stdout, stderr: errors, clock: systemClock });
  return { code, stderr };
}

const full = () => createWriteStream("", { fd: openSync("/dev/full", "w") });
/** A stream whose every write fails with this code. */
function failing(code: string): NodeJS.WritableStream {
  const error = Object.assign(new Error(code), { code });
  return new PassThrough({ transform: (_chunk, _encoding, done) => done(error) });
}

describe("standard output that cannot be written is exit code 3 with one sentence", () => {
  test.each([["--help"], ["--version"]])("for %s", async (...args) => {
    expect(await runInto(full(), args)).toEqual({
      code: 3,
      stderr: "fudo-audit: cannot write to standard output (ENOSPC), so a part of it is lost\n",
    });
  });

  test.each(["table", "json", "csv", "sarif", "markdown", "html"])("for a report in %s", async (format) => {
    const fixture = await createFixture();
    const args = ["--session", fixture.emulator.sessions[0]!, "-o", format];
    expect(await runInto(full(), args, fixture.environment)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("ENOSPC"),
    });
  });

  test("for doctor", async () => {
    const fixture = await createFixture();
    expect(await runInto(full(), ["doctor"], fixture.environment)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("ENOSPC"),
    });
  });

  test.each(["EIO", "EBADF", "EFBIG"])("with %s", async (error) => {
    expect(await runInto(failing(error), ["--help"])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(error),
    });
  });
});

test("a reader that closes early is no failure", async () => {
  expect(await runInto(failing("EPIPE"), ["--help"])).toEqual({ code: 0, stderr: "" });
});

test("the command waits until a slow reader has everything", async () => {
  const slow = new PassThrough({ highWaterMark: 1 });
  let received = "";
  const done = runInto(slow, ["--help"]);
  slow.on("data", (chunk: Buffer) => (received += chunk.toString()));
  expect(await done).toEqual({ code: 0, stderr: "" });
  expect(received).toMatch(/^fudo-audit: .*\(overrides 1\)\n$/s);
});

test("the text of a crash has no key", () => {
  const key = "k".repeat(64);
  expect(crashText(new Error(`cannot read key=${key}`))).toMatch(
    /the audit is incomplete, because of a bug.*\[secret\]/,
  );
  expect(crashText("text")).toContain("text");
});

describe("an old Node.js", () => {
  test.each(["12.22.12", "14.21.3", "22.18.0", "8.17.0"])("%s gets a sentence", (version) => {
    expect(nodeProblem(version)).toMatch(
      /requires Node\.js 22\.19 or newer, but this is Node\.js [\d.]+\. Put a newer/,
    );
  });

  test.each(["22.19.0", "24.0.0", process.versions.node])("%s is supported", (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  test("the version is the one that the package requires", () => {
    const { engines } = JSON.parse(textOf("package.json")) as { engines: { node: string } };
    expect(engines.node).toBe(">=22.19");
  });

  test.each(["audit", "emulator", "plugin"])(
    "Node.js 12 can parse the command of the %s, which loads the rest later",
    (folder) => {
      const source = textOf(`provider/${folder}/command.ts`);
      const compile = (target: ts.ScriptTarget) =>
        ts.transpileModule(source, {
          compilerOptions: { target, module: ts.ModuleKind.Node16, useDefineForClassFields: false },
        }).outputText;
      // What the compiler would have to rewrite for ES2019 is syntax that Node.js 12 does not know.
      expect(compile(ts.ScriptTarget.ES2023)).toBe(compile(ts.ScriptTarget.ES2019));
      expect(compile(ts.ScriptTarget.ES2023).match(/^const .* require\(/gm)).toBeNull();
    },
  );
});
