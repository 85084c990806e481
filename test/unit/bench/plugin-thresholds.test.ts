// Tests of the thresholds of the bench's plugin part: each one can be missed.
import { pluginThresholds } from "../../../bench/parts/plugin/thresholds";
import { commands } from "../../../bench/stack";

type Findings = Parameters<typeof pluginThresholds>[0];

const shares = 40;
const seconds = { baseline: 10, "empty plugin": 9, plugin: 9 };

/** Findings that keep every limit, with these values of the plugin instead. */
function findings({ ms = 9000, gets = 0, posts = 0, bytes = 1800, port = 130 }, command = ""): Findings {
  const counts = { up: [80, 40], refresh: [1, 0], noop: [0, 0], preview: [0, 0], destroy: [0, 0] } as const;
  const samples = Object.entries(seconds).flatMap(([candidate, usual]) =>
    commands.flatMap((one) =>
      [shares, 1].map((sessions) => {
        const more =
          candidate === "plugin" && one === command ? { gets, posts, ms } : { gets: 0, posts: 0, ms: usual * 1000 };
        const [get, post] = counts[one];
        const requests = { gets: Math.min(get, sessions + shares) + more.gets, posts: post + more.posts };
        return { candidate, command: one, shares, sessions, latency: 0, ms: more.ms, ...requests, listBytes: 0 };
      }),
    ),
  );
  const starts = (time: number) => [{ port: time, check: time + 10, create: time + 20 }];
  return {
    samples,
    bytes: { plugin: { total: bytes } },
    starts: { "empty plugin": starts(100), plugin: starts(port) },
  };
}

const missed = (found: Findings) =>
  pluginThresholds(found, { shares })
    .filter(({ met }) => !met)
    .map(({ figure }) => figure);

test("findings that keep every limit miss no threshold", () => {
  expect(missed(findings({}))).toEqual([]);
});

test.each<[string, Findings, string[]]>([
  ["a slow `up`", findings({ ms: 9001 }, "up"), ["plugin: `up` of 40 new shares on 40 sessions"]],
  ["a slow no-op `up`", findings({ ms: 9451 }, "noop"), ["plugin: no-op `up` of 40 shares"]],
  ["a large state", findings({ bytes: 1801 }), ["plugin: state bytes per share"]],
  ["a slow start", findings({ port: 131 }), ["plugin: start until the port"]],
  [
    "one more POST",
    findings({ posts: 1 }, "up"),
    ["POSTs, plugin: `up` of 40 new shares on 40 sessions", "POSTs, plugin: `up` of 40 new shares on 1 session"],
  ],
  [
    "one more GET",
    findings({ gets: 1 }, "up"),
    ["GETs, plugin: `up` of 40 new shares on 40 sessions", "GETs, plugin: `up` of 40 new shares on 1 session"],
  ],
  ["a GET of a no-op `up`", findings({ gets: 1 }, "noop"), ["HTTP requests, plugin: no-op `up`"]],
  ["a POST of a preview", findings({ posts: 1 }, "preview"), ["HTTP requests, plugin: `preview`"]],
  ["a request of a destroy", findings({ gets: 1 }, "destroy"), ["HTTP requests, plugin: `destroy`"]],
  ["many GETs of a refresh", findings({ gets: 10 }, "refresh"), ["GETs, plugin: `refresh` on one session"]],
])("%s misses its threshold", (_, found, figures) => {
  expect(missed(found)).toEqual(figures);
});
