// Measures the peak memory of a provider process that refreshes many shares, on a state created with `pulumi stack import`.
import { createHash } from "node:crypto";
import { startAppliance, type Appliance, type PanelShare } from "../appliance";
import { candidates, type Candidate } from "../candidates";
import { atMost, number, type Part, type Table, type Threshold } from "../part";
import { peakMemory } from "../peak-memory";
import { isShare, openStack, secretValue, type Resource, type Stack } from "../stack";
import { summarize } from "../statistics";
import type { Workspace } from "../workspace";

export interface MemorySample {
  readonly candidate: string;
  readonly shares: number;
  readonly sessions: number;
  readonly peakBytes: number;
  readonly ms: number;
  readonly gets: number;
  readonly listBytes: number;
}

const sharesPerSession = 100;

interface Setup {
  readonly candidate: Candidate;
  readonly appliance: Appliance;
  readonly stack: Stack;
}

interface Scenario {
  readonly shares: number;
  readonly sessions: number;
}

export const memory: Part = {
  name: "memory",
  about: `Peak RSS of the provider process during a \`refresh\`: ${sharesPerSession} shares on each session, and all shares on one session.`,
  async measure(workspace, { imported, rounds }, log) {
    const samples: MemorySample[] = [];
    for (const shares of imported) {
      for (const sessions of [Math.ceil(shares / sharesPerSession), 1]) {
        // On one session the naive provider fetches the whole list for each share: for 10,000 shares that takes hours.
        const selected = candidates.filter(({ name }) => name !== "naive" || sessions > 1);
        samples.push(...(await measureScenario(workspace, selected, { shares, sessions }, rounds, log)));
      }
    }
    return { tables: [memoryTable(samples)], thresholds: memoryThresholds(samples, imported), data: samples };
  },
};

/** Refreshes one state `rounds` times for each candidate, alternating between the candidates. */
async function measureScenario(
  workspace: Workspace,
  selected: readonly Candidate[],
  scenario: Scenario,
  rounds: number,
  log: (line: string) => void,
): Promise<MemorySample[]> {
  const setups: Setup[] = [];
  for (const candidate of selected) setups.push(await importStack(workspace, candidate, scenario));
  const samples: MemorySample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const setup of setups) {
      const sample = { candidate: setup.candidate.name, ...scenario, ...(await measureRefresh(setup)) };
      samples.push(sample);
      log(
        `${sample.candidate}, ${sample.shares} shares on ${sample.sessions} sessions: ${megabytes(sample.peakBytes)} MB, ${sample.ms} ms, ${sample.gets} GET, ${number(sample.listBytes / 1e6)} MB of lists`,
      );
    }
  }
  for (const { stack, appliance } of setups) {
    stack.close();
    await appliance.close();
  }
  return samples;
}

/** A stack whose shares the appliance knows, copied from one share that the candidate created itself. */
async function importStack(workspace: Workspace, candidate: Candidate, { shares, sessions }: Scenario): Promise<Setup> {
  const appliance = await startAppliance(workspace, { sessions });
  const stack = await openStack(workspace, candidate, appliance);
  stack.declare(1);
  await stack.run("up");
  const resources = await stack.resources(true);
  const [model] = resources.filter(isShare);
  if (model === undefined) throw new Error("the state holds no share");
  const copies = await copiesOf(model, appliance, shares);
  await stack.import([...resources.filter((one) => !isShare(one)), ...copies]);
  return { candidate, appliance, stack };
}

async function measureRefresh({
  candidate,
  appliance,
  stack,
}: Setup): Promise<Omit<MemorySample, "candidate" | "shares" | "sessions">> {
  await appliance.takeCounts();
  const running = stack.start("refresh");
  const peakBytes = await peakMemory(running, (command) => candidate.isProvider(command));
  const { code, all, ms } = await running.done;
  if (code !== 0) throw new Error(`${candidate.name}: refresh exited with code ${code}:\n${all.slice(-4000)}`);
  const { gets, listBytes } = await appliance.takeCounts();
  return { peakBytes, ms, gets, listBytes };
}

/** The fewest shares on one session, and the most on many sessions. Exported for its test. */
export function memoryThresholds(samples: readonly MemorySample[], imported: readonly number[]): Threshold[] {
  const [fewest, most] = [Math.min(...imported), Math.max(...imported)];
  const scenarios: Scenario[] = [{ shares: fewest, sessions: 1 }];
  // With --quick there is one size, and it is on one session already.
  if (most > fewest) scenarios.push({ shares: most, sessions: Math.ceil(most / sharesPerSession) });
  return scenarios.map(({ shares, sessions }) => {
    const peak = (name: string) =>
      summarize(
        samples
          .filter((one) => one.candidate === name && one.shares === shares && one.sessions === sessions)
          .map(({ peakBytes }) => peakBytes),
      ).median / 1e6;
    return atMost(
      `peak memory of \`refresh\`, ${shares} shares on ${sessions === 1 ? "one session" : `${sessions} sessions`}`,
      peak("product"),
      1.3 * peak("baseline"),
      "1.3 x baseline",
      "MB",
    );
  });
}

function memoryTable(samples: readonly MemorySample[]): Table {
  const keyOf = ({ shares, sessions, candidate }: MemorySample) => `${shares} ${sessions} ${candidate}`;
  const rows = [...Map.groupBy(samples, keyOf).values()].map((same) => {
    const of = (name: "peakBytes" | "ms" | "gets" | "listBytes") => summarize(same.map((sample) => sample[name]));
    const [peak, ms] = [of("peakBytes"), of("ms")];
    const { shares, sessions, candidate } = same[0] as MemorySample;
    return [
      ...[shares, sessions].map(String),
      candidate,
      `${megabytes(peak.median)} (${megabytes(peak.least)}–${megabytes(peak.most)})`,
      `${number(ms.median / 1000)} (${number(ms.least / 1000)}–${number(ms.most / 1000)})`,
      number(of("gets").median),
      number(of("listBytes").median / 1e6),
    ];
  });
  return {
    title: "Peak memory of the provider process: medians (least–most)",
    rows: [["shares", "sessions", "candidate", "peak RSS, MB", "refresh, s", "GETs", "lists, MB"], ...rows],
  };
}

/** Creates shares on the appliance and returns them as the state would hold them if the program had created them. */
async function copiesOf(model: Resource, appliance: Appliance, shares: number): Promise<Resource[]> {
  const copies: Resource[] = [];
  for (let index = 0; index < shares; index++) {
    const sessionId = appliance.sessions[index % appliance.sessions.length] ?? "";
    const share = await appliance.addShare(sessionId);
    const fingerprint = createHash("sha256").update(share.key).digest("hex").slice(0, 16);
    copies.push({
      ...model,
      urn: model.urn.replace(/[^:]*$/, `share-${index}`),
      id: `${sessionId}/${fingerprint}`,
      inputs: { ...(model["inputs"] as object), sessionId },
      outputs: { ...(model["outputs"] as object), ...outputsOf(share, appliance.url), sessionId, fingerprint },
    });
  }
  return copies;
}

function outputsOf(
  { key, link, validSince, validTo, createdAt, modifiedAt }: PanelShare,
  origin: string,
): Record<string, unknown> {
  const secrets = { key: secretValue(key), link: secretValue(link), url: secretValue(origin + link) };
  return { ...secrets, validSince, validTo, createdAt, modifiedAt };
}

function megabytes(bytes: number): string {
  return number(bytes / 1e6);
}
