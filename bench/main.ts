// `npm run bench`: measures product and references in one run, prints tables and bars, keeps the results. Exit code 1 when a
// bar is missed, 2 when the command line says what cannot be done.
import { usage, wishOf, type Wish } from "./options";
import { machineFacts } from "./machine";
import type { Part } from "./part";
import { audit } from "./audit";
import { client } from "./parts/client";
import { engine } from "./parts/engine/engine";
import { growth } from "./parts/growth";
import { memory } from "./parts/memory";
import { start } from "./parts/start";
import { state } from "./parts/state";
import { preparePlace } from "./workspace";
import { barTable, keep, lastResult, plain, writePage, type Result } from "./results";

const parts: readonly Part[] = [state, start, client, engine, memory, growth, audit];

export async function main(args: readonly string[]): Promise<number> {
  const names = parts.map(({ name }) => name);
  let wish: Wish;
  try {
    wish = wishOf(args, names);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nnpm run bench -- --help lists the options.`,
    );
    return 2;
  }
  if (!wish.help) return bench(wish);
  console.log(usage(names));
  return 0;
}

async function bench({ parts: names, size }: Wish): Promise<number> {
  const wanted = parts.filter(({ name }) => names.includes(name));
  say("installing the contenders");
  const place = preparePlace();
  const results: Result[] = [];
  for (const part of wanted) {
    say(`== ${part.name}: ${part.about}`);
    const machine = machineFacts(place);
    const begun = performance.now();
    const found = await part.measure(place, size, say, (name) => lastResult(name, size.quick));
    const result = {
      part: part.name,
      about: part.about,
      machine,
      quick: size.quick,
      minutes: Math.ceil((performance.now() - begun) / 60_000),
      ...found,
    };
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
