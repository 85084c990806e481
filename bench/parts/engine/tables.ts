// The tables of the engine part: seconds with their range, ratios to the baseline, requests and list bytes. Pure.
import { number, type Table } from "../../part";
import { commands } from "../../stack";
import { selectSamples, summarizeSamples, type Filter, type Sample } from "./samples";

const names = { up: "up", noop: "no-op up", preview: "preview", refresh: "refresh", destroy: "destroy" } as const;

export function engineTables(samples: readonly Sample[]): Table[] {
  const scenarios = scenariosOf(samples);
  const withRequests = scenarios.filter(({ command }) => command === "up" || command === "refresh");
  return [
    {
      title:
        "Seconds: median (least–most; samples), ratio of the medians to the baseline, CPU seconds of all processes",
      rows: [timeHead, ...scenarios.map((scenario) => timeRow(samples, scenario))],
    },
    {
      title: "Requests: medians; list bytes in kB",
      rows: [requestHead, ...withRequests.map((scenario) => requestRow(samples, scenario))],
    },
  ];
}

/** For a candidate that was not measured. */
const nothing = { median: NaN, least: NaN, most: NaN, count: 0 };

function shown(value: number): string {
  return Number.isNaN(value) ? "–" : number(value);
}

type Scenario = Required<Omit<Filter, "candidate">>;

function scenariosOf(samples: readonly Sample[]): Scenario[] {
  const distinct = new Map(
    samples.map(({ command, shares, sessions, latency }) => [
      `${command} ${shares} ${sessions} ${latency}`,
      { command, shares, sessions, latency },
    ]),
  );
  return [...distinct.values()].sort(
    (a, b) =>
      a.shares - b.shares ||
      b.sessions - a.sessions ||
      commands.indexOf(a.command) - commands.indexOf(b.command) ||
      a.latency - b.latency,
  );
}

const head = ["command", "shares", "sessions", "latency"];
const timeHead = [
  ...head,
  "baseline",
  "naive",
  "product",
  "naive / baseline",
  "product / baseline",
  "CPU baseline",
  "CPU naive",
  "CPU product",
];
const requestHead = [
  ...head,
  "GET naive",
  "GET product",
  "POST product",
  "lists naive",
  "lists product",
  "lists product / share",
];

function firstCells({ command, shares, sessions, latency }: Scenario): string[] {
  return [names[command], String(shares), String(sessions), `${latency} ms`];
}

function timeRow(samples: readonly Sample[], scenario: Scenario): string[] {
  // The baseline sends no request: its time without latency is its time at any latency.
  const at = (candidate: string) => ({ ...scenario, candidate, ...(candidate === "baseline" && { latency: 0 }) });
  const measured = (candidate: string, name: "ms" | "cpu") =>
    selectSamples(samples, at(candidate)).length === 0 ? nothing : summarizeSamples(samples, at(candidate), name);
  const seconds = (candidate: string) => {
    const { median, least, most, count } = measured(candidate, "ms");
    return {
      median,
      text: count === 0 ? "–" : `${number(median / 1000)} (${number(least / 1000)}–${number(most / 1000)}; ${count})`,
    };
  };
  const [baseline, naive, product] = [seconds("baseline"), seconds("naive"), seconds("product")];
  const cpu = (candidate: string) => shown(measured(candidate, "cpu").median / 1000);
  const ratio = (median: number) => shown(median / baseline.median);
  return [
    ...firstCells(scenario),
    baseline.text,
    naive.text,
    product.text,
    ratio(naive.median),
    ratio(product.median),
    cpu("baseline"),
    cpu("naive"),
    cpu("product"),
  ];
}

function requestRow(samples: readonly Sample[], scenario: Scenario): string[] {
  const median = (candidate: string, name: "gets" | "posts" | "listBytes") =>
    selectSamples(samples, { ...scenario, candidate }).length === 0
      ? NaN
      : summarizeSamples(samples, { ...scenario, candidate }, name).median;
  const kilobytes = (bytes: number) => shown(bytes / 1000);
  const lists = median("product", "listBytes");
  return [
    ...firstCells(scenario),
    ...[median("naive", "gets"), median("product", "gets"), median("product", "posts")].map(shown),
    ...[median("naive", "listBytes"), lists, lists / scenario.shares].map(kilobytes),
  ];
}
