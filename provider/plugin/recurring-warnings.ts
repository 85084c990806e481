// The warnings that each run repeats until a share expires: it was revoked, is missing, or is live again. In the dynamic face the
// program's own class logs them. A generated SDK contains no code of ours, so the plugin logs them.
import { recurringWarning, type CallContext, type RecordedShare } from "../lifecycle";
import { systemClock } from "../time/clock";

/** URNs of the shares that were read and not compared since then: the read has logged the warning. */
const read = new Set<string>();

export function noteRead(urn: string): void {
  read.add(urn);
}

/** Engine: each preview and each `up` compares every share once, also without changes; a refresh does it after the read. */
export function repeatWarning(urn: string, id: string, outputs: RecordedShare, call: CallContext): void {
  const text = recurringWarning(id, outputs, systemClock.now());
  if (!read.delete(urn) && text !== undefined) call.warn(text);
}
