// Choosing and summing up the engine part's samples. Pure.
import { summarize, type Summary } from "../statistics";
import type { Sample } from "./engine/engine";

export type Choice = Partial<Pick<Sample, "contender" | "verb" | "shares" | "sessions" | "latency">>;

export function chosen(samples: readonly Sample[], choice: Choice): Sample[] {
  const wanted = Object.entries(choice) as [keyof Choice, unknown][];
  return samples.filter((sample) => wanted.every(([name, value]) => sample[name] === value));
}

/** Throws where no sample is meant. */
export function figure(
  samples: readonly Sample[],
  choice: Choice,
  name: "ms" | "cpu" | "gets" | "posts" | "listBytes",
): Summary {
  return summarize(chosen(samples, choice).map((sample) => sample[name] ?? NaN));
}
