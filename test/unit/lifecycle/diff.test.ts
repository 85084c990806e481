// diff: what replaces a share, what only changes the state, and what is said about the old link.
import { diff } from "../../../provider/lifecycle/operations/diff";
import { unknown } from "../../../provider/lifecycle";
import type { RecordedShare } from "../../../provider/lifecycle";
import { hour, id, now, recorded, sessionId, settings } from "../../support/states";

const options = { settings: settings(), now, abandonLive: false };
const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {} };

/** The difference, with the replaced inputs and the warnings. */
function diffOf(olds: RecordedShare, news: Record<string, unknown>, more = {}) {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: () => undefined };
  const { changes, properties } = diff(id, olds, news, { ...options, ...more }, call);
  const replaces = Object.keys(properties).filter((name) => properties[name] === "replace");
  return { changes, properties, replaces, warnings };
}

describe("replaced", () => {
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
    ["the generated start", { ...inputs, validSince: "2025-05-15T13:06:59.123Z" }, []],
    ["an unknown session", { ...inputs, sessionId: unknown }, ["sessionId"]],
    ["an unknown end", { sessionId, readonly: true, labels: {}, validTo: unknown }, ["validTo"]],
  ])("%s", (_, news, replaces) => {
    expect(diffOf(recorded(), news)).toMatchObject({ changes: replaces.length > 0, replaces });
  });

  test("a granted window that differs from the requested one is no difference", () => {
    expect(
      diffOf(recorded({ grantedSince: "2025-05-15T14:00:00.000Z", grantedTo: "2025-05-15T15:00:00.000Z" }), inputs)
        .changes,
    ).toBe(false);
  });

  test("a value that the state does not hold is no reason to replace", () => {
    expect(diffOf({ url: "u" }, inputs, { settings: settings({ "fudo:url": "" }) }).replaces).toEqual([]);
  });
});

describe("state-only inputs", () => {
  test.each<[string, Record<string, unknown>]>([
    ["labels", { labels: { vendor: "acme" } }],
    ["adopt", { adopt: "0123456789abcdef" }],
    ["deletionPolicy", { deletionPolicy: "refuseWhileLive" }],
    ["unknown labels", { labels: { vendor: unknown } }],
  ])("%s is an update without replacement", (_, more) => {
    expect(diffOf(recorded(), { ...inputs, ...more })).toMatchObject({ changes: true, replaces: [] });
  });

  test("another public origin is a state-only update", () => {
    expect(
      diffOf(recorded(), inputs, { settings: settings({ "fudo:publicUrl": "https://vendors.example" }) }),
    ).toMatchObject({ changes: true, replaces: [] });
  });

  test("without a configured origin nothing changes", () => {
    expect(diffOf(recorded(), inputs, { settings: settings({ "fudo:url": "" }) }).changes).toBe(false);
  });
});

test.each<[string, RecordedShare, Record<string, unknown>, object]>([
  ["an added label", recorded(), { ...inputs, labels: { a: "b" } }, { labels: "update" }],
  ["an added policy", recorded(), { ...inputs, deletionPolicy: "abandon" }, { deletionPolicy: "add" }],
  ["a dropped policy", recorded({ deletionPolicy: "abandon" }), inputs, { deletionPolicy: "update" }],
  [
    "another session and a label",
    recorded(),
    { ...inputs, sessionId: "7", labels: { a: "b" } },
    { sessionId: "replace", labels: "update" },
  ],
  ["nothing", recorded(), inputs, {}],
])("the properties of a difference: %s", (_, olds, news, properties) => {
  expect(diffOf(olds, news).properties).toEqual(properties);
});

test("a changed public origin is an update of `url`", () => {
  const moved = { settings: settings({ "fudo:publicUrl": "https://vendors.example" }) };
  expect(diffOf(recorded(), inputs, moved).properties).toEqual({ url: "update" });
});

describe("a replacement and the old link", () => {
  const interactive = { ...inputs, readonly: false };

  test("the preview warns until when the old link works and where to revoke it", () => {
    expect(diffOf(recorded(), interactive).warnings).toEqual([
      expect.stringMatching(/old link works until 2025-05-15 21:06 UTC \(in 7 h 59 min\).*Management > Sessions/),
    ]);
  });

  test("the later end counts", () => {
    expect(diffOf(recorded({ grantedTo: "2025-05-15T23:00:00.000Z" }), interactive).warnings[0]).toContain(
      "until 2025-05-15 23:00 UTC",
    );
  });

  test("for a revoked share the preview says that access is granted again", () => {
    expect(diffOf(recorded({ removed: true }), interactive).warnings).toEqual([
      expect.stringContaining("grants access again"),
    ]);
  });

  test("for an expired share there is no warning", () => {
    expect(diffOf(recorded(), interactive, { now: now + 9 * hour }).warnings).toEqual([]);
  });

  test("refuseWhileLive refuses before any POST, by the policy in the state", () => {
    expect(() =>
      diffOf(recorded({ deletionPolicy: "refuseWhileLive" }), { ...interactive, deletionPolicy: "abandon" }),
    ).toThrow(
      expect.objectContaining({
        code: "refused",
        message: expect.stringMatching(/FUDO_ABANDON_LIVE=true.*earlier `pulumi up`/),
      }),
    );
    expect(
      diffOf(recorded({ deletionPolicy: "abandon" }), { ...interactive, deletionPolicy: "refuseWhileLive" }).replaces,
    ).toEqual(["readonly"]);
  });

  test.each<[string, RecordedShare, object]>([
    ["after the share's end", recorded({ deletionPolicy: "refuseWhileLive" }), { now: now + 9 * hour }],
    ["once the share is removed", recorded({ deletionPolicy: "refuseWhileLive", removed: true }), {}],
    ["with FUDO_ABANDON_LIVE=true", recorded({ deletionPolicy: "refuseWhileLive" }), { abandonLive: true }],
  ])("it allows the replacement %s", (_, olds, more) => {
    expect(diffOf(olds, interactive, more).replaces).toEqual(["readonly"]);
  });

  test("a missing share may still work, so its replacement is refused too", () => {
    expect(() => diffOf(recorded({ deletionPolicy: "refuseWhileLive", missing: true }), interactive)).toThrow(
      /refused to replace/,
    );
  });

  test("an unknown value neither refuses nor warns, because it may turn out to be the same", () => {
    const olds = recorded({ deletionPolicy: "refuseWhileLive" });
    expect(diffOf(olds, { ...inputs, sessionId: unknown })).toEqual({
      changes: true,
      properties: { deletionPolicy: "update", sessionId: "replace" },
      replaces: ["sessionId"],
      warnings: [],
    });
    expect(() => diffOf(olds, { ...inputs, sessionId: unknown, readonly: false })).toThrow(/refused/);
  });

  test("the provider's setting decides for a share without a policy, and a malformed setting never means abandon", () => {
    expect(() =>
      diffOf(recorded(), interactive, { settings: settings({ "fudo:deletionPolicy": "refuseWhileLive" }) }),
    ).toThrow(/refused/);
    expect(() =>
      diffOf(recorded(), interactive, { settings: settings({ "fudo:deletionPolicy": "refusewhilelive" }) }),
    ).toThrow(expect.objectContaining({ code: "config" }));
  });
});
