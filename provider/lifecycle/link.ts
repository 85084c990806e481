// The link that a vendor opens. A credential in both of its forms; what the appliance sends as link is untrusted.
import type { Settings } from "./settings";
import type { RecordedShare } from "./window";

/** The appliance's link where it is a plain path of its own origin, else the path as the vendor's page documents it. */
export function linkOf(listed: string | undefined, sessionId: string, key: string): string {
  return listed !== undefined && isPath(listed) ? listed : `/sessions/${sessionId}/?key=${encodeURIComponent(key.toWellFormed())}`;
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
