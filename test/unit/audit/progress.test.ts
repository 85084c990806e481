// The progress line on a terminal while the audit reads stacks and sessions; a pipe and a simple terminal get none.
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
let args: string[];

beforeEach(async () => {
  fixture = await createFixture();
  const states = ["one", "two", "three"].map((stack) =>
    fixture.stateFile([fixture.resourceFor(fixture.share(), { stack, outputs: { labels: {} } })]),
  );
  args = states.flatMap((state) => ["--state", state]);
});

/** The texts of the line, one after the other; `clear` is a cleared line. */
function shown(stderr: string): string[] {
  return stderr.split("\r\u001b[2K").map((text) => (text === "" ? "clear" : text));
}

test("a terminal shows the stacks that were read, then the sessions, and at the end an empty line", async () => {
  const { stderr } = await fixture.run([...args, "--session", fixture.emulator.sessions[1]!], { isTTY: true });
  const texts = shown(stderr);
  expect(texts.filter((text) => text.startsWith("stacks: "))).toEqual(
    expect.arrayContaining(["stacks: 1 of 3 read", "stacks: 2 of 3 read"]),
  );
  expect(texts).toContain("sessions: 1 of 2 read");
  expect(texts.findLastIndex((text) => text.startsWith("stacks: "))).toBeLessThan(
    texts.findIndex((text) => text.startsWith("sessions: ")),
  );
  expect(texts.at(-1)).toBe("clear");
});

test("with --all-sessions, the sessions that were found are counted first", async () => {
  const { stderr } = await fixture.run([...args, "--all-sessions"], { isTTY: true });
  expect(shown(stderr)).toEqual(expect.arrayContaining(["sessions: 3 found", "sessions: 3 of 3 read"]));
});

test("a pipe, and a terminal that cannot clear a line, get no progress", async () => {
  expect((await fixture.run(args)).stderr).toBe("");
  fixture.environment["TERM"] = "dumb";
  const { stderr, stdout } = await fixture.run(args, { isTTY: true });
  expect(stderr).toBe("");
  expect(stdout).not.toContain("\u001b");
});
