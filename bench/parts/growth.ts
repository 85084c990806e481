// Fits how the figures of the engine and memory parts grow with the number of shares. Measures nothing itself.
import { number, type Part } from "../part";
import { growthExponent, summarize } from "../statistics";
import { selectSamples, type Sample } from "./engine/samples";
import type { MemorySample } from "./memory";

export const growth: Part = {
  name: "growth",
  about:
    "The exponent of N with which a figure grows (1 is linear), fitted through the sizes of the engine and memory parts.",
  measure(_workspace, _size, log, findingsOf) {
    const samples = (findingsOf("engine")?.data ?? []) as Sample[];
    const memory = (findingsOf("memory")?.data ?? []) as MemorySample[];
    const head = ["figure", "sizes", "baseline", "naive", "product"];
    const rows = [...engineRows(samples), ...memoryRows(memory)];
    rows.forEach((row) => log(row.join("  ")));
    return Promise.resolve({
      tables: [{ title: "Exponents of N", rows: [head, ...rows] }],
      thresholds: [],
      data: rows,
    });
  },
};

type Point = readonly [n: number, value: number];

function fitted(points: readonly Point[]): string {
  const sizes = [...new Set(points.map(([n]) => n))];
  const exponent = growthExponent(
    sizes.map((size) => [size, summarize(points.filter(([n]) => n === size).map(([, value]) => value)).median]),
  );
  return Number.isFinite(exponent) ? number(exponent) : "–";
}

function row(title: string, points: (candidate: string) => readonly Point[]): string[] {
  const sizes = [...new Set(points("product").map(([n]) => n))];
  return [title, sizes.join(", "), ...["baseline", "naive", "product"].map((candidate) => fitted(points(candidate)))];
}

function engineRows(samples: readonly Sample[]): string[][] {
  const rows: string[][] = [];
  for (const oneSession of [false, true]) {
    const scenario = samples.filter(({ shares, sessions }) => oneSession === (sessions === 1 && shares > 1));
    const where = oneSession ? "one session" : "N sessions";
    for (const [command, latency] of [
      ["up", 0],
      ["noop", 0],
      ["preview", 0],
      ["refresh", 0],
      ["refresh", 50],
      ["destroy", 0],
    ] as const) {
      const points = (name: "ms" | "gets" | "listBytes") => (candidate: string) =>
        selectSamples(scenario, { candidate, command, latency }).map(
          (sample) => [sample.shares, sample[name]] as const,
        );
      const title = `${command === "noop" ? "no-op up" : command}, ${where}, ${latency} ms`;
      rows.push(row(`time, ${title}`, points("ms")));
      if (command === "up" || command === "refresh")
        rows.push(row(`GETs, ${title}`, points("gets")), row(`list bytes, ${title}`, points("listBytes")));
    }
  }
  return rows;
}

function memoryRows(samples: readonly MemorySample[]): string[][] {
  return [true, false].map((oneSession) =>
    row(`peak memory, refresh, ${oneSession ? "one session" : "many sessions"}`, (candidate) =>
      samples
        .filter((sample) => sample.candidate === candidate && oneSession === (sample.sessions === 1))
        .map(({ shares, peakBytes }) => [shares, peakBytes] as const),
    ),
  );
}
