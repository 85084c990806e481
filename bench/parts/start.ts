// Measures how long a provider process takes to its first responses, and how long its modules take to load.
import { startAppliance, type Appliance } from "../appliance";
import { baseline, candidates, product, type Candidate } from "../candidates";
import { measureLoadTimes, type LoadTimes } from "../module-load";
import { atMost, number, type Findings, type Part } from "../part";
import { startDynamicProvider, type StartTimes } from "../provider-process";
import { isShare, openStack } from "../stack";
import { summarize, type Summary } from "../statistics";
import type { Workspace } from "../workspace";

type Starts = Readonly<Record<string, readonly StartTimes[]>>;

const moments = { port: "port printed", check: "first check response", create: "first create response" } as const;

export const start: Part = {
  name: "start",
  about:
    "The SDK's dynamic-provider process from its start to its first responses, then the load time of each module in a new process.",
  async measure(workspace, { quick }, log) {
    const starts = await measureStarts(workspace, quick ? 5 : 25);
    return findings(starts, measureLoadTimes(workspace, quick ? 3 : 15), log);
  },
};

/** Starts each candidate's provider once per round. */
async function measureStarts(workspace: Workspace, rounds: number): Promise<Starts> {
  const appliance = await startAppliance(workspace, { sessions: 1 });
  const config = { "fudo:url": appliance.url, "fudo:apiKey": appliance.apiKey };
  const inputs = { sessionId: appliance.sessions[0], duration: "PT8H" };
  const texts: (readonly [name: string, providerText: string])[] = [];
  for (const candidate of candidates)
    texts.push([candidate.name, await providerTextOf(workspace, candidate, appliance)]);
  const starts: Record<string, StartTimes[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, text] of texts)
      (starts[name] ??= []).push(await startDynamicProvider(workspace, text, config, inputs));
  }
  await appliance.close();
  return starts;
}

function findings(starts: Starts, loadTimes: readonly LoadTimes[], log: (line: string) => void): Findings {
  const of = (name: string, moment: keyof StartTimes) => summarize((starts[name] ?? []).map((one) => one[moment]));
  const shown = ({ median, least, most }: Summary) => `${number(median)} (${number(least)}–${number(most)})`;
  const rows = (Object.keys(moments) as (keyof StartTimes)[]).map((moment) => [
    moments[moment],
    ...candidates.map(({ name }) => shown(of(name, moment))),
  ]);
  rows.forEach((row) => log(row.join("  ")));
  // Measured from the port: the time before it is spent in the SDK and is the same for all candidates.
  const own = (name: string) => summarize((starts[name] ?? []).map(({ port, check }) => check - port)).median;
  const rounds = starts[product.name]?.length ?? 0;
  const figure = "time from port to first check, module loading included";
  return {
    tables: [
      {
        title: `Milliseconds from the start of the process: median (least–most) of ${rounds}`,
        rows: [["", ...candidates.map(({ name }) => name)], ...rows],
      },
      {
        title: "Milliseconds to load a module in a process that has loaded only the modules before the plus sign",
        rows: [["module", "median (least–most)"], ...loadTimes.map(({ what, ms }) => [what, shown(summarize(ms))])],
      },
    ],
    thresholds: [atMost(figure, own(product.name), own(baseline.name) + 60, "baseline + 60 ms", "ms")],
    data: { starts, loadTimes },
  };
}

/** The `__provider` text that the candidate's program registers. */
async function providerTextOf(workspace: Workspace, candidate: Candidate, appliance: Appliance): Promise<string> {
  const stack = await openStack(workspace, candidate, appliance);
  stack.declare(1);
  await stack.run("up");
  const [share] = (await stack.resources()).filter(isShare);
  stack.close();
  return (share?.["inputs"] as { __provider: string }).__provider;
}
