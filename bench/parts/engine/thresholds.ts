// The bars of the engine part. Pure: samples in, verdicts out.
import { atMost, type Bar, type Size } from "../../part";
import { growth } from "../../statistics";
import type { Verb } from "../../stack";
import type { Sample } from "./engine";
import { chosen, figure, type Choice } from "../samples";

/** What the engine is told with `--parallel`. */
const parallelism = 8;

export function engineBars(samples: readonly Sample[], { shares, growth: sizes }: Size): Bar[] {
  const time = (choice: Choice) => figure(samples, { shares, latency: 0, ...choice }, "ms").median / 1000;
  const sessionCounts = [shares, 1];
  const bars: Bar[] = [];
  for (const sessions of sessionCounts) {
    const where = `of ${shares} new shares on ${sessions === 1 ? "one session" : `${sessions} sessions`}`;
    const of = (contender: string) => time({ contender, sessions, verb: "up" });
    bars.push(atMost(`\`up\` ${where}`, of("product"), 1.1 * of("floor"), "1.10 x floor", "s"));
    bars.push(atMost(`\`up\` ${where}, against naive`, of("product"), of("naive"), "naive", "s"));
  }
  for (const [verb, what] of [
    ["again", "no-op `up`"],
    ["preview", "`preview`"],
  ] as const) {
    bars.push(
      atMost(
        `${what} of ${shares} shares`,
        time({ contender: "product", verb }),
        1.05 * time({ contender: "floor", verb }),
        "1.05 x floor",
        "s",
      ),
    );
    bars.push(noCalls(samples, verb, what));
  }
  bars.push(noCalls(samples, "destroy", "`destroy`"));
  const wait = (Math.ceil(shares / parallelism) * 50) / 1000;
  const refresh =
    figure(samples, { contender: "product", verb: "refresh", shares, sessions: shares, latency: 50 }, "ms").median /
    1000;
  bars.push(
    atMost(
      `\`refresh\` of ${shares} on ${shares} sessions, 50 ms`,
      refresh,
      1.25 * time({ contender: "floor", verb: "refresh" }) + 2 * wait,
      "1.25 x floor + 2 x latency",
      "s",
    ),
  );
  return [...bars, ...refreshCalls(samples, shares, sizes), ...createCalls(samples, sizes)];
}

function noCalls(samples: readonly Sample[], verb: Verb, what: string): Bar {
  const calls = chosen(samples, { contender: "product", verb }).reduce((sum, { gets, posts }) => sum + gets + posts, 0);
  return atMost(`HTTP calls of a ${what}, any size`, calls, 0, "none");
}

function refreshCalls(samples: readonly Sample[], shares: number, sizes: readonly number[]): Bar[] {
  return [0, 50].flatMap((latency) => {
    const one = { contender: "product", verb: "refresh", sessions: 1, latency } as const;
    const most = figure(samples, { ...one, shares }, "gets").most;
    // Reads share a list for a second: up to here a refresh needs one or two lists, and beyond one for each second that it takes.
    const small = sizes.filter((n) => n <= shares);
    const power = growth(small.map((n) => [n, figure(samples, { ...one, shares: n }, "listBytes").median] as const));
    const spare = Math.max(...chosen(samples, one).map(({ gets, ms }) => gets - Math.ceil(ms / 1000)));
    return [
      atMost(`GETs, \`refresh\` of ${shares} on one session, ${latency} ms`, most, 10, "ten"),
      atMost(
        `power of N with which its list bytes grow, ${Math.min(...small)} to ${shares} shares, ${latency} ms`,
        power,
        1.1,
        "linear",
      ),
      atMost(`its GETs beyond one for each second, any size, ${latency} ms`, spare, 0, "none"),
    ];
  });
}

function createCalls(samples: readonly Sample[], sizes: readonly number[]): Bar[] {
  return sizes.flatMap((n) =>
    [
      [n, 0],
      [1, 0],
      [1, 50],
    ].flatMap(([sessions = 0, latency = 0]) => {
      const ups = chosen(samples, { contender: "product", verb: "up", shares: n, sessions, latency });
      const most = (name: "gets" | "posts") => Math.max(...ups.map((sample) => sample[name]));
      const where = `\`up\` of ${n} new shares on ${sessions} session${sessions === 1 ? "" : "s"}, ${latency} ms`;
      const [gets, how] = latency === 0 ? [sessions + n, "S + N"] : [sessions + Math.ceil(n / 4), "S + N/4"];
      return [atMost(`POSTs, ${where}`, most("posts"), n, "N"), atMost(`GETs, ${where}`, most("gets"), gets, how)];
    }),
  );
}
