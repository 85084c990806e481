// Creates a share from the body of a POST. Checks the documented attributes, and applies the behaviour flags where the
// vendor documents nothing.
import { ApiError } from "./api-error";
import { defaultUser, type Appliance } from "./appliance";
import { isFinished, type Session, type Share } from "./records";
import { type Instant, parseDocumented, parseIso, truncateTo } from "./times";

interface Window {
  validSince: Instant;
  validTo: Instant;
}

/** Creates the share that the body describes. Throws an ApiError if the appliance rejects it. */
export function createShare(
  appliance: Appliance,
  session: Session,
  bodyText: string,
  userId: string = defaultUser,
): Share {
  const { behaviour } = appliance;
  const body = parseBody(bodyText);
  if (behaviour.extraAttributes === "refused") rejectExtraAttributes(body, session.id);
  if (behaviour.finishedSessions === "refused" && isFinished(session))
    throw new ApiError(400, "The session is finished.");
  const requested = {
    validSince: requireTime(appliance, body, "valid_since"),
    validTo: requireTime(appliance, body, "valid_to"),
  };
  const readonly = requireAttribute(body, "readonly");
  if (typeof readonly !== "boolean") throw new ApiError(400, "readonly: not a boolean.");
  checkWindow(appliance, requested);
  const window = toStoredWindow(appliance, requested);
  if (behaviour.identicalShares === "refused") rejectIdenticalShare(session, window, readonly);
  return appliance.addShare(session, window, readonly, { userId });
}

/** The window as the appliance stores it: cut to the window precision, and capped at the longest window. */
function toStoredWindow({ behaviour }: Appliance, { validSince, validTo }: Window): Window {
  const latestEnd = validSince.ms + behaviour.longestWindow * 1000;
  const isCapped = behaviour.longestWindow > 0 && validTo.ms > latestEnd;
  return {
    validSince: truncateTo(validSince, behaviour.storedWindows),
    validTo: truncateTo(isCapped ? { ...validSince, ms: latestEnd } : validTo, behaviour.storedWindows),
  };
}

function parseBody(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError(400, "The request body is not JSON.");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ApiError(400, "The request body is not an object.");
  return body as Record<string, unknown>;
}

function rejectExtraAttributes(body: Record<string, unknown>, sessionId: string): void {
  const writable = ["valid_since", "valid_to", "readonly"];
  for (const name of Object.keys(body)) {
    // Appliance: the vendor's table says that session_id is required, but the sample body omits it. Both are accepted.
    if (!writable.includes(name) && !(name === "session_id" && body[name] === sessionId))
      throw new ApiError(400, "An attribute cannot be set.");
  }
}

function requireAttribute(body: Record<string, unknown>, name: string): unknown {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (value === undefined || value === null) throw new ApiError(400, `${name}: required.`);
  return value;
}

function requireTime({ behaviour }: Appliance, body: Record<string, unknown>, name: string): Instant {
  const value = requireAttribute(body, name);
  const parse = behaviour.inputTimes === "lenient" ? parseIso : parseDocumented;
  const instant = typeof value === "string" ? parse(value) : undefined;
  if (instant === undefined) throw new ApiError(400, `${name}: not in the form YYYY-MM-DDTHH:MM:SS.sssZ.`);
  return instant;
}

function checkWindow({ behaviour, clock }: Appliance, { validSince, validTo }: Window): void {
  const now = clock.now();
  const length = validTo.ms - validSince.ms + (validTo.micros - validSince.micros) / 1000;
  if (behaviour.reversedWindow === "refused" && length <= 0)
    throw new ApiError(400, "valid_to: not after valid_since.");
  if (behaviour.pastValidSince === "refused" && validSince.ms < now)
    throw new ApiError(400, "valid_since: in the past.");
  if (behaviour.pastValidTo === "refused" && validTo.ms <= now) throw new ApiError(400, "valid_to: in the past.");
  const isTooLong = behaviour.longestWindow > 0 && length > behaviour.longestWindow * 1000;
  if (isTooLong && behaviour.overlongWindow === "refused") throw new ApiError(400, "valid_to: the window is too long.");
}

function rejectIdenticalShare(session: Session, window: Window, readonly: boolean): void {
  const isSame = (one: Instant, other: Instant) => one.ms === other.ms && one.micros === other.micros;
  for (const share of session.shares.values()) {
    const isIdentical =
      share.readonly === readonly &&
      isSame(share.validSince, window.validSince) &&
      isSame(share.validTo, window.validTo);
    if (isIdentical && share.revocation === undefined) throw new ApiError(409, "An identical share already exists.");
  }
}
