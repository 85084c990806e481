// What users wait for and what the appliance feels: the engine's commands on stacks of shares, contenders alternately.
import { startAppliance, type Appliance, type Calls } from "../../appliance";
import { contenders, naive, type Contender } from "../../candidates";
import type { Part, Size } from "../../part";
import type { Place } from "../../workspace";
import { openStack, type Stack, type Timed, type Verb } from "../../stack";
import { engineBars } from "./thresholds";
import { engineTables } from "./tables";

/** One command once. `latency` is in milliseconds. */
export interface Sample extends Timed, Calls {
  readonly contender: string;
  readonly verb: Verb;
  readonly shares: number;
  readonly sessions: number;
  readonly latency: number;
}

interface Lane {
  readonly contender: Contender;
  readonly appliance: Appliance;
  readonly stack: Stack;
}

interface Round {
  readonly place: Place;
  readonly shares: number;
  readonly sessions: number;
  /** How often the commands that change nothing are run. */
  readonly repeats: number;
  readonly contenders: readonly Contender[];
  readonly say: (line: string) => void;
}

const far = 50;

export const engine: Part = {
  name: "engine",
  about: "`pulumi` commands as users wait for them, `--parallel 8`, file backend, no preview before a change.",
  async measure(place, size, say) {
    const samples: Sample[] = [];
    for (const { shares, sessions, index } of plan(size)) {
      // Beyond `shares` no bar speaks of the naive provider, whose `up` is the slowest: the time goes to the other two.
      const large = shares > size.shares;
      const wanted = large ? contenders.filter((one) => one !== naive) : contenders;
      const round = { place, shares, sessions, say, repeats: large ? 1 : 2, contenders: rotated(wanted, index) };
      samples.push(...(await life(round)), ...(await farAway(round)));
    }
    return { tables: engineTables(samples), bars: engineBars(samples, size), data: samples };
  },
};

/** Every number of shares, on as many sessions and on one; `shares` as often as asked, the others once. */
function plan({ shares, growth, rounds }: Size): { shares: number; sessions: number; index: number }[] {
  return growth.flatMap((n) =>
    Array.from({ length: n === shares ? rounds : 1 }, (_, index) => [
      { shares: n, sessions: n, index },
      { shares: n, sessions: 1, index },
    ]).flat(),
  );
}

/** From nothing to nothing. The contenders take turns at each command. */
async function life(round: Round): Promise<Sample[]> {
  const lanes = await open(round, round.contenders);
  const samples: Sample[] = [];
  const each = async (verb: Verb, latency = 0, taking = lanes) => {
    for (const lane of taking.filter(({ contender }) => latency === 0 || contender.calls))
      samples.push(await sample(lane, verb, latency, round));
  };
  await each("up");
  for (let count = 0; count < round.repeats; count++) {
    await each("again");
    await each("preview");
    await each("refresh");
    await each("refresh", far);
    // Their bars are the narrowest, narrower than the noise of a few commands, and do not speak of the naive provider.
    const compared = lanes.filter(({ contender }) => contender !== naive).reverse();
    await each("again", 0, compared);
    await each("preview", 0, compared);
  }
  await each("destroy");
  await close(lanes);
  return samples;
}

/** New shares on an appliance far away. */
async function farAway(round: Round): Promise<Sample[]> {
  const lanes = await open(
    round,
    round.contenders.filter(({ calls }) => calls),
  );
  const samples: Sample[] = [];
  for (const lane of lanes) samples.push(await sample(lane, "up", far, round));
  await close(lanes);
  return samples;
}

async function open({ place, shares, sessions }: Round, wanted: readonly Contender[]): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const contender of wanted) {
    const appliance = await startAppliance(place, { sessions });
    const stack = await openStack(place, contender, appliance);
    stack.declare(shares);
    lanes.push({ contender, appliance, stack });
  }
  return lanes;
}

async function sample(
  { contender, appliance, stack }: Lane,
  verb: Verb,
  latency: number,
  { shares, sessions, say }: Round,
): Promise<Sample> {
  await appliance.setLatency(latency);
  await appliance.takeCalls();
  const timed = await stack.run(verb);
  const calls = await appliance.takeCalls();
  say(
    `${verb} of ${shares} on ${sessions} at ${latency} ms, ${contender.name}: ${timed.ms} ms, ${calls.gets} GET, ${calls.posts} POST`,
  );
  return { contender: contender.name, verb, shares, sessions, latency, ...timed, ...calls };
}

async function close(lanes: readonly Lane[]): Promise<void> {
  for (const { appliance, stack } of lanes) {
    stack.close();
    await appliance.close();
  }
}

function rotated<T>(values: readonly T[], by: number): T[] {
  const start = by % values.length;
  return [...values.slice(start), ...values.slice(0, start)];
}
