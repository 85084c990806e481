// A running `fudo-audit doctor --test-share`, as a real process: whenever a signal ends it, at most one share of 60 seconds is
// left, doctor says until when, and the profile has what was seen. Runs the build.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { schemaProblems } from "../support/appliance-profile";
import { outcomeOf } from "../support/process-outcome";

const command = join(__dirname, "..", "..", "dist", "provider", "audit", "command.js");
const accelerated = join(__dirname, "..", "support", "clock-accelerated.cjs");

let folder: string;
let emulator: Emulator;
let session: string;
const started: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fudo-doctor-signals-"));
  await startAppliance();
});

afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A session that has one share already, which ended long ago. */
async function startAppliance(clock?: () => number): Promise<void> {
  emulator = await startEmulator({ seed: "signals", ...(clock && { clock }) });
  session = emulator.sessions[0]!;
  const [validSince, createdAt] = [Date.now() - 7_200_000, Date.now() - 7_200_000];
  emulator.addShare(session, { validSince, createdAt, validTo: validSince + 3_600_000 });
}

function doctor(env: NodeJS.ProcessEnv = {}) {
  const args = [command, "doctor", "--session", session, "--test-share", "--yes", "-o", "json=profile.json"];
  const environment = { ...process.env, FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey, ...env };
  const child = spawn("node", args, { env: environment, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  return { child, exit: outcomeOf(child) };
}

/** What the profile has observed. Nothing else is in the folder. */
function observed(): object {
  expect(readdirSync(folder)).toEqual(["profile.json"]);
  const profile = JSON.parse(readFileSync(join(folder, "profile.json"), "utf8")) as { observed: object };
  expect(schemaProblems(profile)).toEqual([]);
  return profile.observed;
}

/** The shares that doctor has left. */
const left = () => emulator.shares(session).slice(1);

function expectAtMostOneShortShare(): void {
  const ends = left().map(({ readonly, validTo }) => [readonly, Date.parse(validTo) <= Date.now() + 60_000]);
  expect([[], [[true, true]]]).toContainEqual(ends);
}

/** Starts doctor, and resolves when it has got as far as its name says. */
const moments = {
  "before the POST": async () => {
    const list = emulator.hold({ on: "GET", path: "/share" });
    const run = doctor();
    await list.arrived();
    return run;
  },
  "while the POST has no response": async () => {
    const post = emulator.hold({ on: "POST", when: "after" });
    const run = doctor();
    await post.arrived();
    return run;
  },
  "after the share was made": async () => {
    const post = emulator.hold({ on: "POST", when: "after" });
    const run = doctor();
    await post.arrived();
    // The first list belongs to the create. Doctor itself sends the next one.
    let lists = 0;
    const list = emulator.hold({
      on: ({ method, path }) => method === "GET" && path.endsWith("/share") && (lists += 1) > 1,
    });
    post.release();
    await list.arrived();
    return run;
  },
};
type Moment = keyof typeof moments;

const messages: Readonly<Record<Moment, RegExp>> = {
  "before the POST": /^fudo-audit: a signal ended doctor\. There is no test share\.\n$/,
  "while the POST has no response":
    /^fudo-audit: a signal ended doctor\. There may be one view-only share: it ends at (\S+) UTC by the appliance's clock\.\n$/,
  "after the share was made":
    /^fudo-audit: a signal ended doctor\. Share [0-9a-f]{16} exists: it ends at (\S+) UTC by the appliance's clock\.\n$/,
};

describe.each(Object.keys(moments) as Moment[])("%s", (moment) => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s: doctor says what is left, and writes a profile",
    async (signal) => {
      const { child, exit } = await moments[moment]();
      child.kill(signal);
      const { code, signal: endedBy, stderr } = await exit;
      expect([code, endedBy]).toEqual([null, signal]);
      const [, end] = messages[moment].exec(stderr) ?? [];
      expect(stderr).toMatch(messages[moment]);
      expect(left()).toHaveLength(moment === "before the POST" ? 0 : 1);
      expectAtMostOneShortShare();
      const [share] = left();
      if (share !== undefined) expect(end! >= share.validTo.slice(11, 19)).toBe(true);
      expect(observed()).toMatchObject({ objspecFlags: "guessed" });
    },
  );

  test("SIGKILL leaves at most one share of 60 seconds and no file", async () => {
    const { child, exit } = await moments[moment]();
    child.kill("SIGKILL");
    await exit;
    expectAtMostOneShortShare();
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a whole run: the profile is only for its owner", async () => {
  await emulator.close();
  const start = Date.now();
  await startAppliance(() => start + (Date.now() - start) * 60);
  const { exit } = doctor({ NODE_OPTIONS: `--require=${accelerated}`, CLOCK_FACTOR: "60", CLOCK_START: String(start) });
  const { code, stdout, stderr } = await exit;
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^ok +After end +as documented: lists show a share that has ended$/m);
  expect(observed()).toMatchObject({ expiredShares: "shown", storedWindows: "microseconds", listOrder: "oldest" });
  expect(statSync(join(folder, "profile.json")).mode & 0o777).toBe(0o600);
});
