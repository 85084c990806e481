// The sentences about links that an interrupted run has left. A message names session and fingerprint, never a credential.
import { FudoError } from "../../client/errors";
import { shareText, whereToRevoke } from "./messages";
import { instantText, untilText } from "./times";

/** A live link of a declaration that nothing manages. */
export interface UnmanagedLink {
  /** `<sessionId>/<fingerprint>`. */
  readonly id: string;
  /** Milliseconds by the appliance's clock; the start of the window where the list shows no creation. */
  readonly createdAt: number;
  readonly end: number;
}

const mostNamed = 5;

/** A warning before the POST: the next link doubles these. */
export function unmanagedLinks(links: readonly UnmanagedLink[], now: number): string {
  return (
    `a live link of this declaration is not managed by this run (an interrupted, destroyed or replaced one, or another ` +
    `stack of the same name): ${namesOf(links, now)}. This run creates a new link. To revoke the old one: ${whereToRevoke}.`
  );
}

/** A warning of each takeover. */
export function takenOver(link: UnmanagedLink, others: readonly UnmanagedLink[], now: number): string {
  const rest =
    others.length === 0 ? "" : ` Other live links of this declaration stay unmanaged: ${namesOf(others, now)}.`;
  return (
    `${shareText(link.id)} was taken over (FUDO_RECOVER): this stack now manages it, and no new share was created. ` +
    `The link works until ${untilText(link.end, now)}.${rest}`
  );
}

/** Why `FUDO_RECOVER=true` does not create a share. */
export function recoverRefused(sessionId: string, why: string): FudoError {
  return new FudoError(
    "refused",
    `session ${sessionId}: FUDO_RECOVER=true creates no share here, because ${why}. To take over a link, run once with ` +
      "FUDO_RECOVER=<fingerprint>[,…]. To create a new one, run without FUDO_RECOVER.",
  );
}

export function namesOf(links: readonly UnmanagedLink[], now: number): string {
  const names = links
    .slice(0, mostNamed)
    .map(
      ({ id, createdAt, end }) =>
        `${shareText(id)} (created ${instantText(createdAt)}, works until ${untilText(end, now)})`,
    );
  const more = links.length - names.length;
  return `${names.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}
