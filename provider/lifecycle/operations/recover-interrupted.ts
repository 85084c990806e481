// Recovers shares of interrupted runs: finds live links of a declaration that nothing manages. A normal run names them before
// its POST doubles them. With FUDO_RECOVER it takes one over instead of a POST.
import type { Share } from "../../client/api";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { RecoverFlag } from "../run/run-flags";
import type { ValidList } from "../run/share-lists";
import { fingerprintOf } from "../../client/fingerprint";
import { tagMatch } from "../share/declaration-tag";
import { shareId } from "../share/id";
import type { Declaration } from "../share/inputs";
import { namesOf, recoverRefused, takenOver, unmanagedLinks, type UnmanagedLink } from "../share/recovery-messages";
import { mayBeRemoved } from "../share/status";
import { lengthOf, millisecondsOf, minute, type RequestedWindow } from "../share/window";
import { mismatchOf } from "./adopt";

/** A listed share that this declaration now manages, with the window that the list shows. */
export interface TakenOverShare {
  readonly listed: Share & { readonly key: string };
  readonly window: RequestedWindow;
}

/** A live, unmanaged entry of the list with everything that a judgement needs. */
interface Unmanaged extends UnmanagedLink {
  readonly listed: Share & { readonly key: string };
  readonly since: number;
  /** Milliseconds by this machine's clock, as the start of a window is. */
  readonly created: number | undefined;
}

const day = 24 * 60 * minute;
/** A start lies up to a minute before the create, and a POST that gets 429 is retried for two minutes more. */
const creationTolerance = 4 * minute;

/**
 * The share to take over instead of a POST; `undefined` where the POST follows. Throws `refused` where `FUDO_RECOVER=true`
 * cannot know that no link of the declaration is left.
 */
export function recoverInterrupted(
  declaration: Declaration,
  window: RequestedWindow,
  list: ValidList,
  run: RunContext,
  call: CallContext,
): TakenOverShare | undefined {
  const { sessionId } = declaration.inputs;
  const unmanaged = unmanagedEntries(sessionId, list, run);
  const tagged = unmanaged.filter((entry) => hasTag(entry, declaration, "exact"));
  const chosen =
    run.recover === "newest"
      ? newestCandidate(declaration, window, list, unmanaged, tagged)
      : namedCandidate(declaration, unmanaged, tagged, run.recover);
  if (chosen !== undefined) return manage(chosen, declaration, tagged, list, run, call);
  if (tagged.length > 0) call.warn(`session ${sessionId}: ${unmanagedLinks(tagged, list.applianceTime)}`);
  return undefined;
}

/** Entries that are live, whose window and mode can be read, and that nothing in this process manages or has met. */
function unmanagedEntries(sessionId: string, list: ValidList, { known, lists }: RunContext): Unmanaged[] {
  return list.shares.flatMap((listed) => {
    const [since, end] = [millisecondsOf(listed.validSince), millisecondsOf(listed.validTo)];
    const { key, readonly } = listed;
    if (key === undefined || readonly === undefined || since === undefined || end === undefined) return [];
    if (mayBeRemoved(listed) || end <= list.applianceTime) return [];
    const id = shareId(sessionId, fingerprintOf(key));
    if (known.hasMet(id) || known.isTakenOver(id) || lists.isManaged(sessionId, key)) return [];
    const createdAt = millisecondsOf(listed.createdAt);
    const created = createdAt === undefined ? undefined : createdAt - (list.skew ?? 0);
    return [{ id, listed: { ...listed, key }, since, end, created, createdAt: createdAt ?? since }];
  });
}

/** The start carries the tag, and the share was created about then. A declared start carries no tag. */
function hasTag({ since, created }: Unmanaged, { inputs, tag }: Declaration, precision: "exact" | "coarse"): boolean {
  if (tag === undefined || inputs.validSince !== undefined) return false;
  const isCreatedThen = created === undefined || Math.abs(created - since) <= creationTolerance;
  return tagMatch(since, tag) === precision && isCreatedThen;
}

