// The link that a vendor opens: a credential, as a path and as a URL. The link that the appliance lists is not trusted.
import type { Settings } from "../settings";
import type { RecordedShare } from "./window";

/** The path as Fudo's API page documents it. */
export function documentedLink(sessionId: string, key: string): string {
  return `/sessions/${sessionId}/?key=${encodeURIComponent(key.toWellFormed())}`;
}

/**
 * Whether a listed link can be handed out: a plain path of the appliance's own origin that carries this key and no other.
 * Another share's link under this share's fingerprint would give the wrong vendor access.
 */
export function isOwnLink(link: string, key: string): boolean {
  return isPath(link) && carriesKey(link, key);
}

/** The link on the public origin. `publicUrl` belongs to the configured appliance, so a share of another one keeps its URL. */
export function publicUrlOf(share: RecordedShare, settings: Settings): string | undefined {
  if (share.link === undefined || otherOrigin(share, settings) !== undefined) return share.url;
  const origin = publicOriginOf(share, settings);
  return origin === undefined ? share.url : origin + share.link;
}

/** The origin of the vendor's URL. A sealed share of another appliance keeps the one that its sealed URL has. */
export function publicOriginOf(share: RecordedShare, settings: Settings): string | undefined {
  if (otherOrigin(share, settings) !== undefined) return share.sealedOrigin ?? share.appliance;
  return settings.publicUrl ?? (share.appliance || settings.url);
}

/** The configured origin, if the share was recorded on another one. */
export function otherOrigin({ appliance }: RecordedShare, { url }: Pick<Settings, "url">): string | undefined {
  return appliance && url !== undefined && url !== appliance ? url : undefined;
}

function isPath(link: string): boolean {
  if (link.length > 2048 || !/^\/[\x21-\x7e]*$/.test(link) || /^\/[/\\]/.test(link)) return false;
  const base = "https://appliance.invalid";
  return URL.canParse(link, base) && new URL(link, base).origin === base;
}

const separators = /[/?#&;]/;

// Every part counts, also in the fragment: a link with two keys is another share's link too.
function carriesKey(link: string, key: string): boolean {
  // Appliance: it may list a key with `/` or other separators unencoded.
  const encoded = separators.test(key) ? link.replaceAll(key, encodeURIComponent(key.toWellFormed())) : link;
  const parts = encoded.split(separators).map((part) => ({ part, assigned: /^([^=]*)=(.*)$/.exec(part) }));
  const isKey = (text = "") => text === key || decoded(text) === key;
  const hasOtherKey = parts.some(
    ({ assigned }) => decoded(assigned?.[1] ?? "").toLowerCase() === "key" && !isKey(assigned?.[2]),
  );
  return !hasOtherKey && parts.some(({ part, assigned }) => isKey(part) || isKey(assigned?.[2]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
