// Turns: on one session one POST at a time, on different sessions side by side. Without turns a lost answer could not
// be told from the neighbour's share.

export class Turns {
  private readonly queues = new Map<string, { last: Promise<unknown>; count: number }>();
  private readonly watchers = new Map<string, Set<() => void>>();

  /** Runs `work` when everything that came earlier for this session has ended, well or not. */
  async take<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(sessionId) ?? { last: Promise.resolve(), count: 0 };
    this.queues.set(sessionId, queue);
    queue.count += 1;
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

  private becomeIdle(sessionId: string): void {
    this.queues.delete(sessionId);
    this.watchers.get(sessionId)?.forEach((wake) => wake());
    this.watchers.delete(sessionId);
  }
}
