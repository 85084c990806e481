// What it takes until a provider answers, and which module takes how much of it.
import { startAppliance, type Appliance } from "../appliance";
import { contenders, floor, product, type Contender } from "../candidates";
import { loadingCosts } from "../loading";
import { atMost, number, type Part } from "../part";
import type { Place } from "../workspace";
import { startOnce, type Start } from "../provider-process";
import { openStack } from "../stack";
import { summarize } from "../statistics";
import { isShare } from "./state";

const moments = { port: "port told", check: "first check answered", create: "first create answered" } as const;

export const start: Part = {
  name: "start",
  about:
    "The SDK's dynamic-provider process from its start to its first answers; then what loading costs, module by module, in a fresh process each time.",
  async measure(place, { quick }, say) {
    const rounds = quick ? 5 : 25;
    const appliance = await startAppliance(place, { sessions: 1 });
    const config = { "fudo:url": appliance.url, "fudo:apiKey": appliance.apiKey };
    const inputs = { sessionId: appliance.sessions[0], duration: "PT8H" };
    const texts: (readonly [name: string, providerText: string])[] = [];
    for (const contender of contenders) texts.push([contender.name, await providerTextOf(place, contender, appliance)]);
    const starts: Record<string, Start[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (const [name, text] of texts) (starts[name] ??= []).push(await startOnce(place, text, config, inputs));
    }
    await appliance.close();
    const of = (name: string, moment: keyof Start) => summarize((starts[name] ?? []).map((one) => one[moment]));
    const shown = ({ median, least, most }: ReturnType<typeof of>) =>
      `${number(median)} (${number(least)}–${number(most)})`;
    const rows = (Object.keys(moments) as (keyof Start)[]).map((moment) => [
      moments[moment],
      ...contenders.map(({ name }) => shown(of(name, moment))),
    ]);
    rows.forEach((row) => say(row.join("  ")));
    const costs = loadingCosts(place, quick ? 3 : 15);
    // From the port on: what comes before is the SDK's own, the same for all.
    const own = (name: string) => summarize((starts[name] ?? []).map(({ port, check }) => check - port)).median;
    return {
      tables: [
        {
          title: `Milliseconds from the start of the process: median (least–most) of ${rounds}`,
          rows: [["", ...contenders.map(({ name }) => name)], ...rows],
        },
        {
          title: "Milliseconds to load, in a process that has loaded nothing else but what stands before the plus",
          rows: [["module", "median (least–most)"], ...costs.map(({ what, ms }) => [what, shown(summarize(ms))])],
        },
      ],
      bars: [
        atMost(
          "from the port to the first check, loading included",
          own(product.name),
          own(floor.name) + 60,
          "floor + 60 ms",
          "ms",
        ),
      ],
      data: { starts, costs },
    };
  },
};

/** As a program of the contender registers it. */
async function providerTextOf(place: Place, contender: Contender, appliance: Appliance): Promise<string> {
  const stack = await openStack(place, contender, appliance);
  stack.declare(1);
  await stack.run("up");
  const [share] = (await stack.resources()).filter(isShare);
  stack.close();
  return (share?.["inputs"] as { __provider: string }).__provider;
}
