// One run of the engine against one appliance: what all operations of a process share. Created lazily, because a run
// that changes nothing must neither need settings nor call anybody.
import type { Client, ClientOptions } from "../../client/api";
import type { Clock } from "../../time/clock";
import { Grain } from "./window-precision";
import { SessionLists } from "./share-lists";
import { demandSettings, type Settings } from "../settings";
import { Turns } from "./create-queue";

export interface Run extends Omit<RunOptions, "createClient"> {
  readonly client: Client;
  readonly lists: SessionLists;
  readonly turns: Turns;
  readonly grain: Grain;
}

export interface RunOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly createClient: (options: ClientOptions) => Client;
  /** Throws `cancelled` when the engine is gone; asked right before each POST. */
  readonly demandEngine: () => void;
  /** Shows one sentence to the operator. */
  readonly notify: (text: string) => void;
  /** IDs of shares that the run has met as recorded and staying: they have an owner. */
  readonly owned: ReadonlySet<string>;
}

/** Throws `config` where the settings do not suffice for a call. */
export function startRun({ createClient, ...rest }: RunOptions): Run {
  const { settings, clock } = rest;
  const client = createClient(demandSettings(settings, clock));
  return { ...rest, client, lists: new SessionLists(client, clock), turns: new Turns(clock), grain: new Grain() };
}
