// Turns: on one session one POST at a time, on different sessions side by side. Without turns a lost answer could not
// be told from the neighbour's share.
import type { Clock } from "../../time/clock";

export class Turns {
  private readonly queues = new Map<string, { last: Promise<unknown>; count: number }>();
  private readonly watchers = new Map<string, Set<() => void>>();
  /** When the last five came, for each session: milliseconds. */
  private readonly comers = new Map<string, readonly number[]>();

  constructor(private readonly clock: Pick<Clock, "now" | "sleep">) {}

  /** Runs `work` when everything that came earlier for this session has ended, well or not. */
  async take<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(sessionId) ?? { last: Promise.resolve(), count: 0 };
    this.queues.set(sessionId, queue);
    queue.count += 1;
    this.comers.set(sessionId, [...(this.comers.get(sessionId) ?? []), this.clock.now()].slice(-5));
    const turn = queue.last.then(work);
    queue.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      queue.count -= 1;
      if (queue.count === 0) this.becomeIdle(sessionId);
    }
  }

  /** Resolves when nobody has or awaits a turn on the session; at once where that is so already. */
  idle(sessionId: string): Promise<void> {
    if (!this.queues.has(sessionId)) return Promise.resolve();
    return new Promise((resolve) => {
      const watchers = this.watchers.get(sessionId) ?? new Set();
      this.watchers.set(sessionId, watchers.add(resolve));
    });
  }

  /**
   * Resolves when the session is idle and, where comers have lately been no more than `patience` apart, stays so for as long;
   * after `most` in any case. Milliseconds.
   */
  quiet(sessionId: string, patience: number, most: number): Promise<void> {
    return Promise.race([this.undisturbed(sessionId, patience, this.clock.now() + most), this.clock.sleep(most)]);
  }

  private async undisturbed(sessionId: string, patience: number, until: number): Promise<void> {
    let comers: readonly number[] | undefined;
    do {
      await this.idle(sessionId);
      comers = this.comers.get(sessionId) ?? [];
      if (meanGap(comers) > patience) return;
      await this.clock.sleep(patience);
    } while (this.comers.get(sessionId) !== comers && this.clock.now() < until);
  }

  private becomeIdle(sessionId: string): void {
    this.queues.delete(sessionId);
    this.watchers.get(sessionId)?.forEach((wake) => wake());
    this.watchers.delete(sessionId);
  }
}

/** Infinite where fewer than two came. */
function meanGap(comers: readonly number[]): number {
  const [first = 0, last = 0] = [comers.at(0), comers.at(-1)];
  return comers.length < 2 ? Infinity : Math.abs(last - first) / (comers.length - 1);
}
