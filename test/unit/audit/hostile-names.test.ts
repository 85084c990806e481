// Names of servers, accounts and users that somebody chose to break a report: in every format they stay text on one line.
import { formats } from "../../../provider/audit/cli/arguments";
import type { Report } from "../../../provider/audit/model/report-schema";
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

async function everyFormat(args: readonly string[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const format of formats) texts[format] = (await fixture.run([...args, "-o", format])).stdout;
  return texts;
}

const escape = "\u001b]0;owned\u0007\u001b[31m";
const hostileNames = {
  terminal: `${escape}red\r\nsecond line\u0085\u2028`,
  direction: "abc\u202e\u2066fed\u200b",
  html: `"><script>alert(1)</script><img src=x onerror=alert(1)>'`,
  formula: '=cmd|"/C calc"!A1',
  number: "2026/3",
  markdown: "| a | b\n\n# heading ![x](https://evil.example/x.png) @everyone #1 `code` <b>",
  runner: "::error file=a::b ##vso[task.setvariable variable=x]y",
  long: "x".repeat(10_000),
};

test.each(Object.entries(hostileNames))("a name that is hostile (%s) is safe in every format", async (_, name) => {
  const sessionId = fixture.emulator.addSession({ serverName: name, accountName: name, userName: name });
  const share = fixture.share(-1, 8, { sessionId });
  fixture.emulator.addSession({ serverName: `/?key=${share.key}`, attributes: { server_id: "21" } });
  const texts = await everyFormat(["--session", sessionId]);
  for (const [format, text] of Object.entries(texts)) {
    const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
    expect([format, plain.match(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu)]).toEqual([format, null]);
    expect([format, text.includes("\nsecond line") || text.includes("\n# heading")]).toEqual([format, false]);
    expect([format, text.match(/##[\w-]*\[|^\W*::\w+.*::/gm)]).toEqual([format, null]);
    expect([format, text.includes("x".repeat(201))]).toEqual([format, false]);
  }
  expect(texts["html"]).not.toMatch(/<script>alert|<img/);
  expect(texts["csv"]).not.toMatch(/(^|,)"?[=+@]|,2026\/3/m);
  const entry = texts["markdown"]!.split("\n").find((line) => line.startsWith("- **no stack**"))!;
  expect(entry.replaceAll(/<br>|`[0-9a-f]+`|\*\*/g, "")).not.toMatch(/[<>`*[\]|]|@everyone|#1\b|https:/);
});

test("a name that contains a key is masked", async () => {
  const { key } = fixture.share();
  const sessionId = fixture.emulator.addSession({ serverName: `see /sessions/1/?key=${key}` });
  fixture.share(-1, 8, { sessionId });
  const { json = "" } = await everyFormat(["--session", sessionId]);
  expect((JSON.parse(json) as Report).shares[0]?.serverName).toBe("see /sessions/1/?key=[secret]");
});
