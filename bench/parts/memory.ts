// How much memory a provider process needs to refresh many shares: peak RSS, on a state made by `pulumi stack import`.
import { startAppliance, type Appliance, type PanelShare } from "../appliance";
import { contenders, type Contender } from "../contenders";
import { atMost, number, type Part } from "../part";
import { peakMemory } from "../peak-memory";
import type { Place } from "../place";
import { openStack, type Resource } from "../stack";
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

export const memory: Part = {
  name: "memory",
  about: `Peak RSS of the provider process during a \`refresh\`; ${sharesPerSession} shares on each session, and all on one.`,
  async measure(place, { imported }, say) {
    const samples: MemorySample[] = [];
    for (const shares of imported) {
      for (const sessions of [Math.ceil(shares / sharesPerSession), 1]) {
        for (const contender of contenders.filter(({ name }) => name !== "naive" || sessions > 1)) {
          const sample = await refreshed(place, contender, shares, sessions);
          samples.push(sample);
          say(`${contender.name}, ${shares} on ${sessions}: ${megabytes(sample.peakBytes)} MB, ${sample.ms} ms, ${sample.gets} GET, ${number(sample.listBytes / 1e6)} MB of lists`);
        }
      }
    }
    const most = Math.max(...imported);
    const peak = (contender: string, sessions: number) => samples.find((one) => one.contender === contender && one.shares === most && one.sessions === sessions)?.peakBytes ?? NaN;
    const bars = [Math.ceil(most / sharesPerSession), 1].map((sessions) =>
      atMost(`memory, \`refresh\` of ${most} on ${sessions} sessions`, peak("product", sessions) / 1e6, (1.3 * peak("floor", sessions)) / 1e6, "1.3 x floor", "MB"),
    );
    const head = ["shares", "sessions", "contender", "peak RSS, MB", "refresh, s", "GETs", "lists, MB"];
    const rows = samples.map((s) => [String(s.shares), String(s.sessions), s.contender, megabytes(s.peakBytes), number(s.ms / 1000), String(s.gets), number(s.listBytes / 1e6)]);
    return { tables: [{ title: "Peak memory of the provider process", rows: [head, ...rows] }], bars, data: samples };
  },
};

async function refreshed(place: Place, contender: Contender, shares: number, sessions: number): Promise<MemorySample> {
  const appliance = await startAppliance(place, { sessions });
  const stack = await openStack(place, contender, appliance);
  stack.declare(1);
  await stack.run("up");
  const resources = await stack.resources(true);
  const [model] = resources.filter(isShare);
  if (model === undefined) throw new Error("the state holds no share");
  const copies = await copiesOf(model, appliance, shares);
  await stack.import([...resources.filter((one) => !isShare(one)), ...copies]);
  await appliance.takeCalls();
  const running = stack.start("refresh");
  const peakBytes = await peakMemory(running, (command) => contender.isProvider(command));
  const { code, all, ms } = await running.done;
  if (code !== 0) throw new Error(`${contender.name}: refresh ended with ${code}:\n${all.slice(-4000)}`);
  const { gets, listBytes } = await appliance.takeCalls();
  stack.close();
  await appliance.close();
  return { contender: contender.name, shares, sessions, peakBytes, ms, gets, listBytes };
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

function outputsOf({ key, link, validSince, validTo, createdAt, modifiedAt }: PanelShare, origin: string): Record<string, unknown> {
  return { key: secret(key), link: secret(link), url: secret(origin + link), validSince, validTo, createdAt, modifiedAt };
}

/** A secret as `stack export --show-secrets` writes it and `stack import` encrypts it. */
function secret(text: string): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(text) };
}

function megabytes(bytes: number): string {
  return number(bytes / 1e6);
}
