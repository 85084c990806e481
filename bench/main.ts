// `npm run bench -- [--quick] [--shares N] [--sizes N,N] [--rounds N] [PART …]`: measures product and references in one run, prints
// tables and bars, keeps the results. Exit code 1 when a bar is missed.
import { parseArgs } from "node:util";
import { machineFacts } from "./machine";
import type { Part, Size } from "./part";
import { audit } from "./audit";
import { client } from "./parts/client";
import { engine } from "./parts/engine";
import { growth } from "./parts/growth";
import { memory } from "./parts/memory";
import { start } from "./parts/start";
import { state } from "./parts/state";
import { preparePlace } from "./place";
import { barTable, keep, lastResult, plain, writePage, type Result } from "./results";

const parts: readonly Part[] = [state, start, client, engine, memory, growth, audit];
const options = { quick: { type: "boolean" }, shares: { type: "string" }, sizes: { type: "string" }, rounds: { type: "string" } } as const;

function sizeOf(values: { quick?: boolean; shares?: string; sizes?: string; rounds?: string }): Size {
  const quick = values.quick ?? false;
  const shares = Number(values.shares ?? (quick ? 100 : 300));
  const usual = (quick ? [1 / 4, 1 / 2, 1] : [1 / 3, 1, 10 / 3]).map((factor) => Math.round(shares * factor));
  const growth = values.sizes?.split(",").map(Number).sort((a, b) => a - b) ?? usual;
  if (!growth.includes(shares)) throw new RangeError(`--sizes must name ${shares}, the number of shares that the bars speak of`);
  return { quick, shares, growth, rounds: Number(values.rounds ?? (quick ? 1 : 3)), imported: quick ? [shares] : [1000, 10_000] };
}

function wantedParts(names: readonly string[]): readonly Part[] {
  const unknown = names.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) throw new RangeError(`no such part: ${unknown.join(", ")}; there are ${parts.map(({ name }) => name).join(", ")}`);
  return names.length === 0 ? parts : parts.filter(({ name }) => names.includes(name));
}

export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const wanted = wantedParts(positionals);
  const size = sizeOf(values);
  say("installing the contenders");
  const place = preparePlace();
  const results: Result[] = [];
  for (const part of wanted) {
    say(`== ${part.name}: ${part.about}`);
    const machine = machineFacts(place);
    const begun = performance.now();
    const found = await part.measure(place, size, say, (name) => lastResult(name, size.quick));
    const result = { part: part.name, about: part.about, machine, quick: size.quick, minutes: Math.ceil((performance.now() - begun) / 60_000), ...found };
    keep(result);
    results.push(result);
  }
  for (const { tables } of results) tables.forEach((table) => console.log(plain(table)));
  const bars = results.flatMap((result) => result.bars);
  console.log(plain(barTable(bars)));
  if (!size.quick) writePage(parts);
  const missed = bars.filter(({ met }) => !met).length;
  console.log(`\n${bars.length - missed} bars met, ${missed} missed`);
  return missed === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}
