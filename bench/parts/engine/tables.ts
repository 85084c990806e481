// The tables of the engine part: seconds with their spread, ratios to the floor, calls and list bytes. Pure.
import { number, type Table } from "../../part";
import { verbs } from "../../stack";
import type { Sample } from "./engine";
import { chosen, figure, type Choice } from "../samples";

const names = { up: "up", again: "no-op up", preview: "preview", refresh: "refresh", destroy: "destroy" } as const;

export function engineTables(samples: readonly Sample[]): Table[] {
  const rows = scenes(samples);
  return [
    {
      title: "Seconds: median (least–most; samples), ratio of medians to the floor, CPU seconds of all processes",
      rows: [timeHead, ...rows.map((scene) => timeRow(samples, scene))],
    },
    {
      title: "Calls: medians; list bytes in kB",
      rows: [
        callHead,
        ...rows.filter(({ verb }) => verb === "up" || verb === "refresh").map((scene) => callRow(samples, scene)),
      ],
    },
  ];
}

/** Where a contender was not measured. */
const nothing = { median: NaN, least: NaN, most: NaN, count: 0 };

function shown(value: number): string {
  return Number.isNaN(value) ? "–" : number(value);
}

type Scene = Required<Omit<Choice, "contender">>;

function scenes(samples: readonly Sample[]): Scene[] {
  const distinct = new Map(
    samples.map(({ verb, shares, sessions, latency }) => [
      `${verb} ${shares} ${sessions} ${latency}`,
      { verb, shares, sessions, latency },
    ]),
  );
  return [...distinct.values()].sort(
    (a, b) =>
      a.shares - b.shares ||
      b.sessions - a.sessions ||
      verbs.indexOf(a.verb) - verbs.indexOf(b.verb) ||
      a.latency - b.latency,
  );
}

const head = ["command", "shares", "sessions", "latency"];
const timeHead = [
  ...head,
  "floor",
  "naive",
  "product",
  "naive / floor",
  "product / floor",
  "CPU floor",
  "CPU naive",
  "CPU product",
];
const callHead = [
  ...head,
  "GET naive",
  "GET product",
  "POST product",
  "lists naive",
  "lists product",
  "lists product / share",
];

function start({ verb, shares, sessions, latency }: Scene): string[] {
  return [names[verb], String(shares), String(sessions), `${latency} ms`];
}

function timeRow(samples: readonly Sample[], scene: Scene): string[] {
  // The floor calls nobody: measured without latency, it stands for both.
  const at = (contender: string) => ({ ...scene, contender, ...(contender === "floor" && { latency: 0 }) });
  const measured = (contender: string, name: "ms" | "cpu") =>
    chosen(samples, at(contender)).length === 0 ? nothing : figure(samples, at(contender), name);
  const seconds = (contender: string) => {
    const { median, least, most, count } = measured(contender, "ms");
    return {
      median,
      text: count === 0 ? "–" : `${number(median / 1000)} (${number(least / 1000)}–${number(most / 1000)}; ${count})`,
    };
  };
  const [floor, naive, product] = [seconds("floor"), seconds("naive"), seconds("product")];
  const cpu = (contender: string) => shown(measured(contender, "cpu").median / 1000);
  const ratio = (median: number) => shown(median / floor.median);
  return [
    ...start(scene),
    floor.text,
    naive.text,
    product.text,
    ratio(naive.median),
    ratio(product.median),
    cpu("floor"),
    cpu("naive"),
    cpu("product"),
  ];
}

function callRow(samples: readonly Sample[], scene: Scene): string[] {
  const median = (contender: string, name: "gets" | "posts" | "listBytes") =>
    chosen(samples, { ...scene, contender }).length === 0
      ? NaN
      : figure(chosen(samples, scene), { contender }, name).median;
  const kilobytes = (bytes: number) => shown(bytes / 1000);
  const lists = median("product", "listBytes");
  return [
    ...start(scene),
    ...[median("naive", "gets"), median("product", "gets"), median("product", "posts")].map(shown),
    ...[median("naive", "listBytes"), lists, lists / scene.shares].map(kilobytes),
  ];
}
