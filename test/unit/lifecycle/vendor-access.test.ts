// The rules of the component VendorAccess: which arguments it accepts, and what its text and its calendar contain.
import * as fc from "fast-check";
import {
  aliasesOf,
  checkAccess,
  foundSessions,
  handOverText,
  linksBySession,
  unknown,
  withVendor,
  type SharedSession,
} from "../../../provider/lifecycle/vendor-access";
import { accessCalendar } from "../../../provider/lifecycle/vendor-access/calendar";
import { eventIn } from "../../support/engine-access";

const [first, second] = ["4665729213955833860", "4665729213955833861"];
const args = { vendor: "ACME", sessionIds: [first, second], duration: "PT8H" };

describe("the arguments", () => {
  test("name sessions by ID, each once, or by a query", () => {
    expect(checkAccess({ ...args, sessionIds: [first, second, first] })).toEqual({ ids: [first, second] });
    const query = { serverName: "db-01", live: true };
    expect(checkAccess({ vendor: "ACME", sessions: query })).toEqual({ query });
  });

  test.each<[string, object, string]>([
    ["no vendor", { ...args, vendor: undefined }, "vendor must be the vendor's name"],
    ["a vendor on two lines", { ...args, vendor: "ACME\nSupport" }, "vendor must be the vendor's name"],
    ["both kinds of sessions", { ...args, sessions: { live: true } }, "set exactly one of sessionIds and sessions"],
    ["no sessions", { ...args, sessionIds: undefined }, "set exactly one of sessionIds and sessions"],
    ["an empty list", { ...args, sessionIds: [] }, "sessionIds must be a list with at least one session ID"],
    ["a number as ID", { ...args, sessionIds: [5] }, "each of sessionIds must be text in quotes"],
    ["an ID that is a path", { ...args, sessionIds: ["../5"] }, "each of sessionIds must be the session's decimal ID"],
    ["a query without a filter", { vendor: "ACME", sessions: {} }, "sessions must have a filter of getSessions"],
    [
      "a limit without a filter",
      { vendor: "ACME", sessions: { limit: 5, names: true } },
      "sessions must have a filter",
    ],
    [
      "a filter without a value",
      { vendor: "ACME", sessions: { serverName: null } },
      "serverName must be a name as text",
    ],
    ["a misspelled filter", { vendor: "ACME", sessions: { server: "a" } }, "sessions: there is no argument named"],
    ["a misspelled input", { ...args, reedonly: true }, 'there is no input named "reedonly". Did you mean readonly?'],
    ["aliases as text", { ...args, aliases: "acme" }, "aliases must have a session ID as each name"],
  ])("%s is rejected", (_name, given, reason) => {
    expect(() => checkAccess(given as never)).toThrow(reason);
  });

  test("all mistakes come at once", () => {
    expect(() => checkAccess({ sessionIds: [] })).toThrow(/sessionIds must be .*; vendor must be /);
  });

  test("with values that are not known yet the sessions are not known", () => {
    expect(checkAccess({ ...args, sessionIds: unknown })).toBeUndefined();
    expect(checkAccess({ ...args, sessionIds: [first, unknown] })).toBeUndefined();
    expect(checkAccess({ ...args, aliases: { [first]: unknown } })).toBeUndefined();
    expect(checkAccess({ ...args, vendor: unknown })).toEqual({ ids: [first, second] });
  });
});

test("a query that finds nothing, and a list that is incomplete, share nothing", () => {
  expect(foundSessions({ sessions: [{ id: "5" }], complete: true })).toEqual(["5"]);
  expect(() => foundSessions({ sessions: [], complete: true })).toThrow("no session matches");
  expect(() => foundSessions({ sessions: [{ id: "5" }], complete: false })).toThrow("list of sessions is incomplete");
});

test("the vendor is a label of each share, unless the labels have one", () => {
  expect(withVendor({ ticket: "1" }, "ACME")).toEqual({ vendor: "ACME", ticket: "1" });
  expect(withVendor({ vendor: "acme-4711" }, "ACME")).toEqual({ vendor: "acme-4711" });
  expect(withVendor(undefined, "ACME")).toEqual({ vendor: "ACME" });
  expect(withVendor("no map", "ACME")).toBe("no map");
});

test("an alias is a URN or the name of a resource, and always of a session that is shared", () => {
  const urn = "urn:pulumi:dev::p::fudo:index:SessionShare::acme";
  expect([...aliasesOf({ [first]: "acme", [second]: urn }, [first, second]).values()]).toEqual([
    { name: "acme" },
    { urn },
  ]);
  expect(() => aliasesOf({ "466": "acme" }, [first])).toThrow('does not share: "466"');
});

