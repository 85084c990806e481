// `npm run chaos`: runs `up` on many shares against an appliance that loses responses until it succeeds, then refreshes,
// replaces and destroys them. At the end every link that the appliance created must have been managed by the stack.
import { parseArgs } from "node:util";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { closeStacks, newStack, type Outcome, type Stack } from "../../test/support/engine";
import { Ledger, type Tally } from "./tally";

/** Generated at creation, or one declared window for all shares: already open, or scheduled for later. */
type Window = "generated" | "open" | "scheduled";

export interface ChaosOptions {
  readonly shares: number;
  readonly sessions: number;
  readonly seed: string;
  /** `name=value` of the emulator's behaviour flags. */
  readonly behaviour?: readonly string[];
  readonly window?: Window;
  readonly log?: (line: string) => void;
}

const attempts = 100;
const hour = 3_600_000;
const minutes = 60_000;

/** Runs all commands. Throws if a command does not succeed in a hundred attempts. */
export async function chaos({
  shares,
  sessions,
  seed,
  behaviour = [],
  window = "generated",
  log = () => undefined,
}: ChaosOptions): Promise<Tally> {
  const emulator = await startEmulator({
    seed,
    sessions,
    behaviour: Object.fromEntries(behaviour.map((pair) => pair.split("="))) as Record<string, string>,
  });
  const stack = await newStack({
    program: "",
    config: { "fudo:url": emulator.url },
    secretConfig: { "fudo:apiKey": emulator.apiKey },
    canaries: () => (shares > 100 ? [] : emulator.shares().map(({ key }) => key)),
  });
  try {
    return await runCommands({ emulator, stack, shares, seed, declaredWindow: declaredWindow(window), log });
  } finally {
    stack.close();
    await emulator.close();
  }
}

interface Setup {
  readonly emulator: Emulator;
  readonly stack: Stack;
  readonly shares: number;
  readonly seed: string;
  readonly declaredWindow: object;
  readonly log: (line: string) => void;
}

async function runCommands(setup: Setup): Promise<Tally> {
  const { emulator, stack, shares, log } = setup;
  const ledger = new Ledger();
  declare(setup, true);
  await runUntilSuccess(setup, ledger, "up", true);
  await runUntilSuccess(setup, ledger, "refresh", true);
  declare(setup, false);
  await runUntilSuccess(setup, ledger, "up", false);
  if (ledger.size !== shares) throw new Error(`${shares} shares are declared and the state holds ${ledger.size}`);
  await runUntilSuccess(setup, ledger, "destroy", false);
  ledger.close(await stack.export());
  log(faultCounts(emulator));
  return ledger.tally(emulator.shares());
}

/** Writes the program. Another `readonly` replaces all shares. */
function declare({ emulator, stack, shares, declaredWindow }: Setup, readonly: boolean): void {
  const all = Array.from({ length: shares }, (_, index) => ({
    sessionId: emulator.sessions[index % emulator.sessions.length],
    readonly,
    ...declaredWindow,
  }));
  stack.writeProgram(
    `const fudo = require("pulumi-fudo");\n${JSON.stringify(all)}.forEach((share, index) => new fudo.SessionShare("share-" + index, share));\n`,
  );
}

async function runUntilSuccess(
  { emulator, stack, seed, log }: Setup,
  ledger: Ledger,
  command: "up" | "refresh" | "destroy",
  readonly: boolean,
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    emulator.randomFaults({
      seed: `${seed} ${command} ${readonly} ${attempt}`,
      lostPostResponses: 0.15,
      otherFaults: 0.1,
    });
    const outcome = await stack[command]([], { timeoutMs: 60 * minutes });
    const state = await stack.export();
    if (command !== "destroy") ledger.record(outcome.all, state, { readonly });
    log(
      `${command} ${attempt}: ${outcome.code === 0 ? "succeeded" : `failed (${errorCodes(outcome)})`}, ${ledger.size} shares in the state, ${emulator.shares().length} links created`,
    );
    if (outcome.code === 0) return;
  }
  throw new Error(`${command} did not succeed in ${attempts} attempts`);
}

function faultCounts({ requests }: Emulator): string {
  const [posts, others] = [true, false].map((post) => requests.filter(({ method }) => (method === "POST") === post));
  const faulty = (some: typeof requests = []) =>
    `${some.filter(({ fault }) => fault !== undefined).length} of ${some.length}`;
  return `lost POST responses: ${faulty(posts)}; other failed requests: ${faulty(others)}`;
}

function declaredWindow(window: Window): object {
  if (window === "generated") return { duration: "PT8H" };
  const start = Date.now() + (window === "open" ? -hour : hour);
  return { validSince: new Date(start).toISOString(), validTo: new Date(start + 8 * hour).toISOString() };
}

function errorCodes({ all }: Outcome): string {
  return [...new Set(all.match(/fudo\[[a-z-]+\]/g) ?? ["no fudo error"])].join(", ");
}

/** The last line of the output. */
export function formatTally({ created, managed, recovered, unmanaged, unannounced, duplicated, lost }: Tally): string {
  const announced = unmanaged > 0 ? ` (${unmanaged - unannounced} announced as uncertain)` : "";
  return `created ${created}, managed ${managed}, recovered ${recovered}, unmanaged ${unmanaged}${announced}, duplicated ${duplicated}, lost ${lost}`;
}

/** Ends what still runs after an interruption. */
export const cleanUp = closeStacks;

const usage =
  "npm run chaos -- [--shares 1000] [--sessions 50] [--seed 1] [--window generated|open|scheduled] [--behaviour name=value]… [--announced]";

/** Undefined for wrong usage. */
function parseOptions(args: readonly string[]): (ChaosOptions & { readonly announced: boolean }) | undefined {
  const text = { type: "string" } as const;
  const options = {
    shares: text,
    sessions: text,
    seed: text,
    window: text,
    behaviour: { type: "string", multiple: true },
    announced: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const { seed = "1", window = "generated", announced = false, behaviour = [] } = values;
    const [shares, sessions] = [Number(values.shares ?? 1000), Number(values.sessions ?? 50)];
    const valid =
      [shares, sessions].every((count) => Number.isSafeInteger(count) && count > 0) &&
      ["generated", "open", "scheduled"].includes(window);
    return valid ? { shares, sessions, seed, behaviour, window: window as Window, announced } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Exit code 0 if no link is unmanaged, duplicated or lost, 1 otherwise, 2 for wrong usage. With `--announced`, an
 * unmanaged link counts only if no `uncertain` error announced it.
 */
export async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stderr.write(`usage: ${usage}\n`);
    return 2;
  }
  const { shares, sessions, seed, announced } = options;
  const log = (line: string) => process.stdout.write(`${line}\n`);
  log(
    `${shares} shares on ${sessions} sessions, seed ${seed}: 15 % of the POST responses are lost after the share is created, 10 % of the other requests fail`,
  );
  const tally = await chaos({ ...options, log });
  log(formatTally(tally));
  return (announced ? tally.unannounced : tally.unmanaged) + tally.duplicated + tally.lost === 0 ? 0 : 1;
}
