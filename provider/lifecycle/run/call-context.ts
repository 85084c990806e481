// What an adapter passes to each operation: how to stop waiting, how to log, and whether the engine still runs.

export interface CallContext {
  /**
   * Aborted when the run is cancelled. Ends queueing, back-off and waits. Never ends a POST that was sent: its share would
   * be unknown.
   */
  readonly signal: AbortSignal;
  readonly warn: (text: string) => void;
  readonly info: (text: string) => void;
  /**
   * Throws `cancelled` when the engine is gone. Synchronous, and called right before each POST: an AbortSignal fires only
   * when the event loop runs.
   */
  readonly assertEngineAlive: () => void;
}
