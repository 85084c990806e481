// What a session's list shows, in one sentence: the answer to an ID that the list does not show.
import { summarizeShares, type SessionShareSummary } from "../functions/session-shares";
import type { ValidList } from "../run/share-lists";
import { instantText } from "../share/times";
import { millisecondsOf } from "../share/window";

const maxShares = 10;
const liveFirst = ["active", "scheduled", "expired", "removed"];

/** `The list shows 2 shares: 0123456789abcdef (active, 2026-03-02 11:00 UTC to 2026-03-02 19:00 UTC), …` */
export function listedSharesText({ shares, applianceTime }: ValidList): string {
  const known = summarizeShares(shares, applianceTime).filter(({ fingerprint }) => fingerprint !== undefined);
  if (known.length === 0) return "The list shows no share";
  known.sort((a, b) => liveFirst.indexOf(a.status) - liveFirst.indexOf(b.status));
  const shown = known.slice(0, maxShares).map(summaryText).join(", ");
  const more = known.length > maxShares ? ` and ${known.length - maxShares} more` : "";
  return `The list shows ${known.length === 1 ? "one share" : `${known.length} shares`}: ${shown}${more}`;
}

function summaryText({ fingerprint, status, validSince, validTo }: SessionShareSummary): string {
  const instant = (text: string | undefined) => instantText(millisecondsOf(text) ?? NaN);
  return `${fingerprint} (${status}, ${instant(validSince)} to ${instant(validTo)})`;
}
