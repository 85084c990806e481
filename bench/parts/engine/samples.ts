// The samples of the engine part: their type, selection and summary. Pure.
import type { RequestCounts } from "../../appliance";
import type { Command, Timed } from "../../stack";
import { summarize, type Summary } from "../../statistics";

/** One command, run once. `latency` is in milliseconds. */
export interface Sample extends Timed, RequestCounts {
  readonly candidate: string;
  readonly command: Command;
  readonly shares: number;
  readonly sessions: number;
  readonly latency: number;
}

export type Filter = Partial<Pick<Sample, "candidate" | "command" | "shares" | "sessions" | "latency">>;

export function selectSamples(samples: readonly Sample[], filter: Filter): Sample[] {
  const wanted = Object.entries(filter) as [keyof Filter, unknown][];
  return samples.filter((sample) => wanted.every(([name, value]) => sample[name] === value));
}

/** Throws if no sample matches the filter. */
export function summarizeSamples(
  samples: readonly Sample[],
  filter: Filter,
  name: "ms" | "cpu" | "gets" | "posts" | "listBytes",
): Summary {
  return summarize(selectSamples(samples, filter).map((sample) => sample[name] ?? NaN));
}
