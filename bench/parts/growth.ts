// How what the other parts measured grows with the number of shares: the power of N, fitted. Measures nothing itself.
import { number, type Part } from "../part";
import { growth as powerOf, summarize } from "../statistics";
import type { Sample } from "./engine/engine";
import type { MemorySample } from "./memory";
import { chosen } from "./samples";

export const growth: Part = {
  name: "growth",
  about:
    "The power of N with which a figure grows (1 is linear), fitted through the sizes of the engine and memory parts.",
  measure(_place, _size, say, earlier) {
    const samples = (earlier("engine")?.data ?? []) as Sample[];
    const memory = (earlier("memory")?.data ?? []) as MemorySample[];
    const head = ["figure", "sizes", "floor", "naive", "product"];
    const rows = [...engineRows(samples), ...memoryRows(memory)];
    rows.forEach((row) => say(row.join("  ")));
    return Promise.resolve({ tables: [{ title: "Powers of N", rows: [head, ...rows] }], bars: [], data: rows });
  },
};

type Point = readonly [n: number, value: number];

function fitted(points: readonly Point[]): string {
  const sizes = [...new Set(points.map(([n]) => n))];
  const power = powerOf(
    sizes.map((size) => [size, summarize(points.filter(([n]) => n === size).map(([, value]) => value)).median]),
  );
  return Number.isFinite(power) ? number(power) : "–";
}

function row(title: string, points: (contender: string) => readonly Point[]): string[] {
  const sizes = [...new Set(points("product").map(([n]) => n))];
  return [title, sizes.join(", "), ...["floor", "naive", "product"].map((contender) => fitted(points(contender)))];
}

function engineRows(samples: readonly Sample[]): string[][] {
  const rows: string[][] = [];
  for (const one of [false, true]) {
    const scene = samples.filter(({ shares, sessions }) => one === (sessions === 1 && shares > 1));
    const where = one ? "one session" : "N sessions";
    for (const [verb, latency] of [
      ["up", 0],
      ["again", 0],
      ["preview", 0],
      ["refresh", 0],
      ["refresh", 50],
      ["destroy", 0],
    ] as const) {
      const points = (name: "ms" | "gets" | "listBytes") => (contender: string) =>
        chosen(scene, { contender, verb, latency }).map((sample) => [sample.shares, sample[name]] as const);
      const title = `${verb === "again" ? "no-op up" : verb}, ${where}, ${latency} ms`;
      rows.push(row(`time, ${title}`, points("ms")));
      if (verb === "up" || verb === "refresh")
        rows.push(row(`GETs, ${title}`, points("gets")), row(`list bytes, ${title}`, points("listBytes")));
    }
  }
  return rows;
}

function memoryRows(samples: readonly MemorySample[]): string[][] {
  return [true, false].map((one) =>
    row(`peak memory, refresh, ${one ? "one session" : "many sessions"}`, (contender) =>
      samples
        .filter((sample) => sample.contender === contender && one === (sample.sessions === 1))
        .map(({ shares, peakBytes }) => [shares, peakBytes] as const),
    ),
  );
}
