// diff as a pure function: what replaces, what only the state holds, what is said of the old link.
import { diff } from "../../../provider/lifecycle/operations/diff";
import { unknown } from "../../../provider/lifecycle";
import type { RecordedShare } from "../../../provider/lifecycle";
import { hour, id, now, recorded, sessionId, settings } from "../../support/states";

const context = { settings: settings(), now, abandonLive: false };
const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {} };
const of = (olds: RecordedShare, news: Record<string, unknown>, more = {}) =>
  diff(id, olds, news, { ...context, ...more });

describe("what replaces", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["nothing", inputs, []],
    ["another session", { ...inputs, sessionId: "7" }, ["sessionId"]],
    ["interactive", { ...inputs, readonly: false }, ["readonly"]],
    ["a declared start", { ...inputs, validSince: "2025-05-15T14:00:00.000Z" }, ["validSince"]],
    ["another end", { sessionId, readonly: true, labels: {}, validTo: "2025-05-15T22:00:00.000Z" }, ["validTo"]],
    ["another length", { ...inputs, duration: "PT9H" }, ["duration"]],
    [
      "the end that the duration gave",
      { sessionId, readonly: true, labels: {}, validTo: "2025-05-15T21:06:59.123Z" },
      [],
    ],
    ["the start that was drawn", { ...inputs, validSince: "2025-05-15T13:06:59.123Z" }, []],
    ["an unknown session", { ...inputs, sessionId: unknown }, ["sessionId"]],
    ["an unknown end", { sessionId, readonly: true, labels: {}, validTo: unknown }, ["validTo"]],
  ])("%s", (_, news, replaces) => {
    expect(of(recorded(), news)).toMatchObject({ changes: replaces.length > 0, replaces });
  });

  test("what the appliance granted instead is never a difference", () => {
    expect(
      of(recorded({ grantedSince: "2025-05-15T14:00:00.000Z", grantedTo: "2025-05-15T15:00:00.000Z" }), inputs).changes,
    ).toBe(false);
  });

  test("a state that lost a value is no reason to grant again", () => {
    expect(of({ url: "u" }, inputs, { settings: settings({ "fudo:url": "" }) }).replaces).toEqual([]);
  });
});

describe("what only the state holds", () => {
  test.each<[string, Record<string, unknown>]>([
    ["labels", { labels: { vendor: "acme" } }],
    ["adopt", { adopt: "0123456789abcdef" }],
    ["deletionPolicy", { deletionPolicy: "refuseWhileLive" }],
    ["labels not known yet", { labels: { vendor: unknown } }],
  ])("%s is an update without replacement", (_, more) => {
    expect(of(recorded(), { ...inputs, ...more })).toMatchObject({ changes: true, replaces: [] });
  });

  test("another public origin is a state-only update", () => {
    expect(
      of(recorded(), inputs, { settings: settings({ "fudo:publicUrl": "https://vendors.example" }) }),
    ).toMatchObject({ changes: true, replaces: [] });
  });

  test("without any configured origin nothing changes", () => {
    expect(of(recorded(), inputs, { settings: settings({ "fudo:url": "" }) }).changes).toBe(false);
  });
});

describe("a replacement and the old link", () => {
  const interactive = { ...inputs, readonly: false };

  test("its remaining life is said in the preview", () => {
    expect(of(recorded(), interactive).notices).toEqual([
      expect.stringMatching(
        /old link can be opened until 2025-05-15T21:06:59.123Z \(in 7 h 59 min\).*Management > Sessions/,
      ),
    ]);
  });

  test("the later end counts", () => {
    expect(of(recorded({ grantedTo: "2025-05-15T23:00:00.000Z" }), interactive).notices[0]).toContain(
      "until 2025-05-15T23:00:00.000Z",
    );
  });

  test("of a withdrawn share the preview says that it grants again", () => {
    expect(of(recorded({ removed: true }), interactive).notices).toEqual([
      expect.stringContaining("grants access again"),
    ]);
  });

  test("of an ended share there is nothing to say", () => {
    expect(of(recorded(), interactive, { now: now + 9 * hour }).notices).toEqual([]);
  });

  test("refuseWhileLive refuses before anything is granted, by the policy in the state", () => {
    expect(() =>
      of(recorded({ deletionPolicy: "refuseWhileLive" }), { ...interactive, deletionPolicy: "abandon" }),
    ).toThrow(
      expect.objectContaining({
        code: "refused",
        message: expect.stringMatching(/FUDO_ABANDON_LIVE=true.*earlier `up`/),
      }),
    );
    expect(
      of(recorded({ deletionPolicy: "abandon" }), { ...interactive, deletionPolicy: "refuseWhileLive" }).replaces,
    ).toEqual(["readonly"]);
  });

  test.each<[string, RecordedShare, object]>([
    ["after its end", recorded({ deletionPolicy: "refuseWhileLive" }), { now: now + 9 * hour }],
    ["once it is removed", recorded({ deletionPolicy: "refuseWhileLive", removed: true }), {}],
    ["knowingly", recorded({ deletionPolicy: "refuseWhileLive" }), { abandonLive: true }],
  ])("it lets go %s", (_, olds, more) => {
    expect(of(olds, interactive, more).replaces).toEqual(["readonly"]);
  });

  test("a missing share may still work: refused as well", () => {
    expect(() => of(recorded({ deletionPolicy: "refuseWhileLive", missing: true }), interactive)).toThrow(
      /refused to replace/,
    );
  });

  test("what is not known yet refuses nothing and says nothing: it may turn out to be the same", () => {
    const olds = recorded({ deletionPolicy: "refuseWhileLive" });
    expect(of(olds, { ...inputs, sessionId: unknown })).toEqual({
      changes: true,
      replaces: ["sessionId"],
      notices: [],
    });
    expect(() => of(olds, { ...inputs, sessionId: unknown, readonly: false })).toThrow(/refused/);
  });

  test("the provider's setting decides where the share declares nothing, and an unreadable one never means abandon", () => {
    expect(() =>
      of(recorded(), interactive, { settings: settings({ "fudo:deletionPolicy": "refuseWhileLive" }) }),
    ).toThrow(/refused/);
    expect(() =>
      of(recorded(), interactive, { settings: settings({ "fudo:deletionPolicy": "refusewhilelive" }) }),
    ).toThrow(expect.objectContaining({ code: "config" }));
  });
});