/** Mode and window are what this declaration requests, or the appliance has capped the window. */
function isCandidate({ listed, since, end }: Unmanaged, { inputs }: Declaration): boolean {
  if (listed.readonly !== inputs.readonly) return false;
  const length = lengthOf(inputs.duration);
  if (length === undefined) return end === millisecondsOf(inputs.validTo);
  const listedLength = end - since;
  // A capped window ends a whole number of seconds after its start. A shorter `duration` of an earlier declaration counts from
  // the moment of its create, so its window does not: that link is not what this declaration requests.
  const isCapped = listedLength < length && listedLength % 1000 === 0;
  return isCapped || (listedLength >= length && listedLength < length + minute);
}

/** For FUDO_RECOVER=true. Throws `refused` where a link of the declaration may be left that cannot be told apart. */
function newestCandidate(
  declaration: Declaration,
  window: RequestedWindow,
  list: ValidList,
  unmanaged: readonly Unmanaged[],
  tagged: readonly Unmanaged[],
): Unmanaged | undefined {
  const { sessionId } = declaration.inputs;
  const refuse = (why: string) => recoverRefused(sessionId, why);
  if (list.shares.some(({ key }) => key === undefined)) {
    throw refuse("an entry of the session's list has no readable key and may be a link of this declaration");
  }
  const candidates = tagged.filter((entry) => isCandidate(entry, declaration));
  const recent = candidates.filter(({ createdAt }) => list.applianceTime - createdAt <= day);
  const [newest] = [...recent].sort((a, b) => b.createdAt - a.createdAt);
  if (newest !== undefined) return newest;
  if (candidates.length > 0) {
    throw refuse(`its live links are older than 24 hours: ${namesOf(candidates, list.applianceTime)}`);
  }
  const similar = unmanaged.filter((entry) => isSimilar(entry, declaration, window));
  if (similar.length > 0) {
    throw refuse(`these live links may be of this declaration: ${namesOf(similar, list.applianceTime)}`);
  }
  const isLater = declaration.inputs.validSince !== undefined && window.since > list.applianceTime;
  if (isLater && !list.shares.some((share) => startsLater(share, list))) {
    throw refuse("the declared start is in the future, and the appliance may hide such shares");
  }
  return undefined;
}

/** Where the list cannot show a tag (a declared start, coarse storage): the same mode and window, or mode and length. */
function isSimilar(entry: Unmanaged, declaration: Declaration, window: RequestedWindow): boolean {
  const { listed, since, end } = entry;
  if (listed.readonly !== declaration.inputs.readonly) return false;
  if (!window.generated) return Math.abs(since - window.since) < minute && end < window.to + minute;
  const isSameLength = Math.abs(end - since - (window.to - window.since)) <= 2 * minute;
  return hasTag(entry, declaration, "coarse") && isSameLength;
}

function startsLater({ validSince }: Share, { applianceTime }: ValidList): boolean {
  return (millisecondsOf(validSince) ?? -Infinity) > applianceTime;
}

/** The share that FUDO_RECOVER names, if it matches as for `adopt`. One with this declaration's tag comes first. */
function namedCandidate(
  { inputs }: Declaration,
  unmanaged: readonly Unmanaged[],
  tagged: readonly Unmanaged[],
  recover: Exclude<RecoverFlag, "newest">,
): Unmanaged | undefined {
  if (recover === "off") return undefined;
  const isNamed = ({ listed, since, end }: Unmanaged) =>
    recover.has(fingerprintOf(listed.key)) && mismatchOf(inputs, listed, { since, to: end }) === undefined;
  return tagged.find(isNamed) ?? unmanaged.find(isNamed);
}

/** A declared end stays as declared: diff compares with it, and the two differ by less than a minute. */
function manage(
  entry: Unmanaged,
  { inputs }: Declaration,
  tagged: readonly Unmanaged[],
  list: ValidList,
  { lists, known }: RunContext,
  call: CallContext,
): TakenOverShare {
  const { id, listed, since, end } = entry;
  lists.manage(inputs.sessionId, listed.key);
  known.takeOver(id);
  const others = tagged.filter((other) => other !== entry);
  call.warn(takenOver(entry, others, list.applianceTime));
  const window = { since: millisecondsOf(inputs.validSince) ?? since, to: millisecondsOf(inputs.validTo) ?? end };
  return { listed, window: { ...window, generated: false } };
}
