// `npm run chaos`: a stack of many shares against an appliance that loses answers, brought up until it succeeds, then
// refreshed, replaced and destroyed; in the end every link that was made must have an owner.
import { parseArgs } from "node:util";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { closeStacks, newStack, type Outcome, type Stack } from "../../test/support/engine";
import { Ledger, type Tally } from "./tally";

export interface ChaosOptions {
  readonly shares: number;
  readonly sessions: number;
  readonly seed: string;
  /** `name=value` of the emulator's switches. */
  readonly switches?: readonly string[];
  /** Drawn at creation, or one declared window for all: open already, or still to come. */
  readonly window?: "drawn" | "open" | "scheduled";
  readonly say?: (line: string) => void;
}

const attempts = 100;
const hour = 3_600_000;
const minutes = 60_000;

/** Plays it all. Throws when a command does not succeed in a hundred attempts. */
export async function chaos({
  shares,
  sessions,
  seed,
  switches = [],
  window = "drawn",
  say = () => undefined,
}: ChaosOptions): Promise<Tally> {
  const emulator = await startEmulator({
    seed,
    sessions,
    switches: Object.fromEntries(switches.map((pair) => pair.split("="))) as Record<string, string>,
  });
  const stack = await newStack({
    program: "",
    config: { "fudo:url": emulator.url },
    secretConfig: { "fudo:apiKey": emulator.apiKey },
    canaries: () => (shares > 100 ? [] : emulator.shares().map(({ key }) => key)),
  });
  try {
    return await play({ emulator, stack, shares, seed, declared: windowOf(window), say });
  } finally {
    stack.close();
    await emulator.close();
  }
}

interface Play {
  readonly emulator: Emulator;
  readonly stack: Stack;
  readonly shares: number;
  readonly seed: string;
  readonly declared: object;
  readonly say: (line: string) => void;
}

async function play({ emulator, stack, shares, seed, declared, say }: Play): Promise<Tally> {
  const ledger = new Ledger();
  const names = Array.from({ length: shares }, (_, index) => index);
  const declare = (readonly: boolean) => {
    const all = names.map((index) => ({
      sessionId: emulator.sessions[index % emulator.sessions.length],
      readonly,
      ...declared,
    }));
    stack.writeProgram(
      `const fudo = require("pulumi-fudo");\n${JSON.stringify(all)}.forEach((share, index) => new fudo.SessionShare("share-" + index, share));\n`,
    );
  };
  const untilWell = async (what: "up" | "refresh" | "destroy", readonly: boolean) => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      emulator.randomFaults({
        seed: `${seed} ${what} ${readonly} ${attempt}`,
        lostPostAnswers: 0.15,
        otherFaults: 0.1,
      });
      const outcome = await stack[what]([], { timeoutMs: 60 * minutes });
      const state = await stack.export();
      if (what !== "destroy") ledger.record(outcome.all, state, { readonly });
      say(
        `${what} ${attempt}: ${outcome.code === 0 ? "succeeded" : `failed (${reasons(outcome)})`}, ${ledger.size} shares in the state, ${emulator.shares().length} links made`,
      );
      if (outcome.code === 0) return;
    }
    throw new Error(`${what} did not succeed in ${attempts} attempts`);
  };
  declare(true);
  await untilWell("up", true);
  await untilWell("refresh", true);
  declare(false);
  await untilWell("up", false);
  if (ledger.size !== shares) throw new Error(`${shares} shares are declared and the state holds ${ledger.size}`);
  await untilWell("destroy", false);
  ledger.close(await stack.export());
  say(struck(emulator));
  return ledger.tally(emulator.shares());
}

function struck({ requests }: Emulator): string {
  const [posts, others] = [true, false].map((post) => requests.filter(({ method }) => (method === "POST") === post));
  const faulty = (some: typeof requests = []) =>
    `${some.filter(({ fault }) => fault !== undefined).length} of ${some.length}`;
  return `answers to POST that were lost: ${faulty(posts)}; other calls that failed: ${faulty(others)}`;
}

function windowOf(window: "drawn" | "open" | "scheduled"): object {
  if (window === "drawn") return { duration: "PT8H" };
  const start = Date.now() + (window === "open" ? -hour : hour);
  return { validSince: new Date(start).toISOString(), validTo: new Date(start + 8 * hour).toISOString() };
}

function reasons({ all }: Outcome): string {
  return [...new Set(all.match(/fudo\[[a-z-]+\]/g) ?? ["no fudo error"])].join(", ");
}

/** The last line of the output. */
export function lineOf({ created, owned, adopted, unknown, unannounced, duplicated, lost }: Tally): string {
  const announced = unknown > 0 ? ` (${unknown - unannounced} announced as uncertain)` : "";
  return `created ${created}, owned ${owned}, adopted ${adopted}, unknown ${unknown}${announced}, duplicated ${duplicated}, lost ${lost}`;
}

/** For whoever interrupts: ends what still runs. */
export const abandon = closeStacks;

const usage =
  "npm run chaos -- [--shares 1000] [--sessions 50] [--seed 1] [--window drawn|open|scheduled] [--switch name=value]… [--announced]";

/** Undefined for wrong usage. */
function optionsOf(args: readonly string[]): (ChaosOptions & { readonly announced: boolean }) | undefined {
  const text = { type: "string" } as const;
  const options = {
    shares: text,
    sessions: text,
    seed: text,
    window: text,
    switch: { type: "string", multiple: true },
    announced: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const { seed = "1", window = "drawn", announced = false } = values;
    const [shares, sessions] = [Number(values.shares ?? 1000), Number(values.sessions ?? 50)];
    const counted = [shares, sessions].every((count) => Number.isSafeInteger(count) && count > 0);
    return counted && ["drawn", "open", "scheduled"].includes(window)
      ? {
          shares,
          sessions,
          seed,
          switches: values.switch ?? [],
          window: window as "drawn" | "open" | "scheduled",
          announced,
        }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Exit code 0 unless a link is unknown (with `--announced`: and unannounced), owned twice or lost; 2 for wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const { shares, sessions, seed, announced } = options;
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(
    `${shares} shares on ${sessions} sessions, seed ${seed}: 15 % of the answers to POST are lost after the share is made, 10 % of the other calls fail`,
  );
  const tally = await chaos({ ...options, say });
  say(lineOf(tally));
  return (announced ? tally.unannounced : tally.unknown) + tally.duplicated + tally.lost === 0 ? 0 : 1;
}
