// One run of the engine against one appliance: what all operations of a process share. Created lazily, because a run
// that changes nothing must neither need settings nor call anybody.
import type { Client, ClientOptions } from "../client/api";
import type { Clock } from "../client/clock";
import { Grain } from "./grain";
import { SessionLists } from "./session-lists";
import { demandSettings, type Settings } from "./settings";
import { Turns } from "./turns";

export interface Run {
  readonly client: Client;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly lists: SessionLists;
  readonly turns: Turns;
  readonly grain: Grain;
  /** Throws `cancelled` when the engine that asked for this run is gone. */
  readonly demandEngine: () => void;
  /** Shows a sentence to the operator. */
  readonly notify: (text: string) => void;
}

export interface RunOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly createClient: (options: ClientOptions) => Client;
  /** Throws `cancelled` when the engine is gone; asked right before each POST. */
  readonly demandEngine: () => void;
  /** Shows one sentence to the operator. */
  readonly notify: (text: string) => void;
}

/** Throws `config` where the settings do not suffice for a call. */
export function startRun({ settings, clock, createClient, demandEngine, notify }: RunOptions): Run {
  const client = createClient(demandSettings(settings, clock));
  return { client, clock, settings, demandEngine, notify, lists: new SessionLists(client, clock), turns: new Turns(), grain: new Grain() };
}
