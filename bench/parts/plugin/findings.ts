// What the plugin part measures.
import type { StartTimes } from "../../provider-process";
import type { Sample } from "../engine/samples";
import type { Bytes } from "../state";

export interface PluginFindings {
  readonly samples: readonly Sample[];
  /** Bytes per share in the state, by candidate. */
  readonly bytes: Readonly<Record<string, Bytes>>;
  readonly starts: Starts;
}

/** Times of one process each, by candidate. */
export type Starts = Readonly<Record<string, readonly StartTimes[]>>;
