// What a list shows of what is there: ended, scheduled and revoked shares, lost rights, lagging replicas, order and
// number, as the switches have it. Changes nothing but the session's count of lists.
import { Refusal } from "../http/response";
import type { Appliance } from "./appliance";
import type { Moment, Session, Share } from "./records";

/** The sessions this API user may see, oldest first. */
export function visibleSessions({ sessions, unseen }: Appliance): Session[] {
  return [...sessions.values()].filter((session) => !session.removed && !hidden(session, unseen));
}

/** A session to share; a Refusal when there is none, or it may not be seen. */
export function sessionToShare(appliance: Appliance, id: string): Session {
  const found = lookUp(appliance, id);
  if (typeof found === "string") throw refusal(appliance, found);
  return found;
}

/** The shares that a list of this session shows now; a Refusal where the switches want one. */
export function visibleShares(appliance: Appliance, id: string): Share[] {
  const { switches, random } = appliance;
  const session = lookUp(appliance, id);
  if (typeof session === "string") {
    if (switches[session] === "empty") return [];
    throw refusal(appliance, session);
  }
  const shown = [...session.shares.values()].filter((share) => showsShare(appliance, session, share));
  session.lists++;
  if (switches.listOrder === "newest") shown.reverse();
  const ordered = switches.listOrder === "shuffled" ? random.shuffled(shown) : shown;
  return switches.shareLimit > 0 ? ordered.slice(0, switches.shareLimit) : ordered;
}

/** Whether a list asked now may tell of the revocation: it happened, and every replica knows. */
export function knownRevoked(appliance: Appliance, session: Session, share: Share): boolean {
  return share.revoked !== undefined && replicated(appliance, session, share.revoked);
}

function showsShare(appliance: Appliance, session: Session, share: Share): boolean {
  const { switches, unseen, clock } = appliance;
  const now = clock.now();
  if (unseen.has(share.userId) || unseen.has(share.key)) return false;
  if (switches.endedShares === "hidden" && share.validTo.ms <= now) return false;
  if (switches.scheduledShares === "hidden" && share.validSince.ms > now) return false;
  if (switches.removedShares === "hidden" && knownRevoked(appliance, session, share)) return false;
  return replicated(appliance, session, share.born);
}

function replicated({ switches, clock }: Appliance, session: Session, since: Moment): boolean {
  return session.lists - since.lists >= switches.lagRequests && clock.source() - since.ms >= switches.lagMilliseconds;
}

function hidden(session: Session, unseen: ReadonlySet<string>): boolean {
  const { user_id } = session.attributes;
  return unseen.has(session.id) || (typeof user_id === "string" && unseen.has(user_id));
}

function lookUp({ sessions, unseen }: Appliance, id: string): Session | "unknownSession" | "unseenSession" {
  const session = sessions.get(id);
  if (session === undefined || session.removed) return "unknownSession";
  return hidden(session, unseen) ? "unseenSession" : session;
}

function refusal({ switches }: Appliance, why: "unknownSession" | "unseenSession"): Refusal {
  if (why === "unseenSession" && switches.unseenSession !== "404")
    return new Refusal(403, "The session-view right is missing.");
  return new Refusal(404, "Session not found.");
}
