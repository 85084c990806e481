// Measures what `recipients` cost: the time of `up`, its requests, and the bytes of a share in the state, for both adapters.
import { product, productPlugin, sealed, type Candidate } from "../candidates";
import { atMost, number, type Part, type Size, type Table, type Threshold } from "../part";
import { isShare } from "../stack";
import type { Workspace } from "../workspace";
import { close, open, rotated, sample } from "./engine/engine";
import { summarizeSamples, type Sample } from "./engine/samples";
import { bytesOf, type Bytes } from "./state";

/** Each adapter with the same shares without and with recipients. */
const pairs = [product, productPlugin].map((open) => ({ open, sealed: sealed(open) }));
const candidates = pairs.flatMap((pair) => [pair.open, pair.sealed]);

interface Found {
  readonly samples: readonly Sample[];
  /** Bytes per share in the state, by candidate. */
  readonly bytes: Readonly<Record<string, Bytes>>;
}

export const sealedLinks: Part = {
  name: "sealed",
  about:
    "Shares with one recipient, and the same shares without: `up` on as many sessions as shares. State bytes as in the part `state`.",
  async measure(workspace, size, log) {
    const rounds: Found[] = [];
    for (let round = 0; round < size.rounds; round++)
      rounds.push(await measureUp(workspace, rotated(candidates, round), size, log));
    const found = { samples: rounds.flatMap(({ samples }) => samples), bytes: rounds[0]?.bytes ?? {} };
    return { tables: tables(found), thresholds: sealedThresholds(found, size), data: found };
  },
};

async function measureUp(
  workspace: Workspace,
  selected: readonly Candidate[],
  { shares }: Size,
  log: (line: string) => void,
): Promise<Found> {
  const scale = { workspace, shares, sessions: shares, log };
  const setups = await open(scale, selected);
  const samples: Sample[] = [];
  const bytes: Record<string, Bytes> = {};
  for (const command of ["up", "noop"] as const)
    for (const setup of setups) samples.push(await sample(setup, command, 0, scale));
  for (const { candidate, stack } of setups) bytes[candidate.name] = bytesOf((await stack.resources()).filter(isShare));
  await close(setups);
  return { samples, bytes };
}

function tables({ samples, bytes }: Found): Table[] {
  const shown = (candidate: string, what: "ms" | "cpu") => {
    const { median, least, most, count } = summarizeSamples(samples, { candidate, command: "up" }, what);
    return `${number(median / 1000)} (${number(least / 1000)}–${number(most / 1000)}; ${count})`;
  };
  const names = candidates.map(({ name }) => name);
  const of = (name: string, attribute: string) => bytes[name]?.[attribute] ?? 0;
  const attributes = [...new Set(Object.values(bytes).flatMap((one) => Object.keys(one)))].sort(
    (a, b) => of("product", b) - of("product", a),
  );
  const rows = attributes.map((attribute) => [`\`${attribute}\``, ...names.map((name) => number(of(name, attribute)))]);
  return [
    {
      title: "`up` of new shares: median (least–most; samples)",
      rows: [
        ["candidate", "seconds", "CPU seconds"],
        ...names.map((name) => [name, shown(name, "ms"), shown(name, "cpu")]),
      ],
    },
    { title: "State bytes per share", rows: [["attribute", ...names], ...rows] },
  ];
}

/** Pure: findings in, thresholds out. */
export function sealedThresholds({ samples, bytes }: Found, { shares }: Pick<Size, "shares">): Threshold[] {
  const seconds = (candidate: string) =>
    summarizeSamples(samples, { candidate, command: "up", shares }, "ms").median / 1000;
  const most = (candidate: string, command: "up" | "noop", what: "gets" | "posts") =>
    summarizeSamples(samples, { candidate, command, shares }, what).most;
  const total = (candidate: string) => bytes[candidate]?.["total"] ?? NaN;
  return pairs.flatMap(({ open: { name: plain }, sealed: { name } }) => [
    atMost(`${name}: \`up\` of ${shares} new shares`, seconds(name), 1.15 * seconds(plain), "1.15 x not sealed", "s"),
    atMost(`POSTs, ${name}: \`up\` of ${shares} new shares`, most(name, "up", "posts"), shares),
    atMost(
      `GETs, ${name}: \`up\` of ${shares} new shares`,
      most(name, "up", "gets"),
      most(plain, "up", "gets"),
      "not sealed",
    ),
    atMost(`HTTP requests, ${name}: no-op \`up\``, most(name, "noop", "gets") + most(name, "noop", "posts"), 0),
    atMost(`${name}: state bytes per share`, total(name), 1.05 * total(plain), "1.05 x not sealed", "B"),
  ]);
}
