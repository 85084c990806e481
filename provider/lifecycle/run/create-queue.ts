// Queues the creates of one session, so that at most one POST is in flight on it. Creates of different sessions run in
// parallel. Without the queue, a lost response could not be told from a neighbour's share.
import { FudoError } from "../../client/errors";

/** The place of a running create in its session's queue. */
export interface QueueSlot {
  /** Call it when a back-off or a recovery starts: no other create waits for its list because of this one. */
  suspend(): void;
  /** Call it right before each POST. */
  resume(): void;
}

interface Queue {
  last: Promise<unknown>;
  length: number;
  /** The create at the head is in a back-off or a recovery. */
  suspended: boolean;
}

export class CreateQueue {
  private readonly queues = new Map<string, Queue>();
  private readonly waiting = new Map<string, (() => void)[]>();

  /** Runs `work` when all earlier creates of the session have ended. Throws `cancelled` if `signal` is aborted by then. */
  async enqueue<T>(sessionId: string, signal: AbortSignal, work: (slot: QueueSlot) => Promise<T>): Promise<T> {
    const queue = this.queues.get(sessionId) ?? { last: Promise.resolve(), length: 0, suspended: false };
    this.queues.set(sessionId, queue);
    queue.length += 1;
    const result = queue.last.then(() => {
      if (signal.aborted) throw new FudoError("cancelled", `session ${sessionId}: ${cancelledBeforePost}`);
      return work(this.slot(sessionId, queue));
    });
    queue.last = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      queue.length -= 1;
      queue.suspended = false;
      if (queue.length === 0) this.queues.delete(sessionId);
      if (queue.length === 0) this.wake(sessionId);
    }
  }

  /** Resolves when no POST of the session is in flight or about to be sent. */
  idle(sessionId: string): Promise<void> {
    const queue = this.queues.get(sessionId);
    if (queue === undefined || queue.suspended) return Promise.resolve();
    return new Promise((resolve) => this.waiting.set(sessionId, [...(this.waiting.get(sessionId) ?? []), resolve]));
  }

  private slot(sessionId: string, queue: Queue): QueueSlot {
    return {
      suspend: () => {
        queue.suspended = true;
        this.wake(sessionId);
      },
      resume: () => (queue.suspended = false),
    };
  }

  private wake(sessionId: string): void {
    const waiting = this.waiting.get(sessionId) ?? [];
    this.waiting.delete(sessionId);
    waiting.forEach((resolve) => resolve());
  }
}

/** Why a create that was still waiting ended. */
export const cancelledBeforePost =
  "the run was cancelled before the share was requested. Nothing was sent to the appliance.";
