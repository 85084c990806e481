// The lifecycle of one process: what refresh, get, adopt, diff, update and delete say about lists that are doubtful, states of
// other providers and other appliances, and which warnings they give once.
import fc from "fast-check";
import type { Client, Share, ShareList } from "../../../provider/client/api";
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { checkResponse } from "../../../provider/client/http/response";
import { readShareList } from "../../../provider/client/schema/share-schema";
import {
  createLifecycle,
  recurringWarning,
  type CallContext,
  type SessionShareOutputs,
} from "../../../provider/lifecycle";
import { hour, now, recorded as recordedShare, sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";

const key = "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT";
const link = `/sessions/${sessionId}/?key=${key}`;
const id = `${sessionId}/${fingerprintOf(key)}`;
const minute = 60_000;
const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {} };

/** A share in an open window that a list has shown an hour ago. */
function recorded(more: Partial<SessionShareOutputs> = {}): SessionShareOutputs {
  const window = { validSince: "2025-05-15T12:00:00.000Z", validTo: "2025-05-15T20:00:00.000Z" };
  const createdAt = "2025-05-15T12:00:00.000000Z";
  const own = { key, link, url: `https://fudo.example${link}`, fingerprint: fingerprintOf(key) };
  return recordedShare({ ...own, ...window, createdAt, ...more });
}

const entry: Share = {
  key,
  readonly: true,
  removed: false,
  validSince: "2025-05-15T12:00:00Z",
  validTo: "2025-05-15T20:00:00Z",
  createdAt: "2025-05-15T12:00:00Z",
};

interface Given extends Partial<ShareList> {
  readonly url?: string;
  readonly abandonLive?: boolean;
}

/** A process whose lists are always this one. */
function process({ url = "https://fudo.example", abandonLive = false, ...list }: Given = {}) {
  const clock = new VirtualClock(now);
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const call: CallContext = {
    signal: new AbortController().signal,
    warn,
    info: warn,
    assertEngineAlive: () => undefined,
  };
  const listShares = () =>
    Promise.resolve({ shares: [], provesAbsence: true, problems: [], applianceTime: now, ...list });
  const lifecycle = createLifecycle({
    settings: settings({ "fudo:url": url }),
    clock,
    createClient: () => ({ origin: url, listShares }) as unknown as Client,
    flags: { abandonLive, recover: "off" },
  });
  return { lifecycle, warnings, call, clock };
}

async function refresh(given: Given, olds = recorded()) {
  const { lifecycle, call, warnings } = process(given);
  return { outputs: (await lifecycle.read(id, olds, call)).outputs, warnings };
}

describe("absence", () => {
  test("a share that a list has shown, absent inside its window, is missing", async () => {
    const { outputs, warnings } = await refresh({});
    expect(outputs).toEqual({ ...recorded(), missing: true });
    expect(warnings).toEqual([expect.stringContaining("is no longer in the session's list")]);
  });

  test.each<[string, Given, Partial<SessionShareOutputs>, RegExp[]]>([
    ["that no list has shown", {}, { createdAt: undefined }, [/no list of its session has shown it yet/]],
    ["created four minutes ago, with a start an hour ago", {}, { createdAt: "2025-05-15T13:03:00.000000Z" }, []],
    ["created in the future by the appliance's clock", {}, { createdAt: "2025-05-15T14:00:00.000000Z" }, []],
    ["four minutes before its end", { applianceTime: now + 6.83 * hour }, {}, []],
    ["four minutes before its granted end", {}, { grantedTo: "2025-05-15T13:11:00.000Z" }, []],
    ["before its granted start", {}, { grantedSince: "2025-05-15T14:00:00.000Z" }, []],
    ["while the appliance's clock shows the year 9999", { applianceTime: Date.UTC(9999, 11, 31) }, {}, []],
    [
      "while the list has an entry without a key",
      { shares: [{ removed: false }] },
      {},
      [/without a readable key.*The state keeps the share/],
    ],
    [
      "in a response that proves no absence",
      { provesAbsence: false, problems: ["it is cached"] },
      {},
      [/^session \d+: it is cached$/, /no proof that the share is gone.*The state keeps/],
    ],
    [
      "on another appliance",
      { url: "https://other.example" },
      {},
      [/was created on https:\/\/fudo\.example\. fudo:url now names https:\/\/other\.example/],
    ],
    [
      "on another appliance whose list has an entry without a key",
      { url: "https://other.example", shares: [{ removed: false }] },
      {},
      [/was created on https:\/\/fudo\.example/],
    ],
  ])("a share is not missing %s", async (_, given, more, texts) => {
    const olds = JSON.parse(JSON.stringify(recorded(more))) as SessionShareOutputs;
    const { outputs, warnings } = await refresh(given, olds);
    expect(outputs).toEqual(olds);
    expect(warnings).toEqual(texts.map((text) => expect.stringMatching(text)));
  });

  test.each(["removed", "missing"] as const)(
    "a share recorded as %s stays so where nothing is proved",
    async (name) => {
      const olds = recorded({ [name]: true });
      expect((await refresh({ provesAbsence: false }, olds)).outputs).toEqual(olds);
      expect((await refresh({ shares: [{ removed: false }] }, olds)).outputs).toEqual(olds);
    },
  );
});

