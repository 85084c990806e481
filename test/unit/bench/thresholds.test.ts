// Tests of the bench's arithmetic: medians, growth exponents, and that each threshold can be missed.
import type { Size, Threshold } from "../../../bench/part";
import type { Sample } from "../../../bench/parts/engine/samples";
import { engineThresholds } from "../../../bench/parts/engine/thresholds";
import { memoryThresholds } from "../../../bench/parts/memory";
import { growthExponent, summarize } from "../../../bench/statistics";

const size: Size = { quick: true, shares: 40, growth: [10, 20, 40], rounds: 1, imported: [] };

/** Samples in which the product meets every threshold exactly or better. */
function samples({ growth }: Size): Sample[] {
  const seconds = { baseline: 10, naive: 12, product: 10.5 };
  return growth.flatMap((shares) =>
    [shares, 1].flatMap((sessions) =>
      (["up", "noop", "preview", "refresh", "destroy"] as const).flatMap((command) =>
        [0, 50].flatMap((latency) =>
          (["baseline", "naive", "product"] as const).map((candidate) => {
            const counts = countsOf(candidate === "product" ? command : "destroy", shares, sessions, latency);
            return { candidate, command, shares, sessions, latency, ms: seconds[candidate] * 1000, ...counts };
          }),
        ),
      ),
    ),
  );
}

function countsOf(command: Sample["command"], shares: number, sessions: number, latency: number) {
  if (command === "refresh") return { gets: sessions, posts: 0, listBytes: shares * 400 };
  if (command === "up")
    return {
      gets: sessions + (latency === 0 || shares > 300 ? shares : Math.ceil(shares / 4)),
      posts: shares,
      listBytes: shares * 400,
    };
  return { gets: 0, posts: 0, listBytes: 0 };
}

type Change = Partial<Pick<Sample, "ms" | "gets" | "posts" | "listBytes">>;

/** The figures of the thresholds that are missed once the samples that match `filter` are changed. */
function missed(filter: Partial<Sample>, change: Change, of = size): string[] {
  const changed = samples(of).map((sample) =>
    Object.entries(filter).every(([name, value]) => sample[name as keyof Sample] === value)
      ? { ...sample, ...change }
      : sample,
  );
  return engineThresholds(changed, of)
    .filter(({ met }: Threshold) => !met)
    .map(({ figure }) => figure);
}

describe("the thresholds of the engine part", () => {
  test("are all met by samples that keep every limit", () => {
    expect(missed({ command: "destroy" }, {})).toEqual([]);
  });

  test.each([
    ["a slow `up`", { command: "up", sessions: 40 }, { ms: 11_500 }, ["`up` of 40 new shares on 40 sessions"]],
    [
      "an `up` slower than naive",
      { command: "up", sessions: 1 },
      { ms: 12_500 },
      ["`up` of 40 new shares on one session", "`up` of 40 new shares on one session, compared with naive"],
    ],
    ["a slow no-op `up`", { command: "noop" }, { ms: 10_600 }, ["no-op `up` of 40 shares"]],
    ["a slow preview", { command: "preview" }, { ms: 10_600 }, ["`preview` of 40 shares"]],
    [
      "a no-op `up` that sends a request",
      { command: "noop", shares: 10 },
      { gets: 1 },
      ["HTTP requests of a no-op `up`, all sizes"],
    ],
    [
      "a `destroy` that sends a request",
      { command: "destroy", shares: 20, sessions: 1 },
      { posts: 1 },
      ["HTTP requests of a `destroy`, all sizes"],
    ],
    [
      "a slow refresh",
      { command: "refresh", sessions: 40, latency: 50 },
      { ms: 13_100 },
      ["`refresh` of 40 shares on 40 sessions, 50 ms"],
    ],
    [
      "one POST too many",
      { command: "up", shares: 20, sessions: 20 },
      { posts: 21 },
      ["POSTs, `up` of 20 new shares on 20 sessions, 0 ms"],
    ],
    [
      "lists that are not shared",
      { command: "up", shares: 20, sessions: 1, latency: 50 },
      { gets: 7 },
      ["GETs, `up` of 20 new shares on 1 session, 50 ms"],
    ],
  ] as const)("are missed by %s", (_what, filter, change, figures) => {
    expect(missed({ candidate: "product", ...filter }, change)).toEqual(figures);
  });

  test("are missed by a refresh that fetches a list for each share", () => {
    expect(
      missed(
        { candidate: "product", command: "refresh", sessions: 1, shares: 40, latency: 0 },
        { gets: 40, listBytes: 40 * 40 * 400 },
      ),
    ).toEqual([
      "GETs, `refresh` on one session, 0 ms, 40 shares",
      "growth exponent of list bytes, `refresh` on one session, 0 ms, 10 to 40 shares",
      "GETs beyond one per second, `refresh` on one session, 0 ms, all sizes",
    ]);
  });

  test.each([
    [300, 76, []],
    [300, 77, ["GETs, `up` of 300 new shares on 1 session, 50 ms"]],
    [1000, 1001, []],
    [1000, 1002, ["GETs, `up` of 1000 new shares on 1 session, 50 ms"]],
  ])("allow an `up` of %i shares on one session at 50 ms so many GETs: %i", (shares, gets, figures) => {
    const up = { candidate: "product", command: "up", shares, sessions: 1, latency: 50 } as const;
    expect(missed(up, { gets }, { ...size, shares: 300, growth: [100, 300, 1000] })).toEqual(figures);
  });
});

describe("the memory thresholds", () => {
  /** Three rounds of both candidates; one round far above the others moves no median. */
  const samples = (shares: number, sessions: number, product: number) =>
    [300, product].flatMap((megabytes, index) =>
      [0, 1, 500].map((more) => {
        const peakBytes = (megabytes + more) * 1e6 - 1e6;
        const candidate = index === 0 ? "baseline" : "product";
        return { candidate, shares, sessions, peakBytes, ms: 0, gets: 0, listBytes: 0 };
      }),
    );
  const missed = (imported: readonly number[], ...all: ReturnType<typeof samples>[]) =>
    memoryThresholds(all.flat(), imported)
      .filter(({ met }) => !met)
      .map(({ figure }) => figure);

  test.each([
    [390, 390, []],
    [391, 390, ["peak memory of `refresh`, 1000 shares on one session"]],
    [390, 391, ["peak memory of `refresh`, 10000 shares on 100 sessions"]],
  ])("compare medians: %i and %i MB with a baseline of 300 MB", (one, many, figures) => {
    const others = [...samples(1000, 10, 900), ...samples(10_000, 1, 900)];
    expect(missed([1000, 10_000], samples(1000, 1, one), samples(10_000, 100, many), others)).toEqual(figures);
  });

  test("with --quick compare the only size, on one session", () => {
    expect(missed([100], samples(100, 1, 390))).toEqual([]);
    expect(missed([100], samples(100, 1, 391))).toEqual(["peak memory of `refresh`, 100 shares on one session"]);
  });
});

test("a median is the middle value, or the mean of both middle values", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, count: 3 });
  expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  expect(() => summarize([])).toThrow("there are no values to summarize");
});

test("the growth exponent is the power of N", () => {
  expect(
    growthExponent([
      [10, 5],
      [20, 10],
      [40, 20],
    ]),
  ).toBeCloseTo(1);
  expect(
    growthExponent([
      [10, 100],
      [20, 400],
      [40, 1600],
    ]),
  ).toBeCloseTo(2);
  expect(growthExponent([[10, 100]])).toBeNaN();
});
