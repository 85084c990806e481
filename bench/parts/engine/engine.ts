// Measures the engine's commands on stacks of shares: the time that users wait, and the requests that the appliance gets.
import { startAppliance, type Appliance } from "../../appliance";
import { candidates, naive, type Candidate } from "../../candidates";
import type { Part, Size } from "../../part";
import { openStack, type Command, type Stack } from "../../stack";
import type { Workspace } from "../../workspace";
import type { Sample } from "./samples";
import { engineTables } from "./tables";
import { engineThresholds } from "./thresholds";

/** A stack of one candidate with an appliance of its own. */
export interface Setup {
  readonly candidate: Candidate;
  readonly appliance: Appliance;
  readonly stack: Stack;
}

/** What one command works on. */
export interface Scale {
  readonly shares: number;
  readonly sessions: number;
  readonly log: (line: string) => void;
}

interface Round extends Scale {
  readonly workspace: Workspace;
  /** How often the commands that change nothing are run. */
  readonly repeats: number;
  readonly candidates: readonly Candidate[];
}

const highLatency = 50;

export const engine: Part = {
  name: "engine",
  about: "`pulumi` commands as users wait for them: `--parallel 8`, file backend, no preview before a change.",
  async measure(workspace, size, log) {
    const samples: Sample[] = [];
    for (const { shares, sessions, index } of plan(size)) {
      // Above `shares` no threshold compares with the naive provider. Its `up` is the slowest, so it is left out there.
      const large = shares > size.shares;
      const selected = large ? candidates.filter((one) => one !== naive) : candidates;
      const repeats = large ? 1 : 2;
      const round = { workspace, shares, sessions, log, repeats, candidates: rotated(selected, index) };
      samples.push(...(await measureLifecycle(round)), ...(await measureDistantUp(round)));
    }
    return { tables: engineTables(samples), thresholds: engineThresholds(samples, size), data: samples };
  },
};

/** Every number of shares, on as many sessions and on one session; `shares` for all rounds, the others once. */
function plan({ shares, growth, rounds }: Size): { shares: number; sessions: number; index: number }[] {
  return growth.flatMap((n) =>
    Array.from({ length: n === shares ? rounds : 1 }, (_, index) => [
      { shares: n, sessions: n, index },
      { shares: n, sessions: 1, index },
    ]).flat(),
  );
}

/** All commands from the first `up` to `destroy`, alternating between the candidates at each command. */
async function measureLifecycle(round: Round): Promise<Sample[]> {
  const setups = await open(round, round.candidates);
  const samples: Sample[] = [];
  const each = async (command: Command, latency = 0, selected = setups) => {
    for (const setup of selected.filter(({ candidate }) => latency === 0 || candidate.sendsRequests))
      samples.push(await sample(setup, command, latency, round));
  };
  await each("up");
  for (let count = 0; count < round.repeats; count++) {
    await each("noop");
    await each("preview");
    await each("refresh");
    await each("refresh", highLatency);
    // These two have the tightest thresholds: a few commands would measure noise only. The naive provider is not compared.
    const compared = setups.filter(({ candidate }) => candidate !== naive).reverse();
    await each("noop", 0, compared);
    await each("preview", 0, compared);
  }
  await each("destroy");
  await close(setups);
  return samples;
}

/** The first `up` on an appliance with high latency. */
async function measureDistantUp(round: Round): Promise<Sample[]> {
  const setups = await open(
    round,
    round.candidates.filter(({ sendsRequests }) => sendsRequests),
  );
  const samples: Sample[] = [];
  for (const setup of setups) samples.push(await sample(setup, "up", highLatency, round));
  await close(setups);
  return samples;
}

export async function open(
  { workspace, shares, sessions }: Omit<Scale, "log"> & { readonly workspace: Workspace },
  selected: readonly Candidate[],
): Promise<Setup[]> {
  const setups: Setup[] = [];
  for (const candidate of selected) {
    const appliance = await startAppliance(workspace, { sessions });
    const stack = await openStack(workspace, candidate, appliance);
    stack.declare(shares);
    setups.push({ candidate, appliance, stack });
  }
  return setups;
}

/** Runs one command, and counts its requests. */
export async function sample(
  { candidate, appliance, stack }: Setup,
  command: Command,
  latency: number,
  { shares, sessions, log }: Scale,
): Promise<Sample> {
  await appliance.setLatency(latency);
  await appliance.takeCounts();
  const timed = await stack.run(command);
  const counts = await appliance.takeCounts();
  log(
    `${command}, ${shares} shares on ${sessions} sessions, ${latency} ms latency, ${candidate.name}: ${timed.ms} ms, ${counts.gets} GET, ${counts.posts} POST`,
  );
  return { candidate: candidate.name, command, shares, sessions, latency, ...timed, ...counts };
}

export async function close(setups: readonly Setup[]): Promise<void> {
  for (const { appliance, stack } of setups) {
    stack.close();
    await appliance.close();
  }
}

export function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
