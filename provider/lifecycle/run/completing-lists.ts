// The lists that complete new shares: POST returns only the key, so each create needs a list that was requested after its
// response. One list serves several creates of a session.
import type { Clock } from "../../time/clock";
import type { CreateQueue } from "./create-queue";
import type { ShareLists, ValidList } from "./share-lists";

/** A list of their own costs five creates less than more waiting. */
const maxCreates = 5;
/** A key in hand must reach the engine's checkpoint soon: a SIGKILL before that leaves a link that no state knows. */
const maxWait = 500;

interface PendingList {
  creates: number;
  readonly list: Promise<ValidList>;
  readonly request: () => void;
}

export class CompletingLists {
  private readonly pending = new Map<string, PendingList>();

  constructor(
    private readonly lists: ShareLists,
    private readonly queue: CreateQueue,
    private readonly clock: Pick<Clock, "sleep">,
  ) {}

  /**
   * A list that is requested after this call: when no POST of the session is in flight or queued, when five creates wait
   * for it, or after 500 ms. An aborted signal ends the wait.
   */
  next(sessionId: string, signal: AbortSignal): Promise<ValidList> {
    const pending = this.pending.get(sessionId) ?? this.schedule(sessionId, signal);
    pending.creates += 1;
    if (pending.creates === maxCreates) pending.request();
    return pending.list;
  }

  private schedule(sessionId: string, signal: AbortSignal): PendingList {
    const { promise: requested, resolve: request } = Promise.withResolvers<void>();
    const list = this.ready(sessionId, requested, signal).then(() => {
      this.pending.delete(sessionId);
      return this.lists.fetch(sessionId, signal);
    });
    const pending = { creates: 0, list, request };
    this.pending.set(sessionId, pending);
    return pending;
  }

  private async ready(sessionId: string, requested: Promise<void>, signal: AbortSignal): Promise<void> {
    const waitEnded = new AbortController();
    const wait = this.clock.sleep(maxWait, AbortSignal.any([signal, waitEnded.signal])).catch(() => undefined);
    await Promise.race([this.queue.idle(sessionId), requested, wait]);
    waitEnded.abort();
  }
}
