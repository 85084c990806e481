// Standard output that remembers whether it could be written: a report that is lost must not look like a report without
// findings.
import type { OutputStream } from "./process-io";

/** A standard output that the command waits for before it exits. */
export function watchedOutput(stream: NodeJS.WriteStream): OutputStream {
  let failure: NodeJS.ErrnoException | undefined;
  const remember = (error?: NodeJS.ErrnoException | null) => void (failure ??= error ?? undefined);
  stream.on("error", remember);
  return {
    write: (text) => {
      // The callback gets the error earlier than the event, which waits until the stream is closed.
      if (failure === undefined) stream.write(text, remember);
    },
    flush: async () => {
      await new Promise<void>((resolve) => stream.write("", () => resolve()));
      // `fudo-audit | head` closes standard output early, which is not a failure of the audit.
      if (failure === undefined || failure.code === "EPIPE") return;
      throw new Error(`cannot write to standard output (${failure.code ?? "unwritable"}), so a part of it is lost`);
    },
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}
