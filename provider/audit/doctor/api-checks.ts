// The checks of `fudo-audit doctor` that need the API key: the key, the attributes of a share, the rights of the API user,
// and the clocks. Each check sends at most one GET request.
import { isFudoError, printable, type Client, type FudoError, type SessionPage, type ShareSpec } from "../../client";
import { clockSkew, skewText } from "../model/clock-skew";
import { plural } from "../model/wording";
import type { CheckResult } from "./check-result";

export interface ApiTarget {
  readonly client: Client;
  /** The session whose list to read; absent: the first one that the API user sees. */
  readonly session?: string;
  readonly now: () => number;
}

/** Checks key, attributes, sessions, shares and clock. Stops when the remaining checks cannot work. */
export async function* apiChecks({ client, session, now }: ApiTarget): AsyncGenerator<CheckResult> {
  const spec = await attempt(() => client.getShareSpec());
  if (isFudoError(spec)) {
    yield { outcome: "fail", subject: "Key", text: spec.message, advice: keyAdvice(spec) };
    return;
  }
  yield { outcome: "ok", subject: "Key", text: "accepted" };
  yield checkSpec(spec);
  const page = await attempt(() => client.listSessions({ offset: 0, limit: 1 }));
  yield checkSessions(page);
  if (!isFudoError(page)) yield* readingChecks("Sessions", page.problems);
  const sessionId = session ?? (isFudoError(page) ? undefined : page.sessions[0]?.id);
  if (sessionId === undefined) {
    const text = "skipped: doctor does not know a session";
    yield { outcome: "warn", subject: "Shares", text, advice: "Name a session with --session." };
    return;
  }
  const before = now();
  const list = await attempt(() => client.listShares(sessionId));
  if (isFudoError(list)) {
    yield { outcome: "fail", subject: "Shares", text: list.message, advice: sharesAdvice };
    return;
  }
  yield { outcome: "ok", subject: "Shares", text: `session ${sessionId} has ${plural(list.shares.length, "share")}` };
  yield* readingChecks("Shares", list.problems);
  yield checkClock(list.applianceTime, before, now());
}

/** One warning for each problem of a list: what the provider cannot read, and what it does about that. */
function readingChecks(subject: string, problems: readonly string[]): CheckResult[] {
  return problems.map((text) => ({ outcome: "warn", subject, text, advice: toleranceAdvice }));
}

const toleranceAdvice =
  "The provider reads the rest, and never takes such a share for expired, removed or absent. An audit is incomplete.";

async function attempt<T>(request: () => Promise<T>): Promise<T | FudoError> {
  try {
    return await request();
  } catch (error) {
    if (isFudoError(error)) return error;
    throw error;
  }
}

function keyAdvice({ status, code }: FudoError): string {
  if (status === 401)
    return "Create a new key in the admin panel (Management > Users > the API user > authentication method API Key), and set FUDO_API_KEY to the key alone, without a scheme.";
  if (status === 403) return "Give the role of the API user the right to sessions in the admin panel.";
  if (code === "not-found") return "The session sharing API requires Fudo Enterprise 5.6 or newer.";
  return "Check that FUDO_URL is the address of the appliance, not of a proxy or of another web site.";
}

const sharesAdvice =
  "The API user needs session-view on the users of the sessions. Set roles and capabilities in the admin panel.";

/** The vendor's table of the attributes of a share. Appliance: older documentation has `string` instead of `datetime`. */
const expectedAttributes: Readonly<Record<string, readonly string[]>> = {
  id: ["string"],
  session_id: ["string"],
  user_id: ["string"],
  key: ["string"],
  valid_since: ["datetime", "string"],
  valid_to: ["datetime", "string"],
  readonly: ["boolean"],
  link: ["string"],
  created_at: ["datetime", "string"],
  modified_at: ["datetime", "string"],
  removed: ["boolean"],
};
/** The names in that table. */
export const documentedAttributes: readonly string[] = Object.keys(expectedAttributes);
/** The provider does not work without these. */
const requiredAttributes = ["key", "valid_since", "valid_to", "readonly"];

/** Compares the attributes that the appliance documents with the ones that this release expects. */
export function checkSpec(spec: ShareSpec): CheckResult {
  const missing = Object.keys(expectedAttributes).filter((name) => !Object.hasOwn(spec, name));
  const changed = Object.entries(expectedAttributes).flatMap(([name, types]) => {
    const type = Object.hasOwn(spec, name) ? spec[name]?.["type"] : undefined;
    return typeof type === "string" && !types.includes(type)
      ? [`${name} is ${printable(type, 40)}, not ${types[0]}`]
      : [];
  });
  const added = Object.keys(spec)
    .filter((name) => !Object.hasOwn(expectedAttributes, name))
    .map((name) => printable(name, 40));
  const differences = [...missing.map((name) => `${name} is missing`), ...changed];
  const more = added.length > 0 ? `; unknown to this release: ${added.slice(0, 10).join(", ")}` : "";
  if (differences.length === 0)
    return {
      outcome: "ok",
      subject: "Attributes",
      text: `a share has the attributes that this release expects${more}`,
    };
  return {
    outcome: missing.some((name) => requiredAttributes.includes(name)) ? "fail" : "warn",
    subject: "Attributes",
    text: `${differences.join("; ")}${more}`,
    advice:
      "Look for a newer version of pulumi-fudo, and report this line: this release of the appliance describes shares differently.",
  };
}

function checkSessions(page: SessionPage | FudoError): CheckResult {
  const subject = "Sessions";
  if (isFudoError(page)) {
    const advice =
      "--all-sessions and getSessions do not work with this key. Use --session, or give the API user the session-read right.";
    return { outcome: "warn", subject, text: page.message, advice };
  }
  if (page.sessions.length === 0) {
    const advice = "Check the rights of the API user: the appliance lists only what the user may see.";
    return { outcome: "warn", subject, text: "the API user sees no sessions", advice };
  }
  return { outcome: "ok", subject, text: "the API user sees sessions" };
}

/** Where the clocks differ by more, doctor says so and makes no test share. Milliseconds. */
export const maxSkew = 60_000;

/** Compares the appliance's clock with the local one; the response arrived between `before` and `after`. */
export function checkClock(applianceTime: number | undefined, before: number, after: number): CheckResult {
  const subject = "Clock";
  if (applianceTime === undefined) {
    const advice = "Compare the clocks by hand: a window starts and ends by the appliance's clock.";
    return { outcome: "warn", subject, text: "the appliance's response contains no time", advice };
  }
  const skew = clockSkew(applianceTime, before, after);
  if (Math.abs(skew) <= maxSkew)
    return { outcome: "ok", subject, text: "the appliance's clock is within a minute of this machine's clock" };
  return {
    outcome: "warn",
    subject,
    text: skewText(skew),
    advice: "A window starts and ends by the appliance's clock. Set both clocks with NTP.",
  };
}
