// What a POST may ask: the body of a new share judged by the documented attributes, and by the switches where the vendor
// is silent. Knows nothing of HTTP but the text of the body.
import { Refusal } from "../http/response";
import { defaultUser, type Appliance } from "./appliance";
import { finished, type Session, type Share } from "./records";
import { coarsened, type Instant, parseDocumented, parseIso } from "./times";

interface Window {
  validSince: Instant;
  validTo: Instant;
}

/** Makes the share that the body asks for, or throws a Refusal. */
export function grant(appliance: Appliance, session: Session, bodyText: string, userId: string = defaultUser): Share {
  const { switches } = appliance;
  const body = parsedBody(bodyText);
  if (switches.extraAttributes === "refused") refuseExtras(body, session.id);
  if (switches.finishedSessions === "refused" && finished(session)) throw new Refusal(400, "The session is finished.");
  const asked = { validSince: time(appliance, body, "valid_since"), validTo: time(appliance, body, "valid_to") };
  const readonly = required(body, "readonly");
  if (typeof readonly !== "boolean") throw new Refusal(400, "readonly: not a boolean.");
  refuseWindow(appliance, asked);
  const window = stored(appliance, asked);
  if (switches.identicalShares === "refused") refuseIdentical(session, window, readonly);
  return appliance.addShare(session, window, readonly, { userId });
}

/** The window as it is kept: cut to the appliance's grain, and to its longest where it caps. */
export function stored({ switches }: Appliance, { validSince, validTo }: Window): Window {
  const cap = validSince.ms + switches.longestWindow * 1000;
  const capped = switches.longestWindow > 0 && validTo.ms > cap ? { ...validSince, ms: cap } : validTo;
  return {
    validSince: coarsened(validSince, switches.storedWindows),
    validTo: coarsened(capped, switches.storedWindows),
  };
}

function parsedBody(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, "The request body is not JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new Refusal(400, "The request body is not an object.");
  return body as Record<string, unknown>;
}

function refuseExtras(body: Record<string, unknown>, sessionId: string): void {
  const settable = ["valid_since", "valid_to", "readonly"];
  for (const name of Object.keys(body)) {
    // Appliance: session_id is documented as required and immutable, yet the sample leaves it to the path; both are taken.
    if (!settable.includes(name) && !(name === "session_id" && body[name] === sessionId))
      throw new Refusal(400, "An attribute cannot be set.");
  }
}

function required(body: Record<string, unknown>, name: string): unknown {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined || value === null) throw new Refusal(400, `${name}: required.`);
  return value;
}

function time({ switches }: Appliance, body: Record<string, unknown>, name: string): Instant {
  const value = required(body, name);
  const parse = switches.inputTimes === "lenient" ? parseIso : parseDocumented;
  const instant = typeof value === "string" ? parse(value) : undefined;
  if (instant === undefined) throw new Refusal(400, `${name}: not in the form YYYY-MM-DDTHH:MM:SS.sssZ.`);
  return instant;
}

function refuseWindow({ switches, clock }: Appliance, { validSince, validTo }: Window): void {
  const now = clock.now();
  const length = validTo.ms - validSince.ms + (validTo.micros - validSince.micros) / 1000;
  if (switches.reversedWindow === "refused" && length <= 0) throw new Refusal(400, "valid_to: not after valid_since.");
  if (switches.pastValidSince === "refused" && validSince.ms < now) throw new Refusal(400, "valid_since: in the past.");
  if (switches.pastValidTo === "refused" && validTo.ms <= now) throw new Refusal(400, "valid_to: in the past.");
  const tooLong = switches.longestWindow > 0 && length > switches.longestWindow * 1000;
  if (tooLong && switches.overlongWindow === "refused") throw new Refusal(400, "valid_to: the window is too long.");
}

function refuseIdentical(session: Session, window: Window, readonly: boolean): void {
  const same = (one: Instant, other: Instant) => one.ms === other.ms && one.micros === other.micros;
  for (const share of session.shares.values()) {
    const twin =
      share.readonly === readonly && same(share.validSince, window.validSince) && same(share.validTo, window.validTo);
    if (twin && share.revoked === undefined) throw new Refusal(409, "There is such a share already.");
  }
}
