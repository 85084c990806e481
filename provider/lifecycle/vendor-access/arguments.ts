// The arguments of the component VendorAccess: their checks, and which sessions they name.
import { FudoError, isFudoError } from "../../client/errors";
import { didYouMean, shownName } from "../did-you-mean";
import { checkSessionQuery, isFilter, type SessionQuery } from "../functions/session-arguments";
import { isPlainObject, parseInputs } from "../share/inputs";
import { holdsUnknown, unknown } from "../share/unknown";

/** Inputs that each share gets unchanged. */
export const shareInputs = ["validSince", "validTo", "duration", "readonly", "deletionPolicy", "recipients"] as const;

const accessInputs = ["vendor", "sessionIds", "sessions", "labels", "aliases", ...shareInputs];

/** What a program passes: any value may be missing, not known yet (`unknown`) or of any type. */
export type RawAccess = Readonly<Record<string, unknown>>;

/** Which sessions the component shares. */
export type SharedSessions = { readonly ids: readonly string[] } | { readonly query: SessionQuery };

/**
 * The sessions, or `undefined` where a preview cannot know them. Throws `rejected` with all mistakes. What each share gets
 * unchanged is checked with the share.
 */
export function checkAccess(args: RawAccess): SharedSessions | undefined {
  const { vendor, aliases } = args;
  const { sessions, reasons: sessionReasons } = sessionsOf(args);
  const reasons = [...unknownInputs(args), ...sessionReasons];
  if (vendor !== unknown && !isName(vendor))
    reasons.push("vendor must be the vendor's name: text of at most 200 characters on one line");
  if (!isAliases(aliases)) reasons.push(aliasRule);
  if (reasons.length > 0) throw new FudoError("rejected", reasons.join("; "));
  return holdsUnknown(aliases) ? undefined : sessions;
}

function unknownInputs(args: RawAccess): string[] {
  const others = Object.keys(args).filter((name) => args[name] !== undefined && !accessInputs.includes(name));
  return others.map((name) => `there is no input named ${shownName(name)}${didYouMean(name, accessInputs)}`);
}

interface Checked {
  readonly sessions: SharedSessions | undefined;
  readonly reasons: readonly string[];
}

function sessionsOf({ sessionIds, sessions }: RawAccess): Checked {
  const hasIds = sessionIds !== undefined && sessionIds !== null;
  const hasQuery = sessions !== undefined && sessions !== null;
  if (hasIds === hasQuery) return wrong("set exactly one of sessionIds and sessions");
  if (holdsUnknown(hasIds ? sessionIds : sessions)) return { sessions: undefined, reasons: [] };
  return hasIds ? idsOf(sessionIds) : queryOf(sessions);
}

function idsOf(sessionIds: unknown): Checked {
  if (!Array.isArray(sessionIds) || sessionIds.length === 0)
    return wrong("sessionIds must be a list with at least one session ID");
  const reasons = sessionIds.flatMap((sessionId: unknown) =>
    parseInputs({ sessionId: sessionId ?? "" }).failures.map(({ reason }) =>
      reason.replace(/^sessionId:/, "each of sessionIds"),
    ),
  );
  return { sessions: { ids: [...new Set(sessionIds as string[])] }, reasons: [...new Set(reasons)] };
}

function queryOf(sessions: unknown): Checked {
  if (!isPlainObject(sessions) || !hasFilter(sessions))
    return wrong('sessions must have a filter of getSessions, for example { serverName: "db-01" }');
  try {
    return { sessions: { query: checkSessionQuery("sessions", sessions) }, reasons: [] };
  } catch (error) {
    if (!isFudoError(error)) throw error;
    return wrong(error.message);
  }
}

/** Without a filter, the vendor would get every session of the appliance. */
function hasFilter(sessions: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(sessions).some(([name, value]) => value !== undefined && isFilter(name));
}

function wrong(reason: string): Checked {
  return { sessions: undefined, reasons: [reason] };
}

function isName(value: unknown): boolean {
  if (typeof value !== "string" || value.trim() === "" || value.length > 200) return false;
  return value.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value);
}

const aliasRule =
  "aliases must have a session ID as each name, and as its value the name or the URN of a SessionShare of this stack";

function isAliases(aliases: unknown): boolean {
  if (aliases === undefined || aliases === null || aliases === unknown) return true;
  return isPlainObject(aliases) && Object.values(aliases).every((value) => value === unknown || isText(value));
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