describe("a share that was revoked or missing and is listed as live again", () => {
  test.each<[string, Partial<SessionShareOutputs>]>([
    ["was removed", { removed: true }],
    ["was missing", { missing: true }],
    ["was reactivated before", { reactivated: true }],
  ])("is recorded as reactivated where it %s", async (_, more) => {
    const { outputs, warnings } = await refresh({ shares: [entry] }, recorded(more));
    expect(outputs).toEqual(recorded({ reactivated: true }));
    expect(warnings).toEqual([expect.stringMatching(/is live again\. The link works until/)]);
  });

  test("is not reactivated any more where the list shows it as removed, or should show it and does not", async () => {
    const reactivated = recorded({ reactivated: true });
    const removed = await refresh({ shares: [{ ...entry, removed: true }] }, reactivated);
    expect(removed.outputs).toEqual(recorded({ removed: true }));
    expect((await refresh({}, reactivated)).outputs).toEqual(recorded({ missing: true }));
  });

  test("after its end causes no request, no warning and no change", async () => {
    const { lifecycle, call, clock, warnings } = process({ shares: [{ ...entry, removed: true }] });
    clock.advance(8 * hour);
    const expired = recorded({ reactivated: true });
    expect((await lifecycle.read(id, expired, call)).outputs).toEqual(expired);
    expect(recurringWarning(id, expired, clock.now())).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("a state of an older release gets no diff", () => {
    const { lifecycle, call } = process();
    const olds = recorded({ missing: true });
    expect(lifecycle.diff(id, olds, { ...inputs }, call)).toEqual({ changes: false, properties: {} });
    expect(lifecycle.diff(id, recorded({ reactivated: true }), { ...inputs }, call).changes).toBe(false);
  });

  test.each<[string, Partial<SessionShareOutputs>, object, boolean]>([
    ["`adopt` with its fingerprint accepts that", {}, { adopt: fingerprintOf(key) }, false],
    ["`adopt` instead of another one too", { adopt: "0123456789abcdef" }, { adopt: fingerprintOf(key) }, false],
    ["`adopt` with another fingerprint does not", {}, { adopt: "0123456789abcdef" }, true],
    ["an unchanged `adopt` does not", { adopt: fingerprintOf(key) }, { adopt: fingerprintOf(key) }, true],
    ["a removed `adopt` does not", { adopt: fingerprintOf(key) }, {}, true],
    ["labels do not", {}, { labels: { ticket: "OPS-7" } }, true],
  ])("%s", async (_, more, news, stays) => {
    const { lifecycle, call } = process();
    const olds = recorded({ reactivated: true, ...more });
    const updated = await lifecycle.update(id, olds, { ...inputs, ...news }, call);
    expect(updated.reactivated).toBe(stays ? true : undefined);
  });

  test("a state without a fingerprint is never accepted", async () => {
    const { lifecycle, call } = process();
    const { fingerprint: _, ...olds } = recorded({ reactivated: true, adopt: "0123456789abcdef" });
    expect(await lifecycle.update(id, olds, inputs, call)).toMatchObject({ reactivated: true });
  });
});

describe("what cannot be read in our own entry", () => {
  test.each<[string, Partial<Share>]>([
    ["an unreadable end", { validTo: undefined as never, unreadable: ["valid_to"] }],
    ["an unreadable mode", { readonly: undefined as never, unreadable: ["readonly"] }],
    ["an unreadable creation", { createdAt: undefined as never, unreadable: ["created_at"] }],
    ["an unreadable `removed`", { unreadable: ["removed"] }],
    ["an ID that is not decimal", { id: "\u001b[2J::error::x", userId: "a b" }],
  ])("%s changes nothing", async (_, more) => {
    expect((await refresh({ shares: [{ ...entry, ...more }] })).outputs).toEqual(recorded());
  });

  test("decimal IDs are recorded", async () => {
    const { outputs } = await refresh({ shares: [{ ...entry, id: "848388532111147010", userId: "7" }] });
    expect(outputs).toMatchObject({ shareId: "848388532111147010", userId: "7" });
  });

  test("an infinite end never expires, also years after the requested end", async () => {
    const { outputs } = await refresh({ shares: [{ ...entry, validTo: "infinity" }] });
    expect(outputs).toMatchObject({ grantedTo: "infinity" });
    const { lifecycle, call, warnings, clock } = process();
    clock.advance(20_000 * hour);
    lifecycle.delete(id, outputs, call);
    expect(warnings).toEqual([expect.stringContaining("The link works until it is revoked")]);
  });

  test("an infinite start has begun", async () => {
    expect((await refresh({ shares: [{ ...entry, validSince: "-infinity" }] })).outputs).toMatchObject({
      grantedSince: "-infinity",
    });
  });

  test("a share recorded as removed counts as live again, and the warning says why", async () => {
    const { outputs, warnings } = await refresh(
      { shares: [{ ...entry, unreadable: ["removed"] }] },
      recorded({ removed: true }),
    );
    expect(outputs).toEqual(recorded({ reactivated: true }));
    expect(warnings).toEqual([expect.stringMatching(/`removed` that cannot be read, so it now counts as live/)]);
  });

  test.each([
    ["another share's key", `/sessions/2/?key=${"o".repeat(64)}`],
    ["another origin", `https://evil.example/?key=${key}`],
    ["no key", "/sessions/2/"],
  ])("a link with %s is not taken: the documented one stays, with a warning", async (_, listed) => {
    const { outputs, warnings } = await refresh({ shares: [{ ...entry, link: listed }] });
    expect(outputs).toEqual(recorded());
    expect(warnings).toEqual([expect.stringContaining("not a path with this share's own key")]);
  });

  test("a foreign link in the state is replaced by the documented one, although the list shows none", async () => {
    const olds = recorded({ link: "/sessions/2/?key=other", url: "https://fudo.example/sessions/2/?key=other" });
    expect((await refresh({ shares: [entry] }, olds)).outputs).toEqual(recorded());
  });
});

describe("get", () => {
  const get = async (given: Given) => {
    const { lifecycle, call, warnings } = process(given);
    return lifecycle.read(id, {}, call).then(
      ({ outputs }) => ({ outputs, warnings }),
      (error: unknown) => ({ error, warnings }),
    );
  };

  test.each<[string, Given, string, RegExp]>([
    [
      "the list has an entry without a key",
      { shares: [{ removed: false }] },
      "protocol",
      /without a readable key, which may be this share/,
    ],
    ["the response proves no absence", { provesAbsence: false }, "protocol", /no proof that the share is gone/],
    ["the list does not show it", {}, "not-found", /does not show it to this API user/],
    [
      "its end is unreadable",
      { shares: [{ ...entry, validTo: undefined as never, unreadable: ["valid_to"] }] },
      "protocol",
      /does not list its window and mode/,
    ],
  ])("fails where %s", async (_, given, code, text) => {
    expect(await get(given)).toMatchObject({ error: { code, message: expect.stringMatching(text) } });
  });

  test("finds the share beside unreadable entries, and reports the list's problems", async () => {
    const { outputs, warnings } = (await get({
      shares: [{ removed: false }, entry],
      problems: ["one entry is odd"],
    })) as never as { outputs: object; warnings: string[] };
    expect(outputs).toMatchObject({ key, fingerprint: fingerprintOf(key) });
    expect(warnings).toEqual([`session ${sessionId}: one entry is odd`]);
  });

  test("a foreign link is not handed out", async () => {
    const { outputs, warnings } = (await get({ shares: [{ ...entry, link: "/sessions/2/?key=other" }] })) as never as {
      outputs: object;
      warnings: string[];
    };
    expect(outputs).toMatchObject({ link: link });
    expect(warnings).toEqual([expect.stringContaining("not a path with this share's own key")]);
  });
});

describe("adopt", () => {
  const adopt = (given: Given) => {
    const { lifecycle, call } = process(given);
    return lifecycle.create({ ...inputs, adopt: fingerprintOf(key) }, call);
  };

  test.each<[string, Given, RegExp]>([
    ["an unreadable `removed`", { shares: [{ ...entry, unreadable: ["removed"] }] }, /`removed` cannot be read/],
    [
      "an unreadable `removed` in one of two entries",
      { shares: [entry, { ...entry, unreadable: ["removed"] }] },
      /`removed` cannot be read/,
    ],
    ["an entry without a key", { shares: [{ removed: false }] }, /without a readable key, which may be this share/],
    ["a response that proves no absence", { provesAbsence: false }, /no proof that the share is gone/],
    [
      "an unreadable end",
      { shares: [{ ...entry, validTo: undefined as never, unreadable: ["valid_to"] }] },
      /does not list its window/,
    ],
    ["an infinite end", { shares: [{ ...entry, validTo: "infinity" }] }, /no start or no end/],
  ])("refuses a list with %s", async (_, given, text) => {
    await expect(adopt(given)).rejects.toMatchObject({ code: "refused", message: expect.stringMatching(text) });
  });

  test("takes the share beside unreadable entries", async () => {
    expect((await adopt({ shares: [{ removed: false }, entry] })).id).toBe(id);
  });
});

describe("the state of another provider", () => {
  const foreign = { sessionId, fingerprint: fingerprintOf(key), key } as SessionShareOutputs;

  test.each(["42", "", `${sessionId}/`, `${sessionId}/${"0".repeat(15)}`, `x/${fingerprintOf(key)}`, `${id}/1`])(
    "an ID %j is refused by diff, read, update and delete in one sentence",
    async (wrongId) => {
      const { lifecycle, call } = process();
      const refused = expect.objectContaining({
        code: "rejected",
        message: expect.stringMatching(
          /^the state of this resource comes from another provider, .*remove the alias, or declare `adopt`/,
        ),
      });
      expect(() => lifecycle.diff(wrongId, foreign, inputs, call)).toThrow(refused);
      await expect(lifecycle.update(wrongId, foreign, inputs, call)).rejects.toEqual(refused);
      expect(() => lifecycle.delete(wrongId, foreign, call)).toThrow(refused);
      await expect(lifecycle.read(wrongId, foreign, call)).rejects.toEqual(refused);
      await expect(lifecycle.read(wrongId, { command: "x" } as never, call)).rejects.toEqual(refused);
    },
  );

  test("`get` with a malformed ID says what an ID looks like", async () => {
    const { lifecycle, call } = process();
    await expect(lifecycle.read("42", {}, call)).rejects.toThrow(/a SessionShare ID has the form/);
  });
});

describe("another appliance", () => {
  const other = "https://other.example";

  test("diff warns once for all shares of a process, names both origins, and changes nothing", () => {
    const { lifecycle, call, warnings } = process({ url: other });
    const olds = recordedShare();
    for (const name of [id, id, `${sessionId}/0123456789abcdef`]) {
      expect(lifecycle.diff(name, olds, inputs, call)).toEqual({ changes: false, properties: {} });
    }
    expect(warnings).toEqual([
      expect.stringMatching(
        /fudo:url names https:\/\/other\.example, but .* live on https:\/\/fudo\.example .*pulumi refresh/,
      ),
    ]);
  });

  test.each<[string, Partial<SessionShareOutputs>]>([
    ["expired", { validTo: "2025-05-15T12:30:00.000Z" }],
    ["removed", { removed: true }],
    ["of a state without an origin", { appliance: "" }],
  ])("a share that is %s causes no warning", (_, more) => {
    const { lifecycle, call, warnings } = process({ url: other });
    lifecycle.diff(id, recorded(more), { ...inputs, duration: undefined }, call);
    expect(warnings).toEqual([]);
  });

  test("an update of labels keeps the URL on the recorded appliance", async () => {
    const { lifecycle, call } = process({ url: other });
    const updated = await lifecycle.update(id, recorded(), { ...inputs, labels: { a: "b" } }, call);
    expect(updated).toMatchObject({ url: recorded().url, appliance: "https://fudo.example", labels: { a: "b" } });
  });

  test("a refresh that finds the share there updates `appliance` and `url`, once", async () => {
    const { lifecycle, call, warnings } = process({ url: other, shares: [entry] });
    const { outputs } = await lifecycle.read(id, recorded(), call);
    expect(outputs).toEqual({ ...recorded(), appliance: other, url: `${other}${recorded().link}` });
    expect(warnings).toEqual([
      expect.stringMatching(/was recorded on https:\/\/fudo\.example and is now listed by https:\/\/other/),
    ]);
    expect(lifecycle.diff(id, outputs, inputs, call)).toEqual({ changes: true, properties: {} });
    expect(lifecycle.diff(id, outputs, inputs, call).changes).toBe(false);
    expect(warnings).toHaveLength(1);
  });

  test("a refresh that does not find it warns, and the diff after it does not repeat that", async () => {
    const { lifecycle, call, warnings } = process({ url: other });
    const { outputs } = await lifecycle.read(id, recorded(), call);
    lifecycle.diff(id, outputs, inputs, call);
    expect(outputs).toEqual(recorded());
    expect(warnings).toEqual([expect.stringContaining("which does not list the share")]);
  });
});

describe("deletion", () => {
  const refusing = recorded({ deletionPolicy: "refuseWhileLive" });

  test("a share that this process has replaced is not warned about twice", () => {
    const { lifecycle, call, warnings } = process();
    lifecycle.diff(id, recorded(), { ...inputs, readonly: false }, call);
    lifecycle.delete(id, recorded(), call);
    expect(warnings).toEqual([expect.stringContaining("will be replaced by a new share")]);
    lifecycle.delete(`${sessionId}/0123456789abcdef`, recorded(), call);
    expect(warnings).toHaveLength(2);
  });

  test("`--replace` calls no diff, so the deletion warns", () => {
    const { lifecycle, call, warnings } = process();
    lifecycle.delete(id, recorded(), call);
    expect(warnings).toEqual([expect.stringContaining("NOT revoked")]);
  });

  test("a missing share is refused with the way out for one that was revoked", () => {
    const { lifecycle, call } = process();
    expect(() => lifecycle.delete(id, { ...refusing, missing: true }, call)).toThrow(
      /the link may still work until .* If you revoked it, run once with FUDO_ABANDON_LIVE=true in the environment/,
    );
    expect(() => lifecycle.delete(id, refusing, call)).toThrow(/Revoke it in the admin panel .* run `pulumi refresh`/);
    const abandoning = process({ abandonLive: true });
    abandoning.lifecycle.delete(id, { ...refusing, missing: true }, abandoning.call);
    expect(abandoning.warnings).toEqual([expect.stringContaining("The link may still work until")]);
  });

  test.each([
    ["an hour ahead", now - hour],
    ["a day ahead", now - 24 * hour],
  ])("the clock skew of a refresh counts: this machine's clock is %s", async (_, applianceTime) => {
    const { lifecycle, call, clock, warnings } = process({ applianceTime, shares: [entry] });
    await lifecycle.read(id, refusing, call);
    // By this machine's clock the share has expired half an hour ago.
    clock.advance(7.4 * hour);
    expect(() => lifecycle.delete(id, refusing, call)).toThrow(/refused to delete/);
    lifecycle.delete(id, recorded(), call);
    expect(warnings).toEqual([expect.stringContaining("NOT revoked")]);
  });

  test("an appliance's clock that is ahead does not make a live share expired", async () => {
    const { lifecycle, call } = process({ applianceTime: now + 100 * hour, shares: [entry] });
    await lifecycle.read(id, refusing, call);
    expect(() => lifecycle.delete(id, refusing, call)).toThrow(/refused to delete/);
  });

  test.each([
    ["within five minutes after the end", 4.9 * minute, 1],
    ["later", 5.1 * minute, 0],
  ])("%s the deletion warns: %d ms, %d warnings", (_, after, count) => {
    const { lifecycle, call, clock, warnings } = process();
    clock.advance(Date.parse("2025-05-15T20:00:00.000Z") - now + after);
    lifecycle.delete(id, recorded(), call);
    expect(warnings).toHaveLength(count);
  });

  test("a scheduled share's warning names its start too", () => {
    const { lifecycle, call, warnings } = process();
    lifecycle.delete(id, recorded({ validSince: "2025-05-15T18:00:00.000Z" }), call);
    expect(warnings).toEqual([
      expect.stringContaining("The link works from 2025-05-15 18:00 UTC to 2025-05-15 20:00 UTC."),
    ]);
  });
});

describe("any entry of the list replaced by random JSON", () => {
  const wire = {
    key,
    readonly: true,
    valid_since: "2025-05-15 12:00:00+00",
    valid_to: "2025-05-15 20:00:00+00",
    created_at: "2025-05-15 12:00:00+00",
  };
  const request = { method: "GET", path: "/x", origin: "https://fudo.example", apiKeySource: "here" } as const;
  const parsed = (list: readonly unknown[]): ShareList => {
    const body = Buffer.from(JSON.stringify({ result: "success", session_share: list }));
    return readShareList(checkResponse({ status: 200, statusText: "OK", headers: {}, body }, request, now));
  };
  const attribute = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom("infinity", "-infinity", "10000-01-01 00:00:00+00", "********", "t", "no", " ", 1, null),
  );
  const names = ["key", "removed", "readonly", "valid_since", "valid_to", "link", "created_at", "id", "user_id"];
  const anyEntry = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom(...names), attribute),
    fc.dictionary(fc.constantFrom(...names.slice(1)), attribute).map((more) => ({ key: key.toLowerCase(), ...more })),
  );

  test("leaves the judgement of our own listed share as it is", async () => {
    const expected = (await refresh(parsed([wire]))).outputs;
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 4 }), fc.nat(4), async (others, position) => {
        fc.pre(!JSON.stringify(others).includes(key));
        const list = parsed(others.toSpliced(position, 0, wire));
        expect((await refresh(list)).outputs).toEqual(expected);
        const { lifecycle, call } = process(list);
        const adopted = await lifecycle.create({ ...inputs, adopt: fingerprintOf(key) }, call);
        expect(adopted.outputs).toMatchObject({ key, validTo: "2025-05-15T20:00:00.000Z" });
      }),
      { numRuns: 1000 },
    );
  });

  test("never makes our unlisted share missing where one of them may be it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry, { maxLength: 4 }), async (others) => {
        fc.pre(!JSON.stringify(others).includes(key));
        const list = parsed(others);
        const { outputs } = await refresh(list);
        const isUnclear = list.shares.some((share) => share.key === undefined);
        expect(outputs.missing).toBe(isUnclear ? undefined : true);
      }),
      { numRuns: 1000 },
    );
  });
});
