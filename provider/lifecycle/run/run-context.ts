// What all operations of one process share: the client, the lists, the create queue. Created by the first operation that
// needs it: a run that changes nothing needs no settings and sends no request.
import type { Client, ClientOptions } from "../../client/api";
import type { Clock } from "../../time/clock";
import { requireSettings, type Settings } from "../settings";
import { CompletingLists } from "./completing-lists";
import { CreateQueue } from "./create-queue";
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
  /** IDs of shares that the state holds and that stay: a resource manages them already. */
  readonly managedIds: ReadonlySet<string>;
}

export interface RunOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly createClient: (options: ClientOptions) => Client;
}

/** Throws `config` where the settings do not suffice for a request. */
export function createRunContext(options: RunOptions, managedIds: ReadonlySet<string>): RunContext {
  const { settings, clock, createClient } = options;
  const client = createClient(requireSettings(settings, clock));
  const lists = new ShareLists(client, clock);
  const createQueue = new CreateQueue();
  const completingLists = new CompletingLists(lists, createQueue, clock);
  const windowPrecision = new WindowPrecision();
  return { settings, clock, client, lists, createQueue, completingLists, windowPrecision, managedIds };
}
