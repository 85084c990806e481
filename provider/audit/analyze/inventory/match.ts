// Puts together what the states, the appliance's lists and the earlier report contain about each share. Pure.
import { shareId } from "../../../lifecycle";
import type { SessionResult } from "../../collect/appliance-shares";
import type { PreviousReport } from "../../collect/previous-report";
import type { DeclaredShare } from "../../collect/stack-state";
import { isValidList, type MatchedShare } from "./status-rules";

export interface ShareSources {
  readonly declared: readonly DeclaredShare[];
  readonly results: readonly SessionResult[];
  readonly previous: PreviousReport | undefined;
}

/** One match for each share. `results` has the result of each session. */
export function matchShares(sources: ShareSources, results: ReadonlyMap<string, SessionResult>): MatchedShare[] {
  const matched = new Map<string, MatchedShare>();
  const withoutKey: MatchedShare[] = [];
  const shareOf = (sessionId: string, fingerprint: string) => {
    const id = shareId(sessionId, fingerprint);
    const share = matched.get(id) ?? { sessionId, fingerprint, declared: [] };
    matched.set(id, share);
    return share;
  };
  for (const share of sources.declared) shareOf(share.sessionId, share.fingerprint).declared.push(share);
  for (const previous of sources.previous?.shares ?? []) {
    const { sessionId, fingerprint } = previous;
    if (fingerprint !== undefined) shareOf(sessionId, fingerprint).previous = previous;
    else if (!replacesKeyless(results.get(sessionId))) withoutKey.push({ sessionId, declared: [], previous });
  }
  for (const result of sources.results) {
    for (const listed of result.outcome === "answered" ? result.shares : []) {
      if (listed.fingerprint === undefined) withoutKey.push({ sessionId: result.sessionId, declared: [], listed });
      else shareOf(result.sessionId, listed.fingerprint).listed = listed;
    }
  }
  return [...matched.values(), ...withoutKey];
}

/** A share without a key cannot be found again. A newer list replaces all of its session, if it shows the whole session. */
function replacesKeyless(result: SessionResult | undefined): boolean {
  const shows = result?.outcome === "answered" && result.shares.some(({ fingerprint }) => fingerprint === undefined);
  return shows || isValidList(result);
}
