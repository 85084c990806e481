// Tests of the bench's thresholds for an audit of many stacks: each one can be missed.
import { manyStacksTable, manyStacksThresholds, type ManyStacksSample } from "../../../bench/parts/audit/many-stacks";

/** Sizes that double, with time and memory that double too; a slow round changes nothing. */
function samples(change: (sample: ManyStacksSample) => Partial<ManyStacksSample> = () => ({})): ManyStacksSample[] {
  return [250, 500, 1000].map((stacks) => {
    const shares = stacks * 10;
    const once = { ms: shares, peakBytes: shares * 1000 };
    const sample = {
      stacks,
      shares,
      sessions: stacks * 2,
      gets: stacks * 2,
      reportBytes: shares * 700,
      audit: [once, once, { ms: shares * 50, peakBytes: shares * 9000 }],
      reference: [{ ms: shares / 8, peakBytes: shares * 400 }],
    };
    return { ...sample, ...change(sample) };
  });
}

const missed = (all: readonly ManyStacksSample[]) =>
  manyStacksThresholds(all)
    .filter(({ met }) => !met)
    .map(({ figure }) => figure);

/** The rounds of an audit whose time or memory is larger by this factor. */
const rounds = ({ audit }: ManyStacksSample, factor: number, figure: "ms" | "peakBytes") =>
  audit.map((one) => ({ ...one, [figure]: one[figure] * factor }));

test("linear growth meets every threshold", () => expect(missed(samples())).toEqual([]));

test.each<[string, (sample: ManyStacksSample) => Partial<ManyStacksSample>, string[]]>([
  [
    "one request more than sessions",
    ({ gets }) => ({ gets: gets + 1 }),
    ["GETs, audit of 1000 stacks, 10000 shares, 2000 sessions"],
  ],
  [
    "time that grows faster than linear",
    (sample) => ({ audit: rounds(sample, sample.shares ** 0.2 / 10_000 ** 0.2, "ms") }),
    ["growth of the time of an audit, exponent of N"],
  ],
  [
    "memory that grows faster than linear",
    (sample) => ({ audit: rounds(sample, sample.shares ** 0.2 / 10_000 ** 0.2, "peakBytes") }),
    ["growth of the peak memory of an audit, exponent of N"],
  ],
  [
    "more than eight times the time of reading",
    (sample) => ({ audit: rounds(sample, 1.01, "ms") }),
    ["time, audit of 1000 stacks, 10000 shares, 2000 sessions"],
  ],
  [
    "more than two and a half times the memory of reading",
    (sample) => ({ audit: rounds(sample, 1.01, "peakBytes") }),
    ["peak memory, audit of 1000 stacks, 10000 shares, 2000 sessions"],
  ],
])("%s misses a threshold", (_, change, figures) => {
  expect(missed(samples(change))).toEqual(figures);
});

test("the table has a row for each size and one for the exponents", () => {
  const [head = [], ...rows] = manyStacksTable(samples()).rows;
  expect(rows.map((row) => row.length)).toEqual([1, 2, 3, 4].map(() => head.length));
  expect(
    rows
      .at(-1)
      ?.filter((cell) => cell !== "")
      .map((cell) => Number(cell) || cell),
  ).toEqual(["exponent of N", 1, 1]);
});
