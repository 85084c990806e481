// The link that a vendor opens. A credential in both of its forms; what the appliance sends as link is untrusted.
import type { Settings } from "../settings";
import type { RecordedShare } from "./window";

/** The path as the vendor's page documents it. */
export function documentedLink(sessionId: string, key: string): string {
  return `/sessions/${sessionId}/?key=${encodeURIComponent(key.toWellFormed())}`;
}

/** The appliance's link where it is a plain path of its own origin; else what is known without it. */
export function linkOf(listed: string | undefined, known: string): string {
  return listed !== undefined && isPath(listed) ? listed : known;
}

/** `publicUrl`, else the origin of `url`, and the link; what is recorded where neither is set or there is no link. */
export function publicUrlOf(share: RecordedShare, settings: Settings): string | undefined {
  const origin = settings.publicUrl ?? settings.url;
  return origin === undefined || share.link === undefined ? share.url : origin + share.link;
}

function isPath(link: string): boolean {
  if (link.length > 2048 || !/^\/[\x21-\x7e]*$/.test(link) || /^\/[/\\]/.test(link)) return false;
  const base = "https://appliance.invalid";
  return URL.canParse(link, base) && new URL(link, base).origin === base;
}
