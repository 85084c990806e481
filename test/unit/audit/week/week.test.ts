// A week of hourly audits, each with the report of the hour before: `--previous last.json -o json=last.json`. Lists fail and
// lag, rights come and go, a backup comes back, the disk is full, the auditor's clock is wrong, and the appliance is renamed.
import fs, { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "../../../../provider/audit/run";
import type { Report } from "../../../../provider/audit/model/report-schema";
import type { Fault } from "../../../../provider/emulator";
import { hour, minute } from "../fixture";
import { administrators } from "./administrators";
import { flappingFindings, lostShares, overdueShares, type Hour } from "./checks";
import { programmers } from "./programmers";
import { Team } from "./team";

const faults: readonly Partial<Fault>[] = [
  { kind: "failure", status: 403 },
  { kind: "failure", status: 503 },
  { kind: "html", status: 502 },
  { kind: "html", status: 404 },
  { kind: "truncated" },
  { kind: "list" },
  { kind: "masked" },
  { kind: "reset" },
  { kind: "headers", headers: { Age: "3600" } },
  { kind: "headers", headers: { Date: "?" } },
];

const renamedAt = 100;
const file = (team: Team) => join(team.folder, "last.json");

interface Trouble {
  readonly skew: number;
  readonly fullDisk: boolean;
  readonly fault?: Partial<Fault>;
}

/** What goes wrong in this hour: nothing in most. */
function trouble(team: Team): Trouble {
  const { random } = team;
  const value = random.below(20);
  const skew =
    value === 0
      ? random.pick([-9 * hour, 26 * hour, -48 * hour, 48 * hour])
      : random.pick([0, 0, 3 * minute, -3 * minute]);
  const fault = value > 15 ? random.pick(faults) : undefined;
  return { skew, fullDisk: value === 15, ...(fault && { fault }) };
}

async function audit(
  team: Team,
  number: number,
  isRenamed: boolean,
  { skew, fullDisk, fault }: Trouble,
): Promise<Hour> {
  if (fault !== undefined) {
    const session = team.random.pick(team.emulator.sessions);
    team.emulator.fault({
      on: "GET",
      path: team.random.pick([`${session}/share`, `${session}/share`, "/share", "/session?"]),
      times: 500,
      ...fault,
    } as Fault);
  }
  const previous = existsSync(file(team)) ? ["--previous", file(team)] : [];
  const renamed = isRenamed ? ["--renamed-from", team.emulator.url] : [];
  const args = ["--all-sessions", ...team.stateArguments(), ...previous, ...renamed, "-o", `json=${file(team)}`];
  const before = existsSync(file(team)) ? readFileSync(file(team), "utf8") : "";
  const disk = fullDisk ? fillDisk() : undefined;
  const { code, stderr } = await command(team, args, skew);
  disk?.mockRestore();
  team.emulator.clearFaults();
  const after = existsSync(file(team)) ? readFileSync(file(team), "utf8") : "";
  if (fullDisk) expect([code, after]).toEqual([code === 3 ? 3 : 2, before]);
  const isWritten = after !== before;
  const note = `hour ${number}, exit ${code}, skew ${skew / hour} h, ${JSON.stringify(fault ?? {})} ${stderr}`;
  return {
    at: team.now,
    code,
    isClean: Math.abs(skew) < 5 * minute,
    isDiskFull: fullDisk,
    note,
    ...(isWritten && { report: JSON.parse(after) as Report }),
  };
}

/** A write that fails in the middle, as on a full disk. */
function fillDisk(): jest.SpyInstance {
  const write = fs.writeFileSync;
  return jest.spyOn(fs, "writeFileSync").mockImplementation((target, data, options) => {
    if (typeof target !== "number") return write(target, data, options);
    write(target, typeof data === "string" ? data.slice(0, 100) : "", options);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
}

async function command(team: Team, args: readonly string[], skew: number): Promise<{ code: number; stderr: string }> {
  let slept = 0;
  let stderr = "";
  const clock = {
    now: () => team.now + skew + slept,
    sleep: (ms: number) => Promise.resolve(void (slept += ms)),
    random: () => 0.99,
  };
  const environment = { FUDO_URL: team.origin, FUDO_API_KEY: team.emulator.apiKey };
  const [stdout, errors] = [{ write: () => undefined }, { write: (text: string) => (stderr += text) }];
  const code = await run(args, { environment, stdin: Readable.from([]), stdout, stderr: errors, clock });
  return { code, stderr };
}

/** One random event. */
async function happen(team: Team): Promise<void> {
  const events = [...programmers, ...administrators];
  let value = team.random.below(events.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, event] of events) {
    value -= weight;
    if (value < 0) return event(team);
  }
}

async function week(seed: number): Promise<void> {
  const team = await Team.start(seed);
  try {
    const hours: Hour[] = [];
    const known = new Set<string>();
    let isRenaming = false;
    for (let number = 0; number < 168; number += 1) {
      const start = team.now;
      for (const at of [...Array(team.random.below(3))].map(() => team.random.below(59)).sort((a, b) => a - b)) {
        team.now = start + at * minute;
        await happen(team);
      }
      team.now = start + hour;
      if (number === renamedAt) {
        team.origin = team.emulator.url.replace("127.0.0.1", "localhost");
        isRenaming = true;
      }
      const last = await audit(team, number, isRenaming, trouble(team));
      hours.push(last);
      for (const id of team.declaredIds()) known.add(id);
      const failures = [
        ...(last.report === undefined && !last.isDiskFull ? ["no report was written"] : []),
        ...lostShares(team, last, known).map((id) => `${id} is lost from view`),
        ...overdueShares(team, last).map((id) => `${id} after its end`),
      ];
      if (failures.length > 0) throw new Error([last.note, ...failures, ...aboutIt(team, failures)].join("\n"));
      if (last.report !== undefined) {
        isRenaming = false;
        for (const { sessionId, fingerprint = "?" } of last.report.shares) known.add(`${sessionId}/${fingerprint}`);
      }
    }
    const flapping = flappingFindings(team, hours);
    if (flapping.length > 0)
      throw new Error([...flapping, ...aboutIt(team, flapping), ...hours.map(({ note }) => note)].join("\n"));
    // It took place: shares came and went, and audits failed.
    expect(team.shares.size).toBeGreaterThan(40);
    expect(new Set(hours.map(({ code }) => code)).size).toBeGreaterThan(1);
    await nothingIsLeft(team);
  } finally {
    await team.close();
  }
}

/** When all is over and no stack declares a share, the report holds only what lists show. */
async function nothingIsLeft(team: Team): Promise<void> {
  team.endAll();
  const { code, report } = await audit(team, 168, false, { skew: 0, fullDisk: false });
  expect([code, report?.shares.filter(({ seen }) => seen !== "listed")]).toEqual([0, []]);
}

function aboutIt(team: Team, failures: readonly string[]): string[] {
  return team.causes
    .filter(({ about }) => failures.some((failure) => failure.includes(about)) || about.length !== 36)
    .map(({ at, what, about }) => `${new Date(at).toISOString()} ${what} ${about}`)
    .slice(-200);
}

test.each([1, 2, 3, 4])(
  "week %i of hourly audits: no link is lost, none stays too long, no finding flaps",
  async (seed) => {
    await week(seed);
  },
);
