// Wrong usage: which arguments and settings the command refuses, and what it says about them.
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

describe("wrong usage exits with 2, prints one sentence and sends no request", () => {
  test.each<[string, string[], RegExp]>([
    ["nothing to audit", [], /nothing to audit: use --stack/],
    ["an unknown option", ["--frobnicate"], /Unknown option '--frobnicate'/],
    ["a misspelled option", ["--stak", "dev"], /Unknown option '--stak'\. Did you mean --stack\?/],
    ["a misspelled option of two words", ["doctor", "--test-shore"], /Did you mean --test-share\?/],
    ["an unknown command", ["inspect"], /unknown command "inspect"/],
    ["a session that is not an ID", ["--session", "../1"], /--session must be a decimal session ID/],
    ["a stack name that looks like an option", ["--stack=--show-secrets"], /--stack must be a stack name/],
    [
      "an unknown severity",
      ["--session", "1", "--fail-on", "critical"],
      /--fail-on must be one of high, medium, low, none/,
    ],
    ["an invalid duration", ["--session", "1", "--max-duration", "8h"], /--max-duration is not an ISO 8601 duration/],
    ["an unknown format", ["--session", "1", "-o", "pdf=x"], /--output must be one of table, json/],
    [
      "two reports with one destination",
      ["--session", "1", "-o", "json", "-o", "csv"],
      /two reports have the same destination/,
    ],
    ["an empty label name", ["--session", "1", "--require-label", ""], /--require-label must be the name of a label/],
    [
      "a label name of spaces",
      ["--session", "1", "--require-label", " "],
      /--require-label must be the name of a label/,
    ],
    ["severity info", ["--session", "1", "--fail-on", "info"], /--fail-on must be one of high, medium, low, none/],
    ["an invalid length of time", ["--session", "1", "--ends-within", "1 day"], /--ends-within is not an ISO 8601/],
    ["an earlier address alone", ["--session", "1", "--renamed-from", "https://a.example"], /--previous: use both/],
    [
      "an earlier address with a path",
      ["--previous", "x", "--renamed-from", "https://a.example/x"],
      /--renamed-from must be the appliance's earlier address/,
    ],
    ["an empty file name", ["--session", "1", "--previous", ""], /--previous is empty, but .* name of a file/],
    ["an empty file name among others", ["--state", "a.json", "--state="], /--state is empty, but .* name of a file/],
    ["an empty file of acceptances", ["--session", "1", "--accept="], /--accept is empty, but .* name of a file/],
    ["an empty folder name", ["--session", "1", "--cwd", ""], /--cwd is empty, but it must be the name of a folder/],
    ["no file after the format", ["--session", "1", "-o", "json="], /--output must be FORMAT=FILE/],
    ["doctor with another option than --session", ["doctor", "--all-sessions"], /doctor accepts one --session/],
  ])("%s is wrong usage", async (_, args, message) => {
    const { code, stdout, stderr } = await fixture.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(fixture.emulator.requests).toEqual([]);
  });

  test("all missing and malformed settings are reported together, without their values", async () => {
    fixture.environment = { FUDO_URL: "ftp://secret-host", FUDO_TIMEOUT: "soon" };
    const { code, stderr } = await fixture.run(["--session", "1"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /FUDO_API_KEY is not set.*FUDO_URL\) must be https.*FUDO_TIMEOUT\) is not an ISO 8601 duration/,
    );
    expect(stderr).not.toContain("secret-host");
  });

  test.each([
    ["previous", "a.json", "b.json"],
    ["previous", "a.json", "a.json"],
    ["fail-on", "high", "none"],
    ["max-duration", "PT1H", "PT8H"],
    ["ends-within", "PT1H", "PT8H"],
    ["accept", "a.json", "b.json"],
    ["cwd", ".", ".."],
    ["webhook", "https://a.example/1", "https://a.example/2"],
  ])("--%s given twice is wrong usage", async (name, one, two) => {
    const { code, stderr } = await fixture.run(["--session", "1", `--${name}`, one, `--${name}=${two}`]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`--${name} is given more than once`)]);
    expect(fixture.emulator.requests).toEqual([]);
  });
});

test("an option that may be repeated takes all its values, and a comma is part of a label's name", async () => {
  const share = fixture.resourceFor(fixture.share(), { outputs: { labels: { "a,b": "x", ticket: "y" } } });
  const required = ["--require-label", "a,b", "--require-label", "ticket", "--require-label", "ticket"];
  const { code, scope } = await fixture.report([share], required);
  expect([code, scope.requiredLabels]).toEqual([0, ["a,b", "ticket"]]);
});

describe("colour", () => {
  const colours = async (environment: NodeJS.ProcessEnv, isTTY: boolean) => {
    fixture.environment = { ...fixture.environment, ...environment };
    const { stdout } = await fixture.run(["--state", fixture.stateFile([]), "--session", "1"], { isTTY });
    return stdout.includes("\u001b[");
  };

  test.each(["0", "false", "FALSE"])("FORCE_COLOR=%s means no colour on a terminal", async (value) => {
    expect(await colours({ FORCE_COLOR: value }, true)).toBe(false);
  });

  test.each(["1", "true", "3"])("FORCE_COLOR=%s means colour in a pipe", async (value) => {
    expect(await colours({ FORCE_COLOR: value }, false)).toBe(true);
  });
});
