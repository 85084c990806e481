// `npm run bench`: measures the product and its references in one run, prints tables and thresholds, saves the results.
// Exit code 1: a threshold is missed. Exit code 2: wrong usage.
import { parseOptions, usage, type Options } from "./options";
import { describeMachine } from "./machine";
import type { Part } from "./part";
import { audit } from "./parts/audit/audit";
import { client } from "./parts/client";
import { engine } from "./parts/engine/engine";
import { growth } from "./parts/growth";
import { memory } from "./parts/memory";
import { plugin } from "./parts/plugin/plugin";
import { post } from "./parts/post";
import { sealedLinks } from "./parts/sealed";
import { start } from "./parts/start";
import { state } from "./parts/state";
import { prepareWorkspace } from "./workspace";
import { formatForTerminal, lastResult, saveResult, thresholdTable, writePage, type Result } from "./results";

const parts: readonly Part[] = [state, start, client, post, engine, plugin, sealedLinks, memory, growth, audit];

export async function main(args: readonly string[]): Promise<number> {
  const names = parts.map(({ name }) => name);
  let options: Options;
  try {
    options = parseOptions(args, names);
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nRun \`npm run bench -- --help\` for the options.`,
    );
    return 2;
  }
  if (!options.help) return bench(options);
  console.log(usage(names));
  return 0;
}

async function bench({ parts: names, size }: Options): Promise<number> {
  const selected = parts.filter(({ name }) => names.includes(name));
  log("installing the candidates");
  const workspace = prepareWorkspace();
  const results: Result[] = [];
  for (const part of selected) {
    log(`== ${part.name}: ${part.about}`);
    const machine = describeMachine(workspace);
    const begun = performance.now();
    const findings = await part.measure(workspace, size, log, (name) => lastResult(name, size.quick));
    const result = {
      part: part.name,
      about: part.about,
      machine,
      quick: size.quick,
      minutes: Math.ceil((performance.now() - begun) / 60_000),
      ...findings,
    };
    saveResult(result);
    results.push(result);
  }
  for (const { tables } of results) tables.forEach((table) => console.log(formatForTerminal(table)));
  const thresholds = results.flatMap((result) => result.thresholds);
  console.log(formatForTerminal(thresholdTable(thresholds)));
  if (!size.quick) await writePage(parts);
  const missed = thresholds.filter(({ met }) => !met).length;
  console.log(`\n${thresholds.length - missed} thresholds met, ${missed} missed`);
  return missed === 0 ? 0 : 1;
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${line}\n`);
}
