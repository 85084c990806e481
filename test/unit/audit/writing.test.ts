// Writing reports: each file is replaced in one step and readable by its owner only, and an output that fails loses neither the
// earlier file nor the other outputs.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import type { Report } from "../../../provider/audit/model/report-schema";
import { replaceFile } from "../../../provider/audit/report/replace-file";
import { writeReports } from "../../../provider/audit/report/write";
import { createFixture, type AuditFixture } from "./fixture";

// The object whose functions the code calls: an import would be a copy of it.
const fs = jest.requireActual<typeof import("node:fs")>("node:fs");

let fixture: AuditFixture;
let args: string[];
beforeEach(async () => {
  fixture = await createFixture();
  fixture.share();
  args = ["--session", fixture.emulator.sessions[0]!];
});
afterEach(() => jest.restoreAllMocks());

const temporaryFiles = () => readdirSync(fixture.folder).filter((name) => name.endsWith(".tmp"));

/** Lets a file system call fail for as long as the test runs; with `once`, the first time only. */
function fail(name: "writeFileSync" | "fsyncSync" | "renameSync", code: string, once = false): void {
  const spy = jest.spyOn(fs, name);
  const failing = () => {
    throw Object.assign(new Error(code), { code });
  };
  if (once) spy.mockImplementationOnce(failing);
  else spy.mockImplementation(failing);
}

describe("an earlier report survives a write that fails", () => {
  test.each([
    ["writeFileSync", "ENOSPC", "The disk is full. The earlier file is unchanged"],
    ["fsyncSync", "EDQUOT", "The disk quota is used up. The earlier file is unchanged"],
    ["writeFileSync", "EFBIG", "larger than the allowed file size"],
    ["writeFileSync", "EIO", "The earlier file is unchanged"],
    ["renameSync", "EBUSY", "it cannot be replaced: name another file"],
  ] as const)("%s ends with %s", async (call, code, advice) => {
    const last = fixture.path("last.json");
    expect((await fixture.run([...args, "-o", `json=${last}`])).code).toBe(1);
    const before = fixture.read("last.json");
    fail(call, code);
    const result = await fixture.run([...args, "--previous", last, "-o", `json=${last}`, "-o", "table"]);
    jest.restoreAllMocks();
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(`fudo-audit: --output: cannot write ${last} (${code})`);
    expect(result.stderr).toContain(advice);
    // The findings are not lost with the file.
    expect(result.stdout).toContain("unmanaged");
    expect(fixture.read("last.json")).toBe(before);
    expect(temporaryFiles()).toEqual([]);
  });
});

describe("each output is tried, and each failure is named", () => {
  test("the other files are written when one fails", async () => {
    const files = ["markdown", "json", "csv", "sarif"].map((format) => `${format}=${fixture.path(`r.${format}`)}`);
    fail("writeFileSync", "ENOSPC", true);
    const { code, stderr } = await fixture.run([...args, ...files.flatMap((output) => ["-o", output])]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^fudo-audit: --output: cannot write \S*r\.markdown \(ENOSPC\)[^\n]*\n$/);
    expect(readdirSync(fixture.folder).sort()).toEqual(["r.csv", "r.json", "r.sarif"]);
  });

  test("two files that fail are two lines", async () => {
    fail("writeFileSync", "ENOSPC");
    const outputs = ["json", "csv"].flatMap((format) => ["-o", `${format}=${fixture.path(format)}`]);
    const { stderr } = await fixture.run([...args, ...outputs]);
    expect(stderr.trim().split("\n")).toHaveLength(2);
  });

  test("a file that cannot be written does not hide that the audit is incomplete", async () => {
    fail("writeFileSync", "ENOSPC");
    const { code, stderr } = await fixture.run([...args, "--session", "7", "-o", `json=${fixture.path("r")}`]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("ENOSPC")]);
  });

  test("a report that does not match its schema replaces no JSON file, and the other formats are written", async () => {
    const json = fixture.path("last.json");
    const { stdout } = await fixture.run([...args, "-o", "json"]);
    const { acceptances: _left, ...broken } = JSON.parse(stdout) as Report;
    writeFileSync(json, stdout);
    const out = { stdout: "", stderr: "" };
    const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (out[name] += text) });
    const io = { environment: {}, stdout: stream("stdout"), stderr: stream("stderr") };
    const outputs = [
      { format: "json", file: json },
      { format: "csv", file: fixture.path("r.csv") },
    ] as const;
    expect(writeReports({ ...broken, acceptances: undefined } as unknown as Report, outputs, io)).toBe(3);
    expect(out.stderr).toMatch(/the json report could not be made: it does not match the schema at acceptances/);
    expect(readFileSync(json, "utf8")).toBe(stdout);
    expect(fixture.read("r.csv")).toContain("unmanaged");
  });
});

