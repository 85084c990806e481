// Reads states once more when a `pulumi up` may have created shares while the audit was reading: the appliance lists them, and
// the states that were read first do not declare them yet.
import { millisecondsOf, shareId } from "../../lifecycle";
import type { SessionResult } from "./appliance-shares";
import type { LoadedState } from "./stacks";

const day = 86_400_000;

/**
 * The states, with a second reading of those that may have declared a new share since: they were written before it was
 * created, or the engine was creating shares. A state that cannot be read again stays as it is.
 */
export async function rereadStates(
  states: readonly LoadedState[],
  results: readonly SessionResult[],
  exportAgain: (name: string) => Promise<LoadedState>,
): Promise<readonly LoadedState[]> {
  const newest = newestUndeclared(states, results);
  if (newest === undefined) return states;
  const reread: LoadedState[] = [];
  let hasFailed = false;
  for (const loaded of states) {
    // After a failure the audit keeps what it has: the next export would probably fail too, and each may take minutes.
    const isStale: boolean = !hasFailed && "state" in loaded && mayHaveChanged(loaded.state, newest);
    const again: LoadedState =
      isStale && loaded.exportedAs !== undefined ? await exportAgain(loaded.exportedAs) : loaded;
    hasFailed ||= isStale && "problem" in again;
    reread.push("state" in again ? again : loaded);
  }
  return reread;
}

function mayHaveChanged(
  { writtenAt = -Infinity, pendingCreates }: Extract<LoadedState, { state: unknown }>["state"],
  newest: number,
): boolean {
  return pendingCreates.length > 0 || writtenAt < newest;
}

/**
 * When the newest live share that no state declares was created. One that is older than a day is not of a run that is under
 * way, and reading every older state again would make each audit with such a finding take twice as long.
 */
function newestUndeclared(states: readonly LoadedState[], results: readonly SessionResult[]): number | undefined {
  const shares = states.flatMap((loaded) => ("state" in loaded ? loaded.state.shares : []));
  const declared = new Set(shares.map(({ sessionId, fingerprint }) => shareId(sessionId, fingerprint)));
  const created = results.flatMap((result) => {
    if (result.outcome !== "answered") return [];
    return result.shares
      .filter(({ fingerprint, removed, to = Infinity }) => fingerprint !== undefined && !removed && to > result.now)
      .filter(({ fingerprint = "" }) => !declared.has(shareId(result.sessionId, fingerprint)))
      .map(({ createdAt, since }) => millisecondsOf(createdAt) ?? since ?? -Infinity)
      .filter((time) => time > result.now - day);
  });
  return created.length === 0 ? undefined : created.reduce((newest, time) => Math.max(newest, time));
}
