// The thresholds of the engine part. Pure: samples in, thresholds out.
import { atMost, type Size, type Threshold } from "../../part";
import type { Command } from "../../stack";
import { growthExponent } from "../../statistics";
import { selectSamples, summarizeSamples, type Filter, type Sample } from "./samples";

/** The value of `--parallel`. */
const parallelism = 8;
/** Up to this many shares, creates at 50 ms latency must share lists: at least four creates per list. */
const sharedListsUpTo = 300;

export function engineThresholds(samples: readonly Sample[], { shares, growth: sizes }: Size): Threshold[] {
  const seconds = (filter: Filter) => summarizeSamples(samples, { shares, latency: 0, ...filter }, "ms").median / 1000;
  return [
    ...upTimes(seconds, shares),
    ...noChangeTimes(samples, seconds, shares),
    noRequests(samples, "destroy", "`destroy`"),
    refreshTime(seconds, shares),
    ...refreshRequests(samples, shares, sizes),
    ...createRequests(samples, sizes),
  ];
}

type Seconds = (filter: Filter) => number;

function upTimes(seconds: Seconds, shares: number): Threshold[] {
  return [shares, 1].flatMap((sessions) => {
    const figure = `\`up\` of ${shares} new shares on ${sessions === 1 ? "one session" : `${sessions} sessions`}`;
    const of = (candidate: string) => seconds({ candidate, sessions, command: "up" });
    return [
      atMost(figure, of("product"), 1.1 * of("baseline"), "1.10 x baseline", "s"),
      atMost(`${figure}, compared with naive`, of("product"), of("naive"), "naive", "s"),
    ];
  });
}

function noChangeTimes(samples: readonly Sample[], seconds: Seconds, shares: number): Threshold[] {
  return (
    [
      ["noop", "no-op `up`"],
      ["preview", "`preview`"],
    ] as const
  ).flatMap(([command, what]) => {
    const of = (candidate: string) => seconds({ candidate, command });
    return [
      atMost(`${what} of ${shares} shares`, of("product"), 1.05 * of("baseline"), "1.05 x baseline", "s"),
      noRequests(samples, command, what),
    ];
  });
}

function noRequests(samples: readonly Sample[], command: Command, what: string): Threshold {
  const requests = selectSamples(samples, { candidate: "product", command }).reduce(
    (sum, { gets, posts }) => sum + gets + posts,
    0,
  );
  return atMost(`HTTP requests of a ${what}, all sizes`, requests, 0);
}

function refreshTime(seconds: Seconds, shares: number): Threshold {
  const wait = (Math.ceil(shares / parallelism) * 50) / 1000;
  return atMost(
    `\`refresh\` of ${shares} shares on ${shares} sessions, 50 ms`,
    seconds({ candidate: "product", command: "refresh", sessions: shares, latency: 50 }),
    1.25 * seconds({ candidate: "baseline", command: "refresh" }) + 2 * wait,
    "1.25 x baseline + 2 x latency",
    "s",
  );
}

function refreshRequests(samples: readonly Sample[], shares: number, sizes: readonly number[]): Threshold[] {
  return [0, 50].flatMap((latency) => {
    const filter = { candidate: "product", command: "refresh", sessions: 1, latency } as const;
    const most = summarizeSamples(samples, { ...filter, shares }, "gets").most;
    // Reads share a list for one second. Up to `shares` a refresh needs one or two lists, above it one per second.
    const small = sizes.filter((n) => n <= shares);
    const exponent = growthExponent(
      small.map((n) => [n, summarizeSamples(samples, { ...filter, shares: n }, "listBytes").median] as const),
    );
    const extra = Math.max(...selectSamples(samples, filter).map(({ gets, ms }) => gets - Math.ceil(ms / 1000)));
    const where = `\`refresh\` on one session, ${latency} ms`;
    return [
      atMost(`GETs, ${where}, ${shares} shares`, most, 10),
      atMost(`growth exponent of list bytes, ${where}, ${Math.min(...small)} to ${shares} shares`, exponent, 1.1),
      atMost(`GETs beyond one per second, ${where}, all sizes`, extra, 0),
    ];
  });
}

function createRequests(samples: readonly Sample[], sizes: readonly number[]): Threshold[] {
  return sizes.flatMap((n) =>
    [
      [n, 0],
      [1, 0],
      [1, 50],
    ].flatMap(([sessions = 0, latency = 0]) => {
      const ups = selectSamples(samples, { candidate: "product", command: "up", shares: n, sessions, latency });
      const most = (name: "gets" | "posts") => Math.max(...ups.map((sample) => sample[name]));
      const where = `\`up\` of ${n} new shares on ${sessions} session${sessions === 1 ? "" : "s"}, ${latency} ms`;
      const [gets, formula] =
        latency === 0 || n > sharedListsUpTo ? [sessions + n, "S + N"] : [sessions + Math.ceil(n / 4), "S + N/4"];
      return [atMost(`POSTs, ${where}`, most("posts"), n, "N"), atMost(`GETs, ${where}`, most("gets"), gets, formula)];
    }),
  );
}
