// Decides which sessions and shares a list shows, and in which order: expired, scheduled and revoked shares, missing
// rights, replication lag. The only state it changes is the session's count of lists.
import { Random } from "../random";
import { ApiError } from "./api-error";
import type { Appliance } from "./appliance";
import type { ObjectKind } from "./named-objects";
import type { ChangeTime, Session, Share } from "./records";

/** The sessions that the API user has the right to see, oldest first. */
export function visibleSessions({ sessions, hiddenIds }: Appliance): Session[] {
  return [...sessions.values()].filter((session) => !session.removed && !isSessionHidden(session, hiddenIds));
}

/** The servers, accounts or users that the API user has the right to see. Throws an ApiError if the flag requires one. */
export function visibleObjects({ behaviour, objects, hiddenIds }: Appliance, kind: ObjectKind): [string, string][] {
  if (behaviour.namedObjects === "403")
    throw new ApiError(403, `The right to read objects of type ${kind} is missing.`);
  if (behaviour.namedObjects === "404") throw new ApiError(404, "Not found.");
  return objects.all(kind).filter(([id]) => !hiddenIds.has(id));
}

/** The session to share. Throws an ApiError if it does not exist, or if the API user has no right to see it. */
export function findSessionForCreate(appliance: Appliance, id: string): Session {
  const found = findSession(appliance, id);
  if (typeof found === "string") throw sessionError(appliance, found);
  return found;
}

/** The shares that a list of this session shows now. Throws an ApiError if the behaviour flags require one. */
export function visibleShares(appliance: Appliance, id: string): Share[] {
  const { behaviour, seed } = appliance;
  const session = findSession(appliance, id);
  if (typeof session === "string") {
    if (behaviour[session] === "empty") return [];
    throw sessionError(appliance, session);
  }
  const shown = [...session.shares.values()].filter((share) => isShareVisible(appliance, session, share));
  session.listCount++;
  if (behaviour.listOrder === "newest") shown.reverse();
  const order = new Random(`${seed} list ${id} ${session.listCount}`);
  const ordered = behaviour.listOrder === "shuffled" ? order.shuffled(shown) : shown;
  return behaviour.shareLimit > 0 ? ordered.slice(0, behaviour.shareLimit) : ordered;
}

/** Whether the share was revoked, and the revocation has reached every replica. */
export function isRevocationVisible(appliance: Appliance, session: Session, share: Share): boolean {
  return share.revocation !== undefined && isReplicated(appliance, session, share.revocation);
}

function isShareVisible(appliance: Appliance, session: Session, share: Share): boolean {
  const { behaviour, hiddenIds, clock } = appliance;
  const now = clock.now();
  if (hiddenIds.has(share.userId) || hiddenIds.has(share.key)) return false;
  if (behaviour.expiredShares === "hidden" && share.validTo.ms <= now) return false;
  if (behaviour.scheduledShares === "hidden" && share.validSince.ms > now) return false;
  if (behaviour.removedShares === "hidden" && isRevocationVisible(appliance, session, share)) return false;
  return isReplicated(appliance, session, share.creation);
}

function isReplicated({ behaviour, clock }: Appliance, session: Session, since: ChangeTime): boolean {
  return (
    session.listCount - since.listCount >= behaviour.lagRequests &&
    clock.source() - since.ms >= behaviour.lagMilliseconds
  );
}

function isSessionHidden(session: Session, hiddenIds: ReadonlySet<string>): boolean {
  const { user_id } = session.attributes;
  return hiddenIds.has(session.id) || (typeof user_id === "string" && hiddenIds.has(user_id));
}

function findSession({ sessions, hiddenIds }: Appliance, id: string): Session | "unknownSession" | "unseenSession" {
  const session = sessions.get(id);
  if (session === undefined || session.removed) return "unknownSession";
  return isSessionHidden(session, hiddenIds) ? "unseenSession" : session;
}

function sessionError({ behaviour }: Appliance, reason: "unknownSession" | "unseenSession"): ApiError {
  if (reason === "unseenSession" && behaviour.unseenSession !== "404")
    return new ApiError(403, "The session-view right is missing.");
  return new ApiError(404, "Session not found.");
}
