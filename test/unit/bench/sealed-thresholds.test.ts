// Tests of the thresholds of the bench's part about sealed links: each one can be missed.
import { sealedThresholds } from "../../../bench/parts/sealed";

type Findings = Parameters<typeof sealedThresholds>[0];

const shares = 40;
const names = ["product", "product, sealed", "plugin", "plugin, sealed"];
const usual = { ms: 10_000, gets: 80, posts: 40, noopGets: 0, noopPosts: 0, bytes: 1800 };

/** Findings that keep every limit, with these values of one candidate instead. */
function findings(candidate: string, more: Partial<typeof usual>): Findings {
  const of = (name: string) => ({ ...usual, ...(name === candidate && more) });
  const samples = names.flatMap((name) => {
    const { ms, gets, posts, noopGets, noopPosts } = of(name);
    const common = { candidate: name, shares, sessions: shares, latency: 0, ms, listBytes: 0 };
    return [
      { ...common, command: "up" as const, gets, posts },
      { ...common, command: "noop" as const, gets: noopGets, posts: noopPosts },
    ];
  });
  return { samples, bytes: Object.fromEntries(names.map((name) => [name, { total: of(name).bytes }])) };
}

const missed = (found: Findings) =>
  sealedThresholds(found, { shares })
    .filter(({ met }) => !met)
    .map(({ figure }) => figure);

describe.each(["product, sealed", "plugin, sealed"])("%s", (name) => {
  test.each<[Partial<typeof usual>, string[]]>([
    [{}, []],
    [{ ms: 11_500 }, []],
    [{ ms: 11_501 }, [`${name}: \`up\` of 40 new shares`]],
    [{ posts: 41 }, [`POSTs, ${name}: \`up\` of 40 new shares`]],
    [{ gets: 81 }, [`GETs, ${name}: \`up\` of 40 new shares`]],
    [{ noopGets: 1 }, [`HTTP requests, ${name}: no-op \`up\``]],
    [{ noopPosts: 1 }, [`HTTP requests, ${name}: no-op \`up\``]],
    [{ bytes: 1890 }, []],
    [{ bytes: 1891 }, [`${name}: state bytes per share`]],
  ])("with %j misses %j", (more, figures) => {
    expect(missed(findings(name, more))).toEqual(figures);
  });
});
