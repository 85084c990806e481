// The errors of getSession: no session matches, or several do. They say what to add or to change.
import { FudoError } from "../../client/errors";
import { printable } from "../../client/redact/redact";
import { instantText } from "../share/times";
import { millisecondsOf } from "../share/window";
import type { SessionQuery } from "./session-arguments";
import type { SessionSummary } from "./sessions";

export function noSessionError(query: SessionQuery, visible: number): FudoError {
  if (visible === 0) {
    const advice = "Check in the admin panel that the user of the API key may view sessions";
    return new FudoError("not-found", `getSession: the appliance lists no session to this API user. ${advice}`);
  }
  const seen = visible === 1 ? "1 session" : `${visible} sessions`;
  const advice = "Change or remove an argument; getSessions without arguments lists all of them";
  const problem = `no session matches${filterText(query)} (this API user sees ${seen})`;
  return new FudoError("not-found", `getSession: ${problem}. ${advice}`);
}

const maxCandidates = 10;

/** Names the candidates, newest first, one on each line, and the arguments that tell them apart. */
export function severalSessionsError(query: SessionQuery, candidates: readonly SessionSummary[]): FudoError {
  const lines = candidates.slice(0, maxCandidates).map((candidate) => `\n- ${candidateText(candidate)}`);
  const hidden = candidates.length - lines.length;
  const more = hidden > 0 ? `\n- and ${hidden} more` : "";
  const names = new Intl.ListFormat("en", { type: "disjunction" }).format(distinguishingArguments(query, candidates));
  const advice = names === "" ? "Set sessionId to one of these IDs" : `Add ${names} to select one of them`;
  return new FudoError(
    "rejected",
    `getSession: ${candidates.length} sessions match${filterText(query)}. ${advice}, or limit: 1 for the newest:${lines.join("")}${more}`,
  );
}

const kinds = ["server", "account", "user"] as const;
const filterNames = [
  "serverName",
  "serverId",
  "accountName",
  "accountId",
  "userName",
  "userId",
  "safeId",
  "protocol",
  "live",
] as const;

/** ` serverName "db-01", live true`; nothing without a filter. */
function filterText(query: SessionQuery): string {
  const texts = filterNames.flatMap((name) => {
    const value = query[name];
    if (value === undefined) return [];
    return [`${name} ${typeof value === "string" ? `"${printable(value, 80)}"` : value}`];
  });
  return texts.length === 0 ? "" : ` ${texts.join(", ")}`;
}

/** The arguments whose values differ between the candidates: by name where that tells them apart, else by ID. */
function distinguishingArguments(query: SessionQuery, candidates: readonly SessionSummary[]): string[] {
  const values = (name: (typeof filterNames)[number]) => candidates.map((candidate) => candidate[name]);
  const differs = (name: (typeof filterNames)[number]) => query[name] === undefined && new Set(values(name)).size > 1;
  const objects = kinds.flatMap((kind) => {
    const isNamed = !values(`${kind}Name`).includes(undefined);
    return isNamed && differs(`${kind}Name`) ? [`${kind}Name`] : [`${kind}Id` as const].filter(differs);
  });
  return [...objects, ...(["safeId", "protocol", "live"] as const).filter(differs)];
}

/** `4665729213955833858: rdp, server ts-01, account 11, user ACME, started 2026-03-02 11:00 UTC, live`. */
function candidateText(session: SessionSummary): string {
  const { id, live, protocol, startedAt, finishedAt } = session;
  const objects = kinds.flatMap((kind) => {
    const [name, objectId] = [session[`${kind}Name`], session[`${kind}Id`]];
    return name === undefined && objectId === undefined
      ? []
      : [`${kind} ${name === undefined ? objectId : printable(name, 80)}`];
  });
  const instant = (text: string) => instantText(millisecondsOf(text) ?? NaN);
  const parts = [
    protocol,
    ...objects,
    startedAt && `started ${instant(startedAt)}`,
    live ? "live" : `finished${finishedAt === undefined ? "" : ` ${instant(finishedAt)}`}`,
  ];
  return `${id}: ${parts.filter(Boolean).join(", ")}`;
}
