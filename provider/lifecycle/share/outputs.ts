// Builds what the state keeps of a share from what the program requested and what the appliance listed. JSON-clean: an
// absent output is left out, never `undefined` (the engine would fail after the share was created).
import { fingerprintOf } from "../../client/fingerprint";
import type { Share } from "../../client/api";
import { formatMicroseconds, formatMilliseconds, parseInstant } from "../../time/instants";
import type { Settings } from "../settings";
import { foreignIdShape, stateOnlyInputs, type secretOutputs } from "./id";
import type { RawInputs } from "./inputs";
import { documentedLink, isOwnLink, publicOriginOf, publicUrlOf } from "./link";
import type { SessionShareInputs, SessionShareOutputs } from "./schema";
import { millisecondsOf, minute, type RecordedShare, type RequestedWindow } from "./window";

/** A share whose credentials are known. */
export type OpenShare = SessionShareOutputs & Readonly<Record<(typeof secretOutputs)[number], string>>;

/** Outputs of a share that this stack manages. `listed` is absent while no list has shown the share. */
export function outputsOf(
  inputs: SessionShareInputs,
  window: Pick<RequestedWindow, "since" | "to">,
  key: string,
  listed: Share | undefined,
  settings: Settings,
): OpenShare {
  const requested: SessionShareOutputs = {
    ...inputs,
    validSince: formatMilliseconds(window.since),
    validTo: formatMilliseconds(window.to),
    fingerprint: fingerprintOf(key),
    appliance: settings.url ?? "",
  };
  return opened(withListed(requested, listed), key, listed, settings);
}

/** The outputs with the credentials that this key makes: the listed link if it is the share's own, else the documented one. */
export function opened(
  outputs: SessionShareOutputs,
  key: string,
  listed: Share | undefined,
  settings: Settings,
): OpenShare {
  const link = linkOf(listed, outputs.sessionId, key, outputs.link);
  const withLink = { ...outputs, key, link };
  return { ...withLink, url: publicUrlOf(withLink, settings) ?? (publicOriginOf(outputs, settings) ?? "") + link };
}

/** The recorded outputs with everything that the appliance says about the share now. */
export function withListed(outputs: SessionShareOutputs, listed: Share | undefined): SessionShareOutputs {
  if (listed === undefined) return clean(outputs);
  return clean({
    ...outputs,
    grantedSince: grantedIfDifferent(outputs.validSince, listed.validSince, outputs.grantedSince),
    grantedTo: grantedIfDifferent(outputs.validTo, listed.validTo, outputs.grantedTo),
    createdAt: finiteInstant(listed.createdAt) ?? outputs.createdAt,
    modifiedAt: finiteInstant(listed.modifiedAt) ?? outputs.modifiedAt,
    removed: listed.removed ? true : undefined,
    missing: undefined,
    reactivated: isReactivated(outputs, listed) ? true : undefined,
    userId: foreignId(listed.userId) ?? outputs.userId,
    shareId: foreignId(listed.id) ?? outputs.shareId,
  });
}

/** The recorded outputs of a share that should be in its session's list and is not. */
export function withMissing(outputs: SessionShareOutputs): SessionShareOutputs {
  return clean({ ...outputs, missing: true as const, reactivated: undefined });
}

// A refresh is a routine command and no decision: what it finds stays recorded until a person accepts it (`withInputs`).
function isReactivated(outputs: SessionShareOutputs, listed: Share): boolean {
  return !listed.removed && [outputs.removed, outputs.missing, outputs.reactivated].includes(true);
}

/**
 * The listed link if it is this share's own, else the documented one. Appliance: `link` is documented as expensive, so a list
 * may leave it out; then the recorded one stays.
 */
export function linkOf(listed: Share | undefined, sessionId: string, key: string, recorded?: string): string {
  const link = listed?.link ?? recorded;
  return link !== undefined && isOwnLink(link, key) ? link : documentedLink(sessionId, key);
}

/** The recorded outputs with the state-only inputs of the program: what an update changes. */
export function withInputs(outputs: RecordedShare, news: RawInputs, settings: Settings): SessionShareOutputs {
  const stateOnly = Object.fromEntries([...stateOnlyInputs, "duration"].map((name) => [name, news[name]]));
  const reactivated = accepts(outputs, news) ? undefined : outputs.reactivated;
  const url = publicUrlOf(outputs, settings);
  return clean({ ...outputs, ...stateOnly, reactivated, url }) as SessionShareOutputs;
}

// Only a changed `adopt` is a decision. A share that was adopted long ago has this value already, and an update of its labels
// accepts nothing.
function accepts({ adopt, fingerprint }: RecordedShare, news: RawInputs): boolean {
  return fingerprint !== undefined && news["adopt"] === fingerprint && adopt !== fingerprint;
}

function finiteInstant(text: string | undefined): string | undefined {
  const parsed = text === undefined ? undefined : parseInstant(text);
  return parsed !== undefined && Number.isFinite(parsed.epochMs) ? formatMicroseconds(parsed) : undefined;
}

function grantedIfDifferent(
  requested: string,
  listed: string | undefined,
  before: string | undefined,
): string | undefined {
  if (listed === undefined) return before;
  const granted = millisecondsOf(listed);
  if (granted === undefined || Math.abs(granted - (millisecondsOf(requested) ?? granted)) < minute) return undefined;
  return Number.isFinite(granted) ? formatMilliseconds(granted) : granted > 0 ? "infinity" : "-infinity";
}

// The state holds it in the clear and the engine prints it unchanged: anything that is not a plain ID is left out.
function foreignId(id: string | undefined): string | undefined {
  return id !== undefined && foreignIdShape.test(id) ? id : undefined;
}

export function clean<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
