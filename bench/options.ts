// Parses the command line of `npm run bench`. Knows the parts by name only.
import { parseArgs } from "node:util";
import type { Size } from "./part";

const config = {
  quick: { type: "boolean", default: false },
  shares: { type: "string" },
  sizes: { type: "string" },
  rounds: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** What to measure. With `help`, the usage is printed instead. */
export interface Options {
  readonly help: boolean;
  readonly parts: readonly string[];
  readonly size: Size;
}

/** The text that `--help` prints. */
export function usage(parts: readonly string[]): string {
  return `npm run bench -- [options] [PART ...]: measures the product and its references in one run

  --quick       100 shares and few rounds; does not write docs/benchmarks.md
  --shares N    number of shares that the thresholds apply to (default 300; with --quick 100)
  --sizes N,N   numbers of shares that growth is fitted through; must include --shares
  --rounds N    how often each command is measured (default 3; with --quick 1)
  --help        prints this text

Parts (default: all): ${parts.join(", ")}`;
}

/** Throws a RangeError or TypeError that says what is wrong with the command line. */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true });
  const { quick, help } = values;
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`unknown part: ${unknown.join(", ")}; the parts are ${known.join(", ")}`);
  const shares = wholeNumber("--shares", values.shares, quick ? 100 : 300);
  const defaults = (quick ? [1 / 4, 1 / 2, 1] : [1 / 3, 1, 10 / 3]).map((factor) => Math.round(shares * factor));
  const growth = values.sizes?.split(",").map((text) => wholeNumber("--sizes", text, 0)) ?? defaults;
  if (new Set(growth).size < 2)
    throw new RangeError("--sizes needs two different numbers: growth is fitted through them");
  if (!growth.includes(shares))
    throw new RangeError(`--sizes must include ${shares}, the number of shares that the thresholds apply to`);
  return {
    help,
    parts: positionals.length === 0 ? known : positionals,
    size: {
      quick,
      shares,
      growth: growth.sort((a, b) => a - b),
      rounds: wholeNumber("--rounds", values.rounds, quick ? 1 : 3),
      imported: quick ? [shares] : [1000, 10_000],
    },
  };
}

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new RangeError(`${name}: "${text}" is not a number from 1 to 999999`);
}
