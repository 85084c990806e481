// Measures the plugin beside the dynamic provider, the baseline and an empty plugin: commands, requests, state bytes, start.
import { startAppliance } from "../../appliance";
import { emptyPlugin, pluginCandidates, product, productPlugin, type Candidate } from "../../candidates";
import type { Part, Size } from "../../part";
import { startPlugin, type StartTimes } from "../../provider-process";
import { isShare, type Command } from "../../stack";
import type { Workspace } from "../../workspace";
import { close, open, rotated, sample } from "../engine/engine";
import type { Sample } from "../engine/samples";
import { bytesOf, type Bytes } from "../state";
import type { Starts } from "./findings";
import { pluginTables } from "./tables";
import { pluginThresholds } from "./thresholds";

/** What one round found. */
interface Measured {
  readonly samples: readonly Sample[];
  /** Bytes per share in the state, by candidate. */
  readonly bytes: Readonly<Record<string, Bytes>>;
}

type Log = (line: string) => void;

export const plugin: Part = {
  name: "plugin",
  about:
    "The plugin in the same run as the dynamic provider, the baseline, and a plugin that does nothing. The programs of both plugins use the generated SDK. State bytes as in the part `state`.",
  async measure(workspace, size, log) {
    const rounds: Measured[] = [];
    for (let round = 0; round < size.rounds; round++)
      rounds.push(await measureCommands(workspace, rotated(pluginCandidates, round), size, log));
    const samples = [...rounds.flatMap((one) => one.samples), ...(await measureOneSession(workspace, size, log))];
    const bytes = rounds[0]?.bytes ?? {};
    const starts = await measureStarts(workspace, size.quick ? 5 : 25);
    const found = { samples, bytes, starts };
    return { tables: pluginTables(found), thresholds: pluginThresholds(found, size), data: found };
  },
};

/** Each command on as many sessions as shares, alternating between the candidates. */
async function measureCommands(
  workspace: Workspace,
  candidates: readonly Candidate[],
  { shares }: Size,
  log: Log,
): Promise<Measured> {
  const scale = { workspace, shares, sessions: shares, log };
  const setups = await open(scale, candidates);
  const samples: Sample[] = [];
  const each = async (command: Command, selected = setups) => {
    for (const setup of selected) samples.push(await sample(setup, command, 0, scale));
  };
  await each("up");
  const bytes: Record<string, Bytes> = {};
  for (const { candidate, stack } of setups) bytes[candidate.name] = bytesOf((await stack.resources()).filter(isShare));
  // Its threshold is the tightest: one command would measure noise.
  for (let count = 0; count < 2; count++) {
    await each("noop");
    await each("noop", [...setups].reverse());
  }
  await each("preview");
  await each("refresh");
  await each("destroy");
  await close(setups);
  return { samples, bytes };
}

/** For the number of requests only: many shares on one session. */
async function measureOneSession(workspace: Workspace, { shares }: Size, log: Log): Promise<Sample[]> {
  const scale = { workspace, shares, sessions: 1, log };
  const setups = await open(scale, [product, productPlugin]);
  const samples: Sample[] = [];
  for (const command of ["up", "refresh"] as const)
    for (const setup of setups) samples.push(await sample(setup, command, 0, scale));
  await close(setups);
  return samples;
}

async function measureStarts(workspace: Workspace, rounds: number): Promise<Starts> {
  const appliance = await startAppliance(workspace, { sessions: 1 });
  const config = { url: appliance.url, apiKey: appliance.apiKey };
  const inputs = { sessionId: appliance.sessions[0], duration: "PT8H" };
  const starts: Record<string, StartTimes[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, package: packageName } of [emptyPlugin, productPlugin])
      (starts[name] ??= []).push(await startPlugin(workspace, packageName, config, inputs));
  }
  await appliance.close();
  return starts;
}
