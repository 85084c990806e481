// The bench's own arithmetic: what a median and a power are, and that each bar of the engine part can be missed.
import type { Bar, Size } from "../../../bench/part";
import type { Sample } from "../../../bench/parts/engine/engine";
import { engineBars } from "../../../bench/parts/engine/thresholds";
import { memoryBars } from "../../../bench/parts/memory";
import { growth, summarize } from "../../../bench/statistics";

const size: Size = { quick: true, shares: 40, growth: [10, 20, 40], rounds: 1, imported: [] };

/** Samples in which the product meets every bar exactly or better. */
function samples(): Sample[] {
  const seconds = { floor: 10, naive: 12, product: 10.5 };
  return size.growth.flatMap((shares) =>
    [shares, 1].flatMap((sessions) =>
      (["up", "again", "preview", "refresh", "destroy"] as const).flatMap((verb) =>
        [0, 50].flatMap((latency) =>
          (["floor", "naive", "product"] as const).map((contender) => {
            const calls = callsOf(contender === "product" ? verb : "destroy", shares, sessions, latency);
            return { contender, verb, shares, sessions, latency, ms: seconds[contender] * 1000, ...calls };
          }),
        ),
      ),
    ),
  );
}

function callsOf(verb: Sample["verb"], shares: number, sessions: number, latency: number) {
  if (verb === "refresh") return { gets: sessions, posts: 0, listBytes: shares * 400 };
  if (verb === "up")
    return {
      gets: sessions + (latency === 0 ? shares : Math.ceil(shares / 4)),
      posts: shares,
      listBytes: shares * 400,
    };
  return { gets: 0, posts: 0, listBytes: 0 };
}

type Change = Partial<Pick<Sample, "ms" | "gets" | "posts" | "listBytes">>;

function missed(meant: Partial<Sample>, change: Change): string[] {
  const changed = samples().map((sample) =>
    Object.entries(meant).every(([name, value]) => sample[name as keyof Sample] === value)
      ? { ...sample, ...change }
      : sample,
  );
  return engineBars(changed, size)
    .filter(({ met }: Bar) => !met)
    .map(({ figure }) => figure);
}

describe("the bars of the engine part", () => {
  test("are all met by what meets them", () => {
    expect(missed({ verb: "destroy" }, {})).toEqual([]);
  });

  test.each([
    ["a slow `up`", { verb: "up", sessions: 40 }, { ms: 11_500 }, ["`up` of 40 new shares on 40 sessions"]],
    [
      "an `up` slower than naive",
      { verb: "up", sessions: 1 },
      { ms: 12_500 },
      ["`up` of 40 new shares on one session", "`up` of 40 new shares on one session, against naive"],
    ],
    ["a slow no-op `up`", { verb: "again" }, { ms: 10_600 }, ["no-op `up` of 40 shares"]],
    ["a slow preview", { verb: "preview" }, { ms: 10_600 }, ["`preview` of 40 shares"]],
    ["a no-op `up` that calls", { verb: "again", shares: 10 }, { gets: 1 }, ["HTTP calls of a no-op `up`, any size"]],
    [
      "a `destroy` that calls",
      { verb: "destroy", shares: 20, sessions: 1 },
      { posts: 1 },
      ["HTTP calls of a `destroy`, any size"],
    ],
    [
      "a slow refresh",
      { verb: "refresh", sessions: 40, latency: 50 },
      { ms: 13_100 },
      ["`refresh` of 40 on 40 sessions, 50 ms"],
    ],
    [
      "a POST too many",
      { verb: "up", shares: 20, sessions: 20 },
      { posts: 21 },
      ["POSTs, `up` of 20 new shares on 20 sessions, 0 ms"],
    ],
    [
      "lists that are not shared",
      { verb: "up", shares: 20, sessions: 1, latency: 50 },
      { gets: 7 },
      ["GETs, `up` of 20 new shares on 1 session, 50 ms"],
    ],
  ] as const)("miss %s", (_what, meant, change, figures) => {
    expect(missed({ contender: "product", ...meant }, change)).toEqual(figures);
  });

  test("miss a refresh that lists for each share", () => {
    expect(
      missed(
        { contender: "product", verb: "refresh", sessions: 1, shares: 40, latency: 0 },
        { gets: 40, listBytes: 40 * 40 * 400 },
      ),
    ).toEqual([
      "GETs, `refresh` of 40 on one session, 0 ms",
      "power of N with which its list bytes grow, 10 to 40 shares, 0 ms",
      "its GETs beyond one for each second, any size, 0 ms",
    ]);
  });
});

test.each([
  [390, []],
  [391, ["memory, `refresh` of 10000 on one session"]],
])("the memory bar takes medians: %s MB against 300", (product, missed) => {
  const samples = [300, product].flatMap((megabytes, index) =>
    [100, 1].flatMap((sessions) =>
      [0, 1, 50].map((more) => {
        // One round far above the others moves no median.
        const peakBytes = (sessions === 1 ? megabytes : 300) * 1e6 + (more === 50 ? 5e8 : 0);
        return {
          contender: index === 0 ? "floor" : "product",
          shares: 10_000,
          sessions,
          peakBytes,
          ms: 0,
          gets: 0,
          listBytes: 0,
        };
      }),
    ),
  );
  expect(
    memoryBars(samples, 10_000)
      .filter(({ met }) => !met)
      .map(({ figure }) => figure),
  ).toEqual(missed);
});

test("a median is the middle, or the mean of both middles", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3, count: 3 });
  expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  expect(() => summarize([])).toThrow("nothing was measured");
});

test("growth is the power of N", () => {
  expect(
    growth([
      [10, 5],
      [20, 10],
      [40, 20],
    ]),
  ).toBeCloseTo(1);
  expect(
    growth([
      [10, 100],
      [20, 400],
      [40, 1600],
    ]),
  ).toBeCloseTo(2);
  expect(growth([[10, 100]])).toBeNaN();
});
