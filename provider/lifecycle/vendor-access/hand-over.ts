// The text that a person sends to the vendor: plain text, with the links.
import { ageHeader } from "../share/recipients";
import { commonWindow, sessionCount, windowOf, windowText, type SharedSession } from "./shared-session";

/** By session ID: URLs, or encrypted ones. */
export type Links = Readonly<Record<string, string>>;

/** Undefined where no share has one: with recipients there is no URL, and without them none is encrypted. */
export function linksBySession(
  sessions: readonly SharedSession[],
  texts: readonly (string | undefined)[],
): Links | undefined {
  const entries = sessions.flatMap(({ sessionId }, index): [string, string][] => {
    const text = texts[index];
    return text === undefined ? [] : [[sessionId, text]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export function handOverText(vendor: string, sessions: readonly SharedSession[], links: Links): string {
  const window = commonWindow(sessions);
  const own = (session: SharedSession) => (window === undefined ? `, from ${windowText(windowOf(session))}` : "");
  const head = [
    `Access for ${vendor} to ${sessionCount(sessions)}.`,
    ...modeText(sessions),
    ...(window === undefined ? [] : [`The links work from ${windowText(window)}.`]),
    ...adviceFor(links),
  ];
  const blocks = sessions.map(
    (session) => `\nSession ${session.sessionId}${own(session)}:\n${links[session.sessionId] ?? "no link"}`,
  );
  return [...head, ...blocks, ""].join("\n");
}

function adviceFor(links: Links): string[] {
  const isSealed = Object.values(links).some((link) => link.startsWith(ageHeader));
  return isSealed
    ? ["Each link is encrypted to your age key. Save a block as link.age, and run: age -d -i YOUR_KEY_FILE link.age"]
    : ["Each link is a credential: do not forward it."];
}

function modeText([session]: readonly SharedSession[]): string[] {
  if (session?.readonly === undefined) return [];
  return [
    session.readonly
      ? "You can watch, but you cannot use keyboard or mouse."
      : "You can watch, and use keyboard and mouse in a live session.",
  ];
}
