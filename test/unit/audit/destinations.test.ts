// Where reports go: each has a place of its own, no report replaces what the audit reads, and a wrong place is found before
// the first request.
import { closeSync, existsSync, linkSync, mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rootCertificates } from "node:tls";
import { readArguments, type AuditArguments } from "../../../provider/audit/cli/arguments";
import { requireDistinctDestinations } from "../../../provider/audit/cli/destinations";
import { fakePulumi } from "./fake-pulumi";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** Runs an audit that must be refused, and returns the sentence. */
async function refused(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await fixture.run(["--session", fixture.emulator.sessions[0]!, ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(fixture.emulator.requests).toEqual([]);
  return stderr;
}

describe("two reports in one place are wrong usage", () => {
  test.each<[string, (path: string) => string]>([
    ["the same path", (path) => path],
    ["a path with a dot", (path) => path.replace(/\/r$/, "/./r")],
    ["a path through its folder", (path) => path.replace(/\/r$/, "/sub/../r")],
    ["a path with two slashes", (path) => path.replace(/\/r$/, "//r")],
    ["a path through a link to the folder", (path) => path.replace(/\/r$/, "/link/r")],
  ])("%s", async (_, other) => {
    mkdirSync(fixture.path("sub"));
    symlinkSync(fixture.folder, fixture.path("link"));
    const path = fixture.path("r");
    expect(await refused("-o", `json=${path}`, "-o", `csv=${other(path)}`)).toMatch(
      /are the same file|same destination/,
    );
    expect(existsSync(path)).toBe(false);
  });

  test("two names of one file on the disk", async () => {
    writeFileSync(fixture.path("a"), "");
    linkSync(fixture.path("a"), fixture.path("b"));
    expect(await refused("-o", `json=${fixture.path("a")}`, "-o", `csv=${fixture.path("b")}`)).toMatch(/same file/);
  });
});

describe("a file that the shell opened for the command", () => {
  const check = (path: string, args: readonly string[], stream: "stdin" | "stdout") => {
    const descriptor = openSync(path, "r");
    try {
      const read = readArguments(args) as AuditArguments;
      requireDistinctDestinations(read, { stdin: -1, stdout: -1, [stream]: descriptor });
    } finally {
      closeSync(descriptor);
    }
  };

  test("is no place for a report when it is standard output", () => {
    const path = fixture.file("r", "");
    symlinkSync(fixture.folder, fixture.path("link"));
    for (const name of [path, join(fixture.folder, "link", basename(path))])
      expect(() => check(path, ["--session", "1", "-o", `json=${name}`], "stdout")).toThrow(
        /standard output and .* are the same file/,
      );
    check(path, ["--session", "1", "-o", `json=${fixture.path("other")}`], "stdout");
    check("/dev/null", ["--session", "1", "-o", `json=${path}`], "stdout");
  });

  test("is not replaced when it is the state on standard input", () => {
    const path = fixture.file("state.json", "");
    const output = ["-o", `json=${path}`];
    expect(() => check(path, ["--state", "-", ...output], "stdin")).toThrow(/is also the file of --state/);
    check(path, ["--session", "1", ...output], "stdin");
  });
});

test.each(["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/../dev/stdout"])(
  "%s is refused, and the message names the way to standard output",
  async (path) => {
    expect(await refused("-o", `json=${path}`)).toContain(`${path} is standard output: write json=- instead`);
  },
);

describe("a report may not replace a file that the audit reads", () => {
  const input = () => fixture.file("input.json", '{"version":3,"deployment":{"manifest":{}},"accept":[]}');

  test.each(["--state", "--accept"])("the file of %s", async (option) => {
    const path = input();
    const linked = join(fixture.folder, "link", path.split("/").at(-1)!);
    symlinkSync(fixture.folder, fixture.path("link"));
    for (const output of [path, linked])
      expect(await refused(option, path, "-o", `json=${output}`)).toContain(`is also the file of ${option}`);
  });

  test("the file of the CA certificates, from the environment or from the configuration of a stack", async () => {
    const path = fixture.file("ca.pem", rootCertificates[0]!);
    fixture.environment["FUDO_CA_CERTIFICATE"] = path;
    expect(await refused("-o", `json=${path}`)).toContain("is also the file of the setting caCertificate");
    delete fixture.environment["FUDO_CA_CERTIFICATE"];
    const script = `print({ "fudo:caCertificate": { value: ${JSON.stringify(basename(path))} } });`;
    fixture.environment["PATH"] = fakePulumi(fixture.folder, script);
    const args = ["--stack", "dev", "--cwd", fixture.folder];
    expect(await refused(...args, "-o", `csv=${path}`)).toContain("is also the file of the setting caCertificate");
    expect(fixture.read(basename(path))).toBe(rootCertificates[0]);
  });

  test("certificates as text are no file", async () => {
    fixture.environment["FUDO_CA_CERTIFICATE"] = rootCertificates[0]!;
    const args = ["--session", fixture.emulator.sessions[0]!, "-o", `json=${fixture.path("r")}`];
    expect((await fixture.run(args)).code).toBe(0);
  });

  test.each(["csv", "html", "table"])("the file of --previous, with a report in %s", async (format) => {
    const path = input();
    expect(await refused("--previous", path, "-o", `${format}=${path}`)).toContain("is also the file of --previous");
  });

  test("the JSON report may replace the file of --previous", async () => {
    const args = ["--session", fixture.emulator.sessions[0]!, "-o", `json=${fixture.path("last.json")}`];
    expect((await fixture.run(args)).code).toBe(0);
    expect((await fixture.run([...args, "--previous", fixture.path("last.json")])).code).toBe(0);
    expect(JSON.parse(fixture.read("last.json")).scope.previousReportAt).toBeDefined();
  });
});

describe("a place that cannot be written is found before the first request", () => {
  test.each<[string, () => string, RegExp]>([
    ["a folder that does not exist", () => fixture.path("none/report"), /ENOENT/],
    ["a file as folder", () => `${fixture.file("file", "")}/report`, /ENOTDIR/],
    ["a folder as file", () => fixture.folder, /folder/],
    ["a device", () => "/dev/null", /not a regular file/],
  ])("%s", async (_, path, message) => {
    expect(await refused("-o", `json=${fixture.path("good")}`, "-o", `csv=${path()}`)).toMatch(message);
    expect(existsSync(fixture.path("good"))).toBe(false);
  });
});
