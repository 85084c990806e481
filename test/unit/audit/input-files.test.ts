// Files that the command line names: only regular files of a bounded size are read, and nothing keeps the audit waiting.
import { execFileSync } from "node:child_process";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { maximumStateSize } from "../../../provider/audit/collect/text-file";
import { readStateStream } from "../../../provider/audit/collect/state-file";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** Files that are not what their name says: their path, and the reason that the audit gives. */
const unusual: [string, () => string, RegExp][] = [
  ["a named pipe", () => (execFileSync("mkfifo", [fixture.path("pipe")]), fixture.path("pipe")), /not a regular file/],
  ["a device without end", () => "/dev/zero", /not a regular file/],
  ["a folder", () => fixture.folder, /folder|EISDIR/],
  ["a file above the limit", () => sparseFile(), /larger than \d+ MiB/],
  ["a file that does not exist", () => fixture.path("none"), /ENOENT/],
  ["a symbolic link to itself", () => loop(), /ELOOP/],
];

function sparseFile(): string {
  const path = fixture.path("large");
  writeFileSync(path, "");
  truncateSync(path, maximumStateSize + 1);
  return path;
}

function loop(): string {
  symlinkSync(fixture.path("loop"), fixture.path("loop"));
  return fixture.path("loop");
}

test.each(unusual)("%s as --state makes the audit incomplete", async (_, path, reason) => {
  const { code, stdout } = await fixture.run(["--state", path(), "-o", "json"]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout).completeness.problems).toEqual([expect.stringMatching(reason)]);
});

describe.each(["--previous", "--accept"])("%s", (option) => {
  test.each(unusual)("%s is wrong usage, before any request", async (_, path, reason) => {
    const { code, stderr } = await fixture.run(["--session", fixture.emulator.sessions[0]!, option, path()]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
    expect(fixture.emulator.requests).toEqual([]);
  });
});

test.each<[string, () => string, RegExp]>([
  ...unusual,
  [
    "PEM text that does not parse",
    () => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    /cannot be parsed/,
  ],
  [
    "PEM text without a certificate",
    () => "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    /no PEM certif/,
  ],
])("%s as FUDO_CA_CERTIFICATE is a wrong setting, before any request", async (_, path, reason) => {
  fixture.environment["FUDO_CA_CERTIFICATE"] = path();
  const { code, stderr } = await fixture.run(["--session", fixture.emulator.sessions[0]!]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
  expect(stderr).toContain("fudo:caCertificate (or FUDO_CA_CERTIFICATE)");
  expect(fixture.emulator.requests).toEqual([]);
});

test("standard input without end is read up to a limit", async () => {
  const chunk = Buffer.alloc(1024 * 1024, " ");
  let sent = 0;
  const endless = new Readable({
    read() {
      sent += 1;
      this.push(chunk);
    },
  });
  expect(await readStateStream(endless)).toEqual({ problem: "it is larger than 256 MiB" });
  expect(sent).toBeLessThan(300);
});

test.each<[string, (text: string) => Buffer]>([
  ["UTF-8 with a byte order mark", (text) => Buffer.from(`\uFEFF${text}`)],
  ["UTF-16LE, as PowerShell writes it", (text) => Buffer.from(`\uFEFF${text}`, "utf16le")],
  ["UTF-16BE", (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16()],
])("an earlier report in %s is read", async (_, encode) => {
  const share = fixture.share();
  const args = ["--session", share.sessionId, "-o", "json"];
  const { stdout } = await fixture.run(args);
  const previous = fixture.path("last.json");
  writeFileSync(previous, encode(stdout));
  const { code, stdout: next } = await fixture.run([...args, "--previous", previous]);
  expect([code, JSON.parse(next).scope.previousReportAt]).toEqual([1, JSON.parse(stdout).generatedAt]);
});