describe("private files", () => {
  const modeOf = (file: string) => statSync(file).mode & 0o777;

  test("only the owner can read a report, also when it replaces a file that everybody can read", async () => {
    const [fresh, shared] = [fixture.path("fresh.html"), fixture.file("shared.json", "{}")];
    fs.chmodSync(shared, 0o644);
    await fixture.run([...args, "-o", `html=${fresh}`, "-o", `json=${shared}`]);
    expect([modeOf(fresh), modeOf(shared)]).toEqual([0o600, 0o600]);
    expect(temporaryFiles()).toEqual([]);
  });

  test("a name of 255 bytes leaves room for the temporary file", async () => {
    const name = "r".repeat(255);
    expect((await fixture.run([...args, "-o", `csv=${fixture.path(name)}`])).code).toBe(1);
    expect(fixture.read(name)).toContain("unmanaged");
  });
});

describe("a file that cannot be replaced is wrong usage, before the first request", () => {
  const target = (name: string) => fixture.path(name);

  test.each<[string, () => string, RegExp]>([
    [
      "a symbolic link",
      () => {
        writeFileSync(target("secret"), "keep");
        symlinkSync(target("secret"), target("link"));
        return target("link");
      },
      /symbolic link\. Name the file that it leads to/,
    ],
    ["a link that leads nowhere", () => (symlinkSync("/nowhere/x", target("link")), target("link")), /symbolic link/],
    ["a folder", () => (mkdirSync(target("folder")), target("folder")), /it is a folder\. Name a file in it/],
    ["a name that ends with /", () => `${target("new")}/`, /it is a folder/],
    ["a FIFO", () => (execFileSync("mkfifo", [target("fifo")]), target("fifo")), /not a regular file/],
    ["/dev/null", () => "/dev/null", /not a regular file\. Name another file, or - for standard output/],
    ["/dev/fd/1", () => "/dev/fd/1", /\/dev\/fd\/1 is standard output: write html=- instead/],
    ["another descriptor", () => "/dev/fd/0", /cannot write \/dev\/fd\/0/],
    ["a folder that does not exist", () => "/nowhere/report.json", /\(ENOENT\)\. The folder does not exist: create it/],
    ["a folder that is a file", () => `${fixture.file("file", "")}/r.json`, /\(ENOTDIR\)/],
    ["a name that is too long", () => target("r".repeat(256)), /\(ENAMETOOLONG\)/],
  ])("%s", async (_, prepare, message) => {
    const { code, stdout, stderr } = await fixture.run([...args, "-o", `html=${prepare()}`, "-o", "table"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(fixture.emulator.requests).toEqual([]);
    expect(temporaryFiles()).toEqual([]);
    if (readdirSync(fixture.folder).includes("secret")) expect(fixture.read("secret")).toBe("keep");
  });

  test("all such files are named together", async () => {
    const { stderr } = await fixture.run([...args, "-o", "html=/nowhere/a", "-o", "json=/dev/null"]);
    expect(stderr).toMatch(/cannot write \/nowhere\/a .*; cannot write \/dev\/null/);
  });

  test("a link that appears during the audit is not followed", () => {
    const secret = fixture.file("secret", "keep");
    symlinkSync(secret, target("late"));
    expect(() => replaceFile(target("late"), "report")).toThrow("symbolic link");
    expect(readFileSync(secret, "utf8")).toBe("keep");
  });
});
