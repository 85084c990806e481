// The iCalendar file of the component VendorAccess: one event for the window. It contains no key and no link, because
// calendars are shared and synchronized.
import { hash } from "node:crypto";
import { ICalCalendar } from "ical-generator";
import { commonWindow, sessionCount, windowOf, windowText, type SharedSession, type Window } from "./shared-session";

/** Empty if no window is known, which only mocks cause. `urn`: of the component. */
export function accessCalendar(urn: string, vendor: string, sessions: readonly SharedSession[]): string {
  const window = commonWindow(sessions) ?? wholeWindow(sessions);
  if (window === undefined) return "";
  const calendar = new ICalCalendar({ prodId: "//pulumi-fudo//VendorAccess//EN" });
  calendar.createEvent({
    // The same in each run, so that a calendar updates the event when the window changes.
    id: `${hash("sha256", urn, "hex").slice(0, 32)}@pulumi-fudo`,
    start: new Date(window.since),
    end: new Date(window.to),
    stamp: new Date(lastChange(sessions) ?? window.since),
    summary: `${vendor}: access to ${sessionCount(sessions)}`,
    description: description(sessions),
  });
  // The library leaves out the last line break.
  return `${calendar.toString()}\r\n`;
}

/** From the first start to the last end. */
function wholeWindow(sessions: readonly SharedSession[]): Window | undefined {
  const windows = sessions.map(windowOf).filter(({ since, to }) => Number.isFinite(since) && Number.isFinite(to));
  if (windows.length === 0) return undefined;
  return { since: Math.min(...windows.map(({ since }) => since)), to: Math.max(...windows.map(({ to }) => to)) };
}

// A calendar takes the newer one of two versions of an event. The present time would change the output in each run.
function lastChange(sessions: readonly SharedSession[]): number | undefined {
  const created = sessions.map(({ createdAt }) => Date.parse(createdAt ?? "")).filter(Number.isFinite);
  return created.length === 0 ? undefined : Math.max(...created);
}

function description(sessions: readonly SharedSession[]): string {
  const isCommon = commonWindow(sessions) !== undefined;
  return sessions
    .map((session) => {
      const own = isCommon ? "" : `, from ${windowText(windowOf(session))}`;
      return `Session ${session.sessionId} (fingerprint ${session.fingerprint})${own}`;
    })
    .join("\n");
}
