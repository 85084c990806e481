// What all operations of one process share: the client, the lists, the create queue. Created by the first operation that
// needs it: a run that changes nothing needs no settings and sends no request.
import type { Client, ClientOptions } from "../../client/api";
import type { Clock } from "../../time/clock";
import { requireSettings, type Settings } from "../settings";
import { CompletingLists } from "./completing-lists";
import { CreateQueue } from "./create-queue";
import type { KnownShares } from "./known-shares";
import type { RecoverFlag, RunFlags } from "./run-flags";
import { ShareLists } from "./share-lists";
import { WindowPrecision } from "./window-precision";

export interface RunContext {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly client: Client;
  readonly lists: ShareLists;
  readonly createQueue: CreateQueue;
  readonly completingLists: CompletingLists;
  readonly windowPrecision: WindowPrecision;
  readonly known: KnownShares;
  readonly recover: RecoverFlag;
}

export interface RunOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly createClient: (options: ClientOptions) => Client;
  readonly flags: RunFlags;
}

/** Throws `config` where the settings do not suffice for a request. */
export function createRunContext(options: RunOptions, known: KnownShares): RunContext {
  const { settings, clock, createClient, flags } = options;
  const client = createClient(requireSettings(settings, clock));
  const lists = new ShareLists(client, clock);
  const createQueue = new CreateQueue();
  const completingLists = new CompletingLists(lists, createQueue, clock);
  const windowPrecision = new WindowPrecision();
  const { recover } = flags;
  return { settings, clock, client, lists, createQueue, completingLists, windowPrecision, known, recover };
}
