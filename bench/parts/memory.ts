// How much memory a provider process needs to refresh many shares: peak RSS, on a state made by `pulumi stack import`.
import { startAppliance, type Appliance, type PanelShare } from "../appliance";
import { contenders, type Contender } from "../candidates";
import { atMost, number, type Bar, type Part, type Table } from "../part";
import { peakMemory } from "../peak-memory";
import type { Place } from "../workspace";
import { openStack, type Resource, type Stack } from "../stack";
import { summarize } from "../statistics";
import { isShare } from "./state";
import { createHash } from "node:crypto";

export interface MemorySample {
  readonly contender: string;
  readonly shares: number;
  readonly sessions: number;
  readonly peakBytes: number;
  readonly ms: number;
  readonly gets: number;
  readonly listBytes: number;
}

const sharesPerSession = 100;

interface Lane {
  readonly contender: Contender;
  readonly appliance: Appliance;
  readonly stack: Stack;
}

export const memory: Part = {
  name: "memory",
  about: `Peak RSS of the provider process during a \`refresh\`; ${sharesPerSession} shares on each session, and all on one.`,
  async measure(place, { imported, rounds }, say) {
    const samples: MemorySample[] = [];
    for (const shares of imported) {
      for (const sessions of [Math.ceil(shares / sharesPerSession), 1]) {
        // On one session the naive provider lists everything for each share: at 10,000 that takes hours.
        const wanted = contenders.filter(({ name }) => name !== "naive" || sessions > 1);
        samples.push(...(await scene(place, wanted, shares, sessions, rounds, say)));
      }
    }
    return { tables: [memoryTable(samples)], bars: memoryBars(samples, Math.max(...imported)), data: samples };
  },
};

/** So many refreshes of one state, the contenders in turns. */
async function scene(
  place: Place,
  wanted: readonly Contender[],
  shares: number,
  sessions: number,
  rounds: number,
  say: (line: string) => void,
): Promise<MemorySample[]> {
  const lanes: Lane[] = [];
  for (const contender of wanted) lanes.push(await imported(place, contender, shares, sessions));
  const samples: MemorySample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      const sample = { contender: lane.contender.name, shares, sessions, ...(await refreshed(lane)) };
      samples.push(sample);
      say(
        `${sample.contender}, ${shares} on ${sessions}: ${megabytes(sample.peakBytes)} MB, ${sample.ms} ms, ${sample.gets} GET, ${number(sample.listBytes / 1e6)} MB of lists`,
      );
    }
  }
  for (const { stack, appliance } of lanes) {
    stack.close();
    await appliance.close();
  }
  return samples;
}

/** A stack with so many shares that the appliance knows, made from one that the contender made itself. */
async function imported(place: Place, contender: Contender, shares: number, sessions: number): Promise<Lane> {
  const appliance = await startAppliance(place, { sessions });
  const stack = await openStack(place, contender, appliance);
  stack.declare(1);
  await stack.run("up");
  const resources = await stack.resources(true);
  const [model] = resources.filter(isShare);
  if (model === undefined) throw new Error("the state holds no share");
  const copies = await copiesOf(model, appliance, shares);
  await stack.import([...resources.filter((one) => !isShare(one)), ...copies]);
  return { contender, appliance, stack };
}

async function refreshed({
  contender,
  appliance,
  stack,
}: Lane): Promise<Omit<MemorySample, "contender" | "shares" | "sessions">> {
  await appliance.takeCalls();
  const running = stack.start("refresh");
  const peakBytes = await peakMemory(running, (command) => contender.isProvider(command));
  const { code, all, ms } = await running.done;
  if (code !== 0) throw new Error(`${contender.name}: refresh ended with ${code}:\n${all.slice(-4000)}`);
  const { gets, listBytes } = await appliance.takeCalls();
  return { peakBytes, ms, gets, listBytes };
}

/** Exported for its test. */
export function memoryBars(samples: readonly MemorySample[], shares: number): Bar[] {
  const peak = (name: string, sessions: number) =>
    summarize(
      samples
        .filter((one) => one.contender === name && one.shares === shares && one.sessions === sessions)
        .map(({ peakBytes }) => peakBytes),
    ).median / 1e6;
  return [Math.ceil(shares / sharesPerSession), 1].map((sessions) =>
    atMost(
      `memory, \`refresh\` of ${shares} on ${sessions === 1 ? "one session" : `${sessions} sessions`}`,
      peak("product", sessions),
      1.3 * peak("floor", sessions),
      "1.3 x floor",
      "MB",
    ),
  );
}

function memoryTable(samples: readonly MemorySample[]): Table {
  const keyOf = ({ shares, sessions, contender }: MemorySample) => `${shares} ${sessions} ${contender}`;
  const rows = [...Map.groupBy(samples, keyOf).values()].map((same) => {
    const of = (name: "peakBytes" | "ms" | "gets" | "listBytes") => summarize(same.map((sample) => sample[name]));
    const [peak, ms] = [of("peakBytes"), of("ms")];
    const { shares, sessions, contender } = same[0] as MemorySample;
    return [
      ...[shares, sessions].map(String),
      contender,
      `${megabytes(peak.median)} (${megabytes(peak.least)}–${megabytes(peak.most)})`,
      `${number(ms.median / 1000)} (${number(ms.least / 1000)}–${number(ms.most / 1000)})`,
      number(of("gets").median),
      number(of("listBytes").median / 1e6),
    ];
  });
  return {
    title: "Peak memory of the provider process: medians (least–most)",
    rows: [["shares", "sessions", "contender", "peak RSS, MB", "refresh, s", "GETs", "lists, MB"], ...rows],
  };
}

/** Shares of the panel, as the state would hold them had the program made them. */
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
  return {
    key: secret(key),
    link: secret(link),
    url: secret(origin + link),
    validSince,
    validTo,
    createdAt,
    modifiedAt,
  };
}

/** A secret as `stack export --show-secrets` writes it and `stack import` encrypts it. */
function secret(text: string): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(text) };
}

function megabytes(bytes: number): string {
  return number(bytes / 1e6);
}
