// The thresholds of the plugin part. Pure: findings in, thresholds out.
import { atMost, type Size, type Threshold } from "../../part";
import type { Command } from "../../stack";
import { summarize } from "../../statistics";
import { selectSamples, summarizeSamples, type Sample } from "../engine/samples";
import type { PluginFindings } from "./findings";

/** Bytes per share in the state. */
const stateLimit = 1800;

export function pluginThresholds(
  { samples, bytes, starts }: PluginFindings,
  { shares }: Pick<Size, "shares">,
): Threshold[] {
  const seconds = (candidate: string, command: Command) =>
    summarizeSamples(samples, { candidate, command, sessions: shares }, "ms").median / 1000;
  const port = (name: string) => summarize((starts[name] ?? []).map((one) => one.port)).median;
  return [
    atMost(
      `plugin: \`up\` of ${shares} new shares on ${shares} sessions`,
      seconds("plugin", "up"),
      0.9 * seconds("baseline", "up"),
      "0.90 x baseline",
      "s",
    ),
    atMost(
      `plugin: no-op \`up\` of ${shares} shares`,
      seconds("plugin", "noop"),
      1.05 * seconds("empty plugin", "noop"),
      "1.05 x empty plugin",
      "s",
    ),
    atMost(`plugin: state bytes per share`, bytes["plugin"]?.["total"] ?? NaN, stateLimit, "", "B"),
    atMost("plugin: start until the port", port("plugin"), 1.3 * port("empty plugin"), "1.3 x empty plugin", "ms"),
    ...requests(samples, shares),
  ];
}

/** The same limits as for the dynamic provider. */
function requests(samples: readonly Sample[], shares: number): Threshold[] {
  const most = (name: "gets" | "posts", command: Command, sessions?: number) => {
    const filter = { candidate: "plugin", command, ...(sessions !== undefined && { sessions }) };
    return Math.max(...selectSamples(samples, filter).map((one) => one[name]));
  };
  const ups = [shares, 1].flatMap((sessions) => {
    const where = `plugin: \`up\` of ${shares} new shares on ${sessions} session${sessions === 1 ? "" : "s"}`;
    return [
      atMost(`POSTs, ${where}`, most("posts", "up", sessions), shares, "N"),
      atMost(`GETs, ${where}`, most("gets", "up", sessions), sessions + shares, "S + N"),
    ];
  });
  const unchanged = { noop: "no-op `up`", preview: "`preview`", destroy: "`destroy`" } as const;
  const none = (Object.keys(unchanged) as (keyof typeof unchanged)[]).map((command) =>
    atMost(`HTTP requests, plugin: ${unchanged[command]}`, most("gets", command) + most("posts", command), 0),
  );
  return [...ups, ...none, atMost("GETs, plugin: `refresh` on one session", most("gets", "refresh", 1), 10)];
}
