// The tables of the plugin part: seconds, requests, state bytes and start. Pure.
import { pluginCandidates, type Candidate } from "../../candidates";
import { number, type Table } from "../../part";
import { commands, type Command } from "../../stack";
import { summarize } from "../../statistics";
import { summarizeSamples, type Sample } from "../engine/samples";
import type { PluginFindings, Starts } from "./findings";

const names = pluginCandidates.map(({ name }) => name);

export function pluginTables({ samples, bytes, starts }: PluginFindings): Table[] {
  return [
    { title: "Seconds: median (least–most; samples)", rows: [["command", ...names], ...timeRows(samples, "ms")] },
    {
      title: "CPU seconds of all processes: median (least–most; samples)",
      rows: [["command", ...names], ...timeRows(samples, "cpu")],
    },
    {
      title: "Requests of `up` and `refresh`: the most of all samples",
      rows: [["command", "sessions", "candidate", "GETs", "POSTs"], ...requestRows(samples)],
    },
    { title: "State bytes per share", rows: [["attribute", ...names], ...bytesRows(bytes)] },
    {
      title: "Milliseconds from the start of the process: median (least–most; samples)",
      rows: [["", ...Object.keys(starts)], ...startRows(starts)],
    },
  ];
}

function timeRows(samples: readonly Sample[], what: "ms" | "cpu"): string[][] {
  const sessions = Math.max(...samples.map((one) => one.sessions));
  return commands.map((command) => [
    command === "noop" ? "no-op up" : command,
    ...names.map((candidate) => {
      const { median, least, most, count } = summarizeSamples(samples, { command, candidate, sessions }, what);
      return `${number(median / 1000)} (${number(least / 1000)}–${number(most / 1000)}; ${count})`;
    }),
  ]);
}

function requestRows(samples: readonly Sample[]): string[][] {
  const sizes = [...new Set(samples.map(({ sessions }) => sessions))];
  const sending = pluginCandidates.filter(({ sendsRequests }) => sendsRequests);
  const row = (command: Command, sessions: number, { name }: Candidate) => {
    const most = (what: "gets" | "posts") =>
      number(summarizeSamples(samples, { command, sessions, candidate: name }, what).most);
    return [command, String(sessions), name, most("gets"), most("posts")];
  };
  return (["up", "refresh"] as const).flatMap((command) =>
    sizes.flatMap((sessions) => sending.map((candidate) => row(command, sessions, candidate))),
  );
}

function bytesRows(bytes: PluginFindings["bytes"]): string[][] {
  const of = (candidate: string, attribute: string) => bytes[candidate]?.[attribute] ?? 0;
  const attributes = [...new Set(Object.values(bytes).flatMap((one) => Object.keys(one)))];
  attributes.sort((a, b) => of("plugin", b) - of("plugin", a));
  return attributes.map((attribute) => [`\`${attribute}\``, ...names.map((name) => number(of(name, attribute)))]);
}

function startRows(starts: Starts): string[][] {
  const moments = { port: "port printed", check: "first check response", create: "first create response" } as const;
  return (Object.keys(moments) as (keyof typeof moments)[]).map((moment) => [
    moments[moment],
    ...Object.values(starts).map((times) => {
      const { median, least, most, count } = summarize(times.map((one) => one[moment]));
      return `${number(median)} (${number(least)}–${number(most)}; ${count})`;
    }),
  ]);
}
