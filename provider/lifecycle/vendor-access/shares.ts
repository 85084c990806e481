// The shares of the component VendorAccess: of which sessions, their names and labels, and where the state has them so far.
import { FudoError } from "../../client/errors";
import { shownName } from "../did-you-mean";
import { isPlainObject } from "../share/inputs";

interface Found {
  readonly sessions: readonly { readonly id: string }[];
  readonly complete: boolean;
}

/** The IDs of the sessions that `getSessions` found. Throws if it found none, or if there may be more. */
export function foundSessions({ sessions, complete }: Found): string[] {
  if (!complete)
    throw new FudoError(
      "protocol",
      "the appliance's list of sessions is incomplete (see the warning), so a session may be missing. Run the command again",
    );
  if (sessions.length === 0)
    throw new FudoError(
      "not-found",
      "no session matches the filters in sessions. Change the filters, or use sessionIds",
    );
  return sessions.map(({ id }) => id);
}

/** The name of the resource that shares this session. */
export function shareName(component: string, sessionId: string): string {
  return `${component}-${sessionId}`;
}

/** The labels of each share. Labels that are no map are left to the check of the share. */
export function withVendor(labels: unknown, vendor: unknown): unknown {
  if (labels === undefined || labels === null) return { vendor };
  return isPlainObject(labels) ? { vendor, ...labels } : labels;
}

/** Where the state has a share so far. A name stands for a resource without a parent. */
export type ShareAlias = { readonly urn: string } | { readonly name: string };

/**
 * The aliases by session. Throws for a session that the component does not share, because a misspelled ID would mean a new
 * link.
 */
export function aliasesOf(aliases: unknown, sessionIds: readonly string[]): ReadonlyMap<string, ShareAlias> {
  const entries = Object.entries((aliases ?? {}) as Record<string, string>);
  const others = entries.map(([sessionId]) => sessionId).filter((sessionId) => !sessionIds.includes(sessionId));
  if (others.length > 0) {
    const shown = others.map(shownName).join(", ");
    throw new FudoError("rejected", `aliases names sessions that the component does not share: ${shown}`);
  }
  return new Map(
    entries.map(([sessionId, text]) => [sessionId, text.startsWith("urn:pulumi:") ? { urn: text } : { name: text }]),
  );
}
