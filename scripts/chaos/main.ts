// `npm run chaos`: runs `up` on many shares against an appliance that loses responses until it succeeds, then refreshes,
// replaces and destroys them; with `--kill`, runs are killed at random moments. At the end every link that the appliance
// created must have been managed by the stack.
import { parseArgs } from "node:util";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { closeStacks, newStack, type Outcome, type Stack } from "../../test/support/engine";
import { usePlugin } from "../../test/support/engine-plugin";
import { KilledRuns, type KilledOutcome } from "./kills";
import { Ledger, type Tally } from "./tally";

/** Generated at creation, or one declared window for all shares: already open, or scheduled for later. */
type Window = "generated" | "open" | "scheduled";

/** The dynamic provider, or the plugin. */
type Adapter = "dynamic" | "plugin";

/** The module whose SessionShare the program uses. */
const modules = { dynamic: "pulumi-fudo", plugin: "pulumi-fudo/plugin" } as const;

export interface ChaosOptions {
  /** Default: "dynamic". */
  readonly adapter?: Adapter;
  readonly shares: number;
  readonly sessions: number;
  readonly seed: string;
  /** `name=value` of the emulator's behaviour flags. */
  readonly behaviour?: readonly string[];
  readonly window?: Window;
  /**
   * How many runs of each program are killed at random moments. The next run has FUDO_RECOVER=true, which takes over
   * shares with a generated start only.
   */
  readonly kills?: number;
  readonly log?: (line: string) => void;
}

const attempts = 100;
const hour = 3_600_000;
const minutes = 60_000;

/** Runs all commands. Throws if a command does not succeed in a hundred attempts. */
export async function chaos({
  adapter = "dynamic",
  shares,
  sessions,
  seed,
  behaviour = [],
  window = "generated",
  kills = 0,
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
  if (adapter === "plugin") usePlugin(stack);
  try {
    return await runCommands({
      adapter,
      emulator,
      stack,
      shares,
      seed,
      kills,
      declaredWindow: declaredWindow(window),
      log,
    });
  } finally {
    stack.close();
    await emulator.close();
  }
}

interface Setup {
  readonly adapter: Adapter;
  readonly emulator: Emulator;
  readonly stack: Stack;
  readonly shares: number;
  readonly seed: string;
  readonly kills: number;
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
function declare({ adapter, emulator, stack, shares, declaredWindow }: Setup, readonly: boolean): void {
  const all = Array.from({ length: shares }, (_, index) => ({
    sessionId: emulator.sessions[index % emulator.sessions.length],
    readonly,
    ...declaredWindow,
  }));
  stack.writeProgram(
    `const fudo = require("${modules[adapter]}");\n${JSON.stringify(all)}.forEach((share, index) => new fudo.SessionShare("share-" + index, share));\n`,
  );
}

async function runUntilSuccess(
  setup: Setup,
  ledger: Ledger,
  command: "up" | "refresh" | "destroy",
  readonly: boolean,
): Promise<void> {
  const { emulator, stack, seed, kills, log } = setup;
  const timeoutMs = 60 * minutes;
  const killed = kills > 0 && command === "up" ? new KilledRuns({ ...setup, seed: `${seed} ${readonly}` }) : undefined;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    emulator.randomFaults({
      seed: `${seed} ${command} ${readonly} ${attempt}`,
      lostPostResponses: 0.15,
      otherFaults: 0.1,
    });
    const outcome: KilledOutcome = await (killed?.up(attempt === 1, timeoutMs) ?? stack[command]([], { timeoutMs }));
    const state = await stack.export();
    if (command !== "destroy") ledger.record(outcome.all, state, { readonly });
    log(
      `${command} ${attempt}: ${endOf(outcome)}, ${ledger.size} shares in the state, ${emulator.shares().length} links created`,
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

function endOf(outcome: KilledOutcome): string {
  if (outcome.killed !== undefined) return `${outcome.killed} killed after ${Math.round(outcome.ms / 1000)} s`;
  return outcome.code === 0 ? "succeeded" : `failed (${errorCodes(outcome)})`;
}

function errorCodes({ all }: Outcome): string {
  return [...new Set(all.match(/fudo\[[a-z-]+\]/g) ?? ["no fudo error"])].join(", ");
}

/** The last line of the output. */
export function formatTally(tally: Tally): string {
  const { created, managed, recovered, takenOver, unmanaged, unannounced, duplicated, lost } = tally;
  const announced = unmanaged > 0 ? ` (${unmanaged - unannounced} announced as uncertain)` : "";
  return `created ${created}, managed ${managed}, recovered ${recovered}, taken over ${takenOver}, unmanaged ${unmanaged}${announced}, duplicated ${duplicated}, lost ${lost}`;
}

/** Ends what still runs after an interruption. */
export const cleanUp = closeStacks;

const usage =
  "npm run chaos -- [--shares 1000] [--sessions 50] [--seed 1] [--window generated|open|scheduled] [--behaviour name=value]… [--announced] [--kill] [--plugin]";

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
    kill: { type: "boolean" },
    plugin: { type: "boolean" },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const {
      seed = "1",
      window = "generated",
      announced = false,
      kill = false,
      plugin = false,
      behaviour = [],
    } = values;
    const adapter = plugin ? "plugin" : "dynamic";
    const [shares, sessions] = [Number(values.shares ?? 1000), Number(values.sessions ?? 50)];
    const valid =
      [shares, sessions].every((count) => Number.isSafeInteger(count) && count > 0) &&
      ["generated", "open", "scheduled"].includes(window) &&
      (!kill || window === "generated");
    return valid
      ? { adapter, shares, sessions, seed, behaviour, window: window as Window, announced, kills: kill ? 12 : 0 }
      : undefined;
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
  const { shares, sessions, seed, announced, kills, adapter } = options;
  const log = (line: string) => process.stdout.write(`${line}\n`);
  log(
    `${adapter === "plugin" ? "the plugin: " : ""}${shares} shares on ${sessions} sessions, seed ${seed}: 15 % of the POST responses are lost after the share is created, 10 % of the other requests fail${kills ? "; runs are killed at random moments" : ""}`,
  );
  const tally = await chaos({ ...options, log });
  log(formatTally(tally));
  return (announced ? tally.unannounced : tally.unmanaged) + tally.duplicated + tally.lost === 0 ? 0 : 1;
}
