// Saves each share the formatting of stack traces that are hardly ever read.

type Format = (error: Error, frames: NodeJS.CallSite[]) => unknown;

const errors: { prepareStackTrace?: Format | null | undefined } = Error;

/**
 * Call it right before `super`, and call the function that it returns in `finally`.
 *
 * Engine: the SDK formats a stack trace for each promise that it makes, about a hundred for a share, and prints it only if the
 * promise never ends. Most programs run with ts-node, which looks up each line of a trace in the source maps. That takes 6 ms
 * per share, a third of an `up` that changes nothing. Until the returned function is called, the traces of these promises have
 * no source maps. Every other trace is as before: of the share's position in the program, and of an error in a transformation.
 */
export function skipSourceMapsOfPromises(): () => void {
  const format = errors.prepareStackTrace;
  if (typeof format !== "function") return () => undefined;
  const ours: Format = (error, frames) =>
    frames[0]?.getFunctionName() === "debuggablePromise"
      ? plainTrace(error, frames)
      : format.call(Error, error, frames);
  errors.prepareStackTrace = ours;
  return () => {
    // A transformation may have installed another one.
    if (errors.prepareStackTrace === ours) errors.prepareStackTrace = format;
  };
}

function plainTrace(error: Error, frames: readonly unknown[]): string {
  return [String(error), ...frames].join("\n  at ");
}
