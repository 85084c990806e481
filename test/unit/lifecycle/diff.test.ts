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

  test("the URL follows the recorded appliance, not a changed fudo:url", () => {
    const other = { settings: settings({ "fudo:url": "https://other.example" }) };
    expect(diffOf(recorded(), inputs, other)).toMatchObject({ changes: false, replaces: [] });
  });

  test("another appliance's public origin does not apply either", () => {
    const other = {
      settings: settings({ "fudo:url": "https://other.example", "fudo:publicUrl": "https://vendors.example" }),
    };
    expect(diffOf(recorded(), inputs, other)).toMatchObject({ changes: false, replaces: [] });
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
      expect.stringMatching(
        /old link works until 2025-05-15 21:06 UTC \(in 8 h\).*Management > Sessions.*The new link works for 8 h from now \(until 2025-05-15 21:07 UTC\)/,
      ),
    ]);
  });

  test("the later end counts", () => {
    expect(diffOf(recorded({ grantedTo: "2025-05-15T23:00:00.000Z" }), interactive).warnings[0]).toContain(
      "until 2025-05-15 23:00 UTC",
    );
  });

  test("for a revoked share the preview says that access is granted again", () => {
    expect(diffOf(recorded({ removed: true }), interactive).warnings).toEqual([
      expect.stringContaining(
        "was revoked on the appliance. This replacement grants access again, for 8 h from now (until 2025-05-15 21:07 UTC)",
      ),
    ]);
  });

  test.each<[string, RecordedShare, Record<string, unknown>, RegExp]>([
    [
      "an expired share",
      recorded(),
      interactive,
      /expired at 2025-05-15 21:06 UTC\. This replacement grants access again, for 8 h from now \(until 2025-05-16 06:07 UTC\)/,
    ],
    [
      "an expired share that was revoked",
      recorded({ removed: true }),
      interactive,
      /was revoked on the appliance and expired at .* grants access again/,
    ],
    [
      "an expired share that was missing",
      recorded({ missing: true }),
      interactive,
      /expired at .* grants access again/,
    ],
    [
      "an expired share with a declared new end",
      recorded(),
      { sessionId, readonly: true, labels: {}, validTo: "2025-05-16T00:07:00.000Z" },
      /grants access again, until 2025-05-16 00:07 UTC \(in 2 h\)/,
    ],
    [
      "an expired share with a declared later start",
      recorded(),
      { ...inputs, validSince: "2025-05-17T08:00:00.000Z" },
      /grants access again, from 2025-05-17 08:00 UTC to 2025-05-17 16:00 UTC/,
    ],
    [
      "an expired share with an unknown length",
      recorded(),
      { ...interactive, duration: unknown },
      /again, for a time that is not known yet/,
    ],
  ])("for %s the preview says that access is granted again, and for how long", (_, olds, news, text) => {
    expect(diffOf(olds, news, { now: now + 9 * hour }).warnings).toEqual([expect.stringMatching(text)]);
  });

  test("within five minutes after its end a share counts as live, because clocks differ", () => {
    const justOver = { now: now + 8 * hour + 60_000 };
    expect(diffOf(recorded(), interactive, justOver).warnings).toEqual([
      expect.stringMatching(
        /NOT revoked.*The old link may still work: it ended at 2025-05-15 21:06 UTC, and the appliance's clock may be behind/,
      ),
    ]);
    expect(() => diffOf(recorded({ deletionPolicy: "refuseWhileLive" }), interactive, justOver)).toThrow(
      /refused to replace/,
    );
  });

  test("for a scheduled share it names the start of the old link too", () => {
    const scheduled = recorded({ validSince: "2025-05-16T08:00:00.000Z", validTo: "2025-05-16T16:00:00.000Z" });
    expect(diffOf(scheduled, { ...interactive, validSince: "2025-05-17T08:00:00.000Z" }).warnings).toEqual([
      expect.stringMatching(
        /The old link works from 2025-05-16 08:00 UTC to 2025-05-16 16:00 UTC\..*The new link works from 2025-05-17 08:00 UTC to 2025-05-17 16:00 UTC/,
      ),
    ]);
  });

  test("for a share whose end the appliance lists as infinite it names no end", () => {
    expect(diffOf(recorded({ grantedTo: "infinity" }), interactive, { now: now + 900 * hour }).warnings).toEqual([
      expect.stringContaining("The old link works until it is revoked, because its end is not known"),
    ]);
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
      /refused to replace .* the link may still work until .* If you revoked it, run once with FUDO_ABANDON_LIVE=true/,
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
