// Decides when this process stops and ends. A signal to all processes of a run must lose no link: a POST that was sent is
// finished and recorded, and what still waits is not sent.

/** The response to the engine is written right after an operation ends. The process must not end before that. */
const timeForResponse = 200;

/** Calls back when every response is written. */
type CloseServer = (closed: () => void) => void;

let stop = new AbortController();
let handlesSignals = false;
let operations = 0;
let idleSince = -Infinity;
let endsWhenIdle = false;
let closeServer: CloseServer | undefined;

/** Aborted when the run is cancelled or the engine is gone. */
export const stopSignal = (): AbortSignal => stop.signal;

/**
 * From now on, SIGTERM, SIGINT and SIGHUP do not end the process. A second call changes nothing. Without `closeServer`, because
 * the server is the SDK's, the process waits a fixed time for the last response.
 */
export function handleSignals(close?: CloseServer): void {
  if (handlesSignals) return;
  handlesSignals = true;
  closeServer = close;
  // Engine: it cancels the run at both, waits for the operations in flight and records them. So they need this process.
  process.on("SIGTERM", cancel);
  process.on("SIGINT", cancel);
  // Engine: at the end of a run it sends SIGINT to its plugins, and SIGKILL to those that have not ended five seconds later.
  process.on("SIGINT", () => {
    if (operations === 0) endIfIdle();
  });
  // Engine: it ends at once, or it survives and goes on (`nohup`). In both cases `engineGone` says enough.
  process.on("SIGHUP", () => undefined);
  // Engine: it reads our output. The SDK prints an uncaught error: if that error is that nobody reads, it would never end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
}

/** Nobody records a result any more: nothing that waits is sent, and the process ends with its last operation. */
export function engineGone(): void {
  endsWhenIdle = true;
  cancel();
  endIfIdle();
}

/** Ends queueing, back-off and waits of every operation. A POST that was sent is finished and recorded. */
export function cancel(): void {
  stop.abort();
}

/** Another engine uses this process: the cancellation of an earlier run does not count for it. */
export function endCancellation(): void {
  if (stop.signal.aborted && !endsWhenIdle) stop = new AbortController();
}

/** Runs one operation that the engine requested. */
export async function whileRunning<T>(operation: () => T | Promise<T>): Promise<T> {
  operations += 1;
  try {
    return await operation();
  } finally {
    operations -= 1;
    idleSince = performance.now();
    if (endsWhenIdle) endIfIdle();
  }
}

function endIfIdle(): void {
  const end = () => {
    if (operations === 0) process.exit();
  };
  closeServer?.(end);
  setTimeout(end, Math.max(0, idleSince + timeForResponse - performance.now()));
}
