// What `fudo-audit doctor` looks at once the connection is known to be good: the key, the appliance's words for a share, the
// API user's rights, and the clocks. One request each, GET only.
import {
  isFudoError,
  printable,
  type Client,
  type FudoError,
  type SessionDirectory,
  type SessionPage,
  type ShareSpec,
} from "../../client";
import { lengthText } from "../../lifecycle";

export type Outcome = "ok" | "warn" | "fail";

/** One line of the examination: what was looked at, what is so, what to do. */
export interface Line {
  readonly outcome: Outcome;
  readonly subject: string;
  readonly text: string;
  readonly advice?: string;
}

export interface Patient {
  readonly client: Client & SessionDirectory;
  /** The session whose list is looked at; absent: the first that the API user sees. */
  readonly session?: string;
  readonly now: () => number;
}

/** Key, attributes, sessions, shares and clock, each a line or two; ends early where the rest cannot work. */
export async function* examine({ client, session, now }: Patient): AsyncGenerator<Line> {
  const spec = await attempt(() => client.getShareSpec());
  if (isFudoError(spec)) {
    yield { outcome: "fail", subject: "Key", text: spec.message, advice: adviceFor(spec) };
    return;
  }
  yield { outcome: "ok", subject: "Key", text: "accepted" };
  yield compareSpec(spec);
  const seen = await attempt(() => client.listSessions({ offset: 0, limit: 1 }));
  yield sessionsLine(seen);
  const asked = session ?? (isFudoError(seen) ? undefined : seen.sessions[0]?.id);
  if (asked === undefined) {
    yield {
      outcome: "warn",
      subject: "Shares",
      text: "not looked at: no session is known",
      advice: "Name one with --session.",
    };
    return;
  }
  const before = now();
  const list = await attempt(() => client.listShares(asked));
  yield isFudoError(list)
    ? {
        outcome: "fail",
        subject: "Shares",
        text: list.message,
        advice:
          "The API user needs session-view on the users behind the sessions: roles and capabilities are set in the admin panel.",
      }
    : { outcome: "ok", subject: "Shares", text: `session ${asked} lists ${list.shares.length}` };
  if (!isFudoError(list)) yield clockLine(list.applianceTime, before, now());
}

async function attempt<T>(question: () => Promise<T>): Promise<T | FudoError> {
  try {
    return await question();
  } catch (error) {
    if (isFudoError(error)) return error;
    throw error;
  }
}

function adviceFor({ status, code }: FudoError): string {
  if (status === 401)
    return "Make a new key in the admin panel (Management > Users > the API user > authentication method API Key), and give it in FUDO_API_KEY, alone, without a scheme.";
  if (status === 403) return "Give the API user's role the right to sessions in the admin panel.";
  if (code === "not-found") return "Session sharing by the API needs Fudo Enterprise 5.6 or newer.";
  return "Is FUDO_URL the appliance itself, and not a proxy or another web site?";
}

/** The vendor's table of a share's attributes. Appliance: `datetime` was `string` in older pages. */
const attributes: Readonly<Record<string, readonly string[]>> = {
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
const indispensable = ["key", "valid_since", "valid_to", "readonly"];

/** The appliance's own description of a share against what this release expects. */
export function compareSpec(spec: ShareSpec): Line {
  const missing = Object.keys(attributes).filter((name) => !Object.hasOwn(spec, name));
  const changed = Object.entries(attributes).flatMap(([name, types]) => {
    const type = Object.hasOwn(spec, name) ? spec[name]?.["type"] : undefined;
    return typeof type === "string" && !types.includes(type)
      ? [`${name} is ${printable(type, 40)}, not ${types[0]}`]
      : [];
  });
  const added = Object.keys(spec)
    .filter((name) => !Object.hasOwn(attributes, name))
    .map((name) => printable(name, 40));
  const differences = [...missing.map((name) => `there is no ${name}`), ...changed];
  const more = added.length > 0 ? `; unknown to this release: ${added.slice(0, 10).join(", ")}` : "";
  if (differences.length === 0)
    return { outcome: "ok", subject: "Attributes", text: `a share is as this release expects${more}` };
  const isGrave = missing.some((name) => indispensable.includes(name));
  const advice =
    "Look for a newer pulumi-fudo, and report this line: the appliance's release describes shares in another way.";
  return {
    outcome: isGrave ? "fail" : "warn",
    subject: "Attributes",
    text: `${differences.join("; ")}${more}`,
    advice,
  };
}

function sessionsLine(seen: SessionPage | FudoError): Line {
  const advice =
    "--all-sessions and getSessions cannot work with this key; name sessions instead, or give its user the right session-read.";
  if (isFudoError(seen)) return { outcome: "warn", subject: "Sessions", text: seen.message, advice };
  if (seen.sessions.length === 0)
    return {
      outcome: "warn",
      subject: "Sessions",
      text: "the API user sees none",
      advice: "Check its rights: lists show only what it may see.",
    };
  return { outcome: "ok", subject: "Sessions", text: "the API user sees some" };
}

const tolerated = 60_000;

/** The appliance's clock against ours; its answer was made between `before` and `after`. */
export function clockLine(applianceTime: number | undefined, before: number, after: number): Line {
  if (applianceTime === undefined)
    return {
      outcome: "warn",
      subject: "Clock",
      text: "the appliance does not tell its time",
      advice: "Compare the clocks by hand: windows go by the appliance's.",
    };
  // Its `Date` counts whole seconds.
  const skew = applianceTime > after ? applianceTime - after : Math.min(0, applianceTime + 999 - before);
  if (Math.abs(skew) <= tolerated)
    return { outcome: "ok", subject: "Clock", text: "the appliance's is within a minute of this machine's" };
  const text = `the appliance's is ${lengthText(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} this machine's`;
  return { outcome: "warn", subject: "Clock", text, advice: "Windows go by the appliance's clock: set both by NTP." };
}