const session = (sessionId: string, more: object = {}): SharedSession => ({
  sessionId,
  readonly: true,
  validSince: "2026-12-05T19:00:12.345Z",
  validTo: "2026-12-06T01:00:00.000Z",
  fingerprint: "0123456789abcdef",
  createdAt: "2026-12-05T18:00:00.123456Z",
  ...more,
});
const urn = "urn:pulumi:dev::project::fudo:index:VendorAccess::acme";

describe("the window", () => {
  const text = (...sessions: SharedSession[]) => handOverText("ACME", sessions, {});

  test("is one for all shares, if their starts differ only by how they were created", () => {
    const later = session("6", { validSince: "2026-12-05T19:01:02.000Z" });
    expect(text(session("5"), later)).toContain("The links work from 2026-12-05 19:01 UTC until 2026-12-06 01:00 UTC.");
    expect(eventIn(accessCalendar(urn, "ACME", [session("5"), later]))["DTSTART"]).toBe("20261205T190102Z");
  });

  test("stands with each session if they differ, and the event covers them all", () => {
    const longer = session("6", { validTo: "2026-12-07T01:00:00.000Z" });
    expect(text(session("5"), longer)).toContain("Session 6, from 2026-12-05 19:00 UTC until 2026-12-07 01:00 UTC:");
    const event = eventIn(accessCalendar(urn, "ACME", [session("5"), longer]));
    expect(event).toMatchObject({ DTSTART: "20261205T190012Z", DTEND: "20261207T010000Z" });
    expect(event["DESCRIPTION"]).toContain("until 2026-12-07 01:00 UTC");
  });

  test("of a few minutes that has ended before the next one starts is none for all shares", () => {
    const early = session("5", { validTo: "2026-12-05T19:02:00.000Z" });
    const late = session("6", { validSince: "2026-12-05T19:03:00.000Z", validTo: "2026-12-05T19:05:00.000Z" });
    expect(text(early, late)).toContain("Session 6, from 2026-12-05 19:03 UTC until 2026-12-05 19:05 UTC:");
    const event = eventIn(accessCalendar(urn, "ACME", [early, late]));
    expect(event).toMatchObject({ DTSTART: "20261205T190012Z", DTEND: "20261205T190500Z" });
    expect(accessCalendar(urn, "ACME", [])).toBe("");
  });

  test("is the one that the appliance granted, and the requested one where that has no end", () => {
    expect(text(session("5", { grantedTo: "2026-12-05T20:00:00.000Z" }))).toContain("until 2026-12-05 20:00 UTC.");
    expect(text(session("5", { grantedTo: "infinity" }))).toContain("until 2026-12-06 01:00 UTC.");
  });
});

describe("the calendar", () => {
  test("is the same in each run, and a newer share makes a newer version of the same event", () => {
    const calendar = accessCalendar(urn, "ACME", [session("5")]);
    expect(accessCalendar(urn, "ACME", [session("5")])).toBe(calendar);
    const replaced = eventIn(accessCalendar(urn, "ACME", [session("5", { createdAt: "2026-12-05T19:30:00.000000Z" })]));
    expect(replaced["UID"]).toBe(eventIn(calendar)["UID"]);
    expect([eventIn(calendar)["DTSTAMP"], replaced["DTSTAMP"]]).toEqual(["20261205T180000Z", "20261205T193000Z"]);
    expect(eventIn(accessCalendar(`${urn}2`, "ACME", [session("5")]))["UID"]).not.toBe(replaced["UID"]);
  });

  // RFC 5545, 3.1 and 3.3.11.
  test("has lines of at most 75 bytes that end with CRLF, and no other line can come from a name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }), (vendor) => {
        fc.pre(vendor.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(vendor));
        const calendar = accessCalendar(urn, vendor, [session("5"), session("6")]);
        const lines = calendar.split("\r\n");
        expect(lines.at(-1)).toBe("");
        expect(lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line))).toEqual([]);
        const summary = eventIn(calendar)["SUMMARY"]!.replaceAll(/\\([\\;,])/g, "$1");
        expect(summary).toBe(`${vendor}: access to 2 sessions`);
      }),
    );
  });
});

test("with recipients the text says how to open the blocks, and without them that the links are credentials", () => {
  const sealed = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n";
  const links = linksBySession([session("5")], [sealed])!;
  expect(handOverText("ACME", [session("5")], links)).toContain(`Session 5:\n${sealed}`);
  expect(handOverText("ACME", [session("5")], links)).toContain("age -d");
  expect(handOverText("ACME", [session("5")], { "5": "https://x" })).toContain("Each link is a credential");
  expect(linksBySession([session("5")], [undefined])).toBeUndefined();
});
