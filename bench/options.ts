// The command line of `npm run bench`: what it may say and what it asks for. Knows the parts by name only.
import { parseArgs } from "node:util";
import type { Size } from "./part";

const options = {
  quick: { type: "boolean", default: false },
  shares: { type: "string" },
  sizes: { type: "string" },
  rounds: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** What to measure, or a wish for help. */
export interface Wish {
  readonly help: boolean;
  readonly parts: readonly string[];
  readonly size: Size;
}

/** What `--help` prints. */
export function usage(parts: readonly string[]): string {
  return `npm run bench -- [options] [PART ...]: the product against its references, in one run

  --quick       100 shares and few rounds; docs/benchmarks.md stays as it is
  --shares N    the number of shares that the bars speak of (300; quick: 100)
  --sizes N,N   the numbers of shares from which growth is fitted; --shares is one of them
  --rounds N    how often each command is measured (3; quick: 1)
  --help        this

Parts, all when none is named: ${parts.join(", ")}`;
}

/** Reads the command line. Throws a RangeError or TypeError that says what is wrong with it. */
export function wishOf(args: readonly string[], known: readonly string[]): Wish {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const { quick, help } = values;
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`no such part: ${unknown.join(", ")}; there are ${known.join(", ")}`);
  const shares = whole("--shares", values.shares, quick ? 100 : 300);
  const usual = (quick ? [1 / 4, 1 / 2, 1] : [1 / 3, 1, 10 / 3]).map((factor) => Math.round(shares * factor));
  const growth = values.sizes?.split(",").map((text) => whole("--sizes", text, 0)) ?? usual;
  if (new Set(growth).size < 2)
    throw new RangeError("--sizes needs two different numbers: growth is fitted through them");
  if (!growth.includes(shares))
    throw new RangeError(`--sizes must name ${shares}, the number of shares that the bars speak of`);
  return {
    help,
    parts: positionals.length === 0 ? known : positionals,
    size: {
      quick,
      shares,
      growth: growth.sort((a, b) => a - b),
      rounds: whole("--rounds", values.rounds, quick ? 1 : 3),
      imported: quick ? [shares] : [1000, 10_000],
    },
  };
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new RangeError(`${name}: "${text}" is not a number from 1 to 999999`);
}
