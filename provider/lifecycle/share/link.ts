// The link that a vendor opens: a credential, as a path and as a URL. The link that the appliance lists is not trusted.
import type { Settings } from "../settings";
import type { RecordedShare } from "./window";

/** The path as Fudo's API page documents it. */
export function documentedLink(sessionId: string, key: string): string {
  return `/sessions/${sessionId}/?key=${encodeURIComponent(key.toWellFormed())}`;
}

/** The listed link if it is a plain path of the appliance's own origin, else `known`. */
export function linkOf(listed: string | undefined, known: string): string {
  return listed !== undefined && isPath(listed) ? listed : known;
}

/** The link on the origin of `publicUrl`, else of `url`. The recorded URL where neither is set or there is no link. */
export function publicUrlOf(share: RecordedShare, settings: Settings): string | undefined {
  const origin = settings.publicUrl ?? settings.url;
  return origin === undefined || share.link === undefined ? share.url : origin + share.link;
}

function isPath(link: string): boolean {
  if (link.length > 2048 || !/^\/[\x21-\x7e]*$/.test(link) || /^\/[/\\]/.test(link)) return false;
  const base = "https://appliance.invalid";
  return URL.canParse(link, base) && new URL(link, base).origin === base;
}
