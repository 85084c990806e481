// Stories of creation: one POST for one declaration, whatever else fails.
import { createHash } from "node:crypto";
import type { Emulator, ShareRecord } from "../../../provider/emulator";
import type { StartDriver } from "../../support/drivers/driver";
import {
  calls,
  hour,
  inHours,
  inWorld,
  kept,
  lags,
  openWindow,
  ownNotices,
  posted,
  type WorldOptions,
} from "../../support/contract-suite";

/** Whole seconds or minutes only: a drawn window cannot be recognized before a share of ours has shown it. */
const cuts = ({ behaviour }: Emulator) =>
  behaviour.storedWindows === "seconds" || behaviour.storedWindows === "minutes";
/** The link as a list tells it, which may name another session. */
const shownLink = ({ behaviour }: Emulator, { link, key }: ShareRecord): unknown =>
  behaviour.shownSessionId === "path" ? link : expect.stringMatching(new RegExp(`^/sessions/\\d+/\\?key=${key}$`));
const uncertainOf = (key: string) => ({
  status: "rejected",
  reason: { code: "uncertain", message: expect.stringContaining(fingerprintOf(key)) },
});
const fingerprintOf = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 16);

export function tellOfCreation(start: StartDriver, options?: WorldOptions): void {
  const world = inWorld(start, options);

  test("a share is created once, with the vendor's own requests, and its outputs are filled by a list", async () => {
    const { emulator, declare, sessionId } = world();
    const { id, outputs } = await declare({ duration: "PT8H", labels: { vendor: "acme" } });
    const [share] = emulator.shares();
    expect(emulator.shares()).toHaveLength(1);
    expect(id).toBe(`${sessionId}/${fingerprintOf(share!.key)}`);
    expect(outputs).toMatchObject({
      sessionId,
      readonly: true,
      labels: { vendor: "acme" },
      duration: "PT8H",
      key: share!.key,
      link: shownLink(emulator, share!),
      url: expect.stringMatching(/^http:/),
      appliance: emulator.url,
      fingerprint: fingerprintOf(share!.key),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    expect(outputs["url"]).toBe(emulator.url + String(outputs["link"]));
    expect(share).toMatchObject(kept(emulator, outputs));
    const completed = calls(emulator).slice(0, lags(emulator) ? 3 : undefined);
    expect(completed).toEqual(["GET 200", posted(emulator), "GET 200"]);
    expect(new Set(emulator.requests.map(({ path }) => path))).toEqual(new Set([`/api/v2/session/${sessionId}/share`]));
    expect(new Set(emulator.requests.map(({ authorization }) => authorization))).toEqual(new Set([emulator.apiKey]));
    expect(JSON.parse(emulator.requests[1]!.body)).toEqual({
      valid_since: outputs["validSince"],
      valid_to: outputs["validTo"],
      readonly: true,
    });
  });

  test("a drawn window begins now, lasts as long as declared, and its fraction of a second is our own", async () => {
    const before = Date.now();
    const { outputs } = await world().declare();
    const [since, to] = [Date.parse(String(outputs["validSince"])), Date.parse(String(outputs["validTo"]))];
    expect(since).toBeGreaterThan(before - 2000);
    expect(since).toBeLessThanOrEqual(Date.now());
    expect(since % 1000).not.toBe(0);
    expect(to - since).toBe(8 * hour);
  });

  test("declared instants are sent as declared, to the millisecond", async () => {
    const window = { validSince: inHours(1), validTo: inHours(2) };
    const { emulator, declare } = world();
    await declare({ ...window, readonly: false });
    const post = emulator.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(post!.body)).toEqual({
      valid_since: window.validSince,
      valid_to: window.validTo,
      readonly: false,
    });
    expect(emulator.shares()[0]).toMatchObject({ ...kept(emulator, window), readonly: false });
  });

  test("creations on one session take turns, on different sessions go side by side", async () => {
    const { emulator, declare } = world();
    const [one, two] = emulator.sessions;
    const gate = emulator.hold({ on: "POST" });
    const creations = [one, one, one, two].map((sessionId) => declare({ sessionId, duration: "PT1H" }));
    await gate.arrived(2);
    expect(
      emulator.requests
        .filter(({ method }) => method === "POST")
        .map(({ path }) => path)
        .sort(),
    ).toEqual([one, two].map((sessionId) => `/api/v2/session/${sessionId}/share`).sort());
    gate.release();
    const ids = (await Promise.all(creations)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(emulator.shares()).toHaveLength(4);
  });

  test("one list may complete several creations", async () => {
    const { emulator, declare } = world();
    const gate = emulator.hold({ on: "POST" });
    const creations = Array.from({ length: 6 }, () => declare());
    await gate.arrived();
    gate.release();
    await Promise.all(creations);
    expect(calls(emulator).filter((call) => call === posted(emulator))).toHaveLength(6);
    // A clock that skips its pauses waits for nobody.
    if (options?.virtual === undefined && !lags(emulator))
      expect(calls(emulator).filter((call) => call === "GET 200").length).toBeLessThanOrEqual(3);
  });

  test("a 429 was not executed and is tried again", async () => {
    const { emulator, declare } = world();
    emulator.fault({ on: "POST", kind: "failure", status: 429, retryAfter: 0 });
    await declare();
    expect(calls(emulator).slice(0, 4)).toEqual(["GET 200", "POST 429", posted(emulator), "GET 200"]);
    expect(emulator.shares()).toHaveLength(1);
  });

  test.each([
    ["400 of a wrong body", { kind: "failure", status: 400 }, "rejected"],
    ["a 200 that says failure", { kind: "failure", status: 200 }, "rejected"],
    ["401", { kind: "failure", status: 401 }, "unauthorized"],
    ["403", { kind: "failure", status: 403 }, "unauthorized"],
    ["404", { kind: "failure", status: 404 }, "not-found"],
    ["409", { kind: "failure", status: 409 }, "conflict"],
  ] as const)("%s was not executed: the creation fails at once, and nothing is sent again", async (_, fault, code) => {
    const { emulator, declare } = world();
    emulator.fault({ on: "POST", ...fault });
    await expect(declare()).rejects.toMatchObject({ code });
    expect(calls(emulator).map((call) => call.split(" ")[0])).toEqual(["GET", "POST"]);
    expect(emulator.shares()).toEqual([]);
  });

  test("without a baseline nothing is sent", async () => {
    const { emulator, declare } = world();
    emulator.fault({ on: "GET", kind: "failure", status: 403 });
    await expect(declare()).rejects.toMatchObject({ code: "unauthorized" });
    expect(calls(emulator)).toEqual(["GET 403"]);
  });

  test("a failed baseline is not remembered", async () => {
    const { emulator, declare } = world();
    emulator.fault({ on: "GET", kind: "failure", status: 403 });
    await expect(declare()).rejects.toThrow();
    await expect(declare()).resolves.toBeDefined();
  });

  test.each([
    ["reset", { kind: "reset" }],
    ["closed half-way", { kind: "halfClose", responseBytes: 200 }],
    ["cut short", { kind: "truncated" }],
    ["a proxy's 502", { kind: "html", status: 502 }],
    ["a proxy's 200", { kind: "html", status: 200 }],
    ["503", { kind: "failure", status: 503 }],
    ["a proxy's 408", { kind: "html", status: 408 }],
    ["a filter's 403", { kind: "html", status: 403 }],
    ["a redirect", { kind: "bare", status: 302, headers: { Location: "https://elsewhere.example/" } }],
    ["bad gzip", { kind: "badGzip" }],
  ] as const)(
    "an answer that is lost (%s) after the share was made: found, owned, said, never sent again",
    async (_, fault) => {
      const { emulator, declare, driver } = world();
      emulator.fault({ on: "POST", when: "after", ...fault });
      const [outcome] = await Promise.allSettled([declare()]);
      const [share, ...others] = emulator.shares();
      expect(others).toEqual([]);
      expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
      if (cuts(emulator)) return expect(outcome).toMatchObject(uncertainOf(share!.key));
      expect(outcome).toMatchObject({ status: "fulfilled", value: { outputs: { key: share!.key } } });
      expect(ownNotices(driver, emulator)).toEqual([
        expect.stringMatching(/the answer to its creation was lost; the share was found/),
      ]);
    },
  );

  test("a lost answer among others on the session is told apart", async () => {
    const { emulator, declare } = world();
    emulator.addShare(world().sessionId, {});
    emulator.fault({ on: "POST", when: "after", kind: "reset", skip: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => declare()));
    const keys = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value.outputs["key"]] : []));
    const uncertain = outcomes.filter(({ status }) => status === "rejected");
    expect(emulator.shares()).toHaveLength(7);
    expect(new Set(keys).size).toBe(cuts(emulator) ? 5 : 6);
    expect(uncertain).toEqual(
      cuts(emulator) ? [expect.objectContaining({ reason: expect.objectContaining({ code: "uncertain" }) })] : [],
    );
  });

  test("a list that fails after the creation is no failure: said, and completed by the next refresh", async () => {
    const { emulator, declare, driver } = world();
    emulator.fault({ on: "GET", kind: "failure", status: 403, skip: 1 });
    const { id, outputs } = await declare();
    expect(outputs["createdAt"] === undefined).toBe(!lags(emulator));
    expect(outputs["link"]).toBe(emulator.shares()[0]!.link);
    expect(ownNotices(driver, emulator)).toEqual([
      expect.stringMatching(/is created and its link is built as documented, but its session's list failed/),
    ]);
    const { url: _, ...others } = outputs;
    expect(await driver.read(id, outputs)).toMatchObject({
      ...others,
      link: shownLink(emulator, emulator.shares()[0]!),
      createdAt: expect.any(String),
    });
  });

  test("what was granted otherwise is an output and a notice, and no difference on the next run", async () => {
    const { emulator, declare, driver } = world();
    emulator.behaviour.longestWindow = 3600;
    if (emulator.behaviour.overlongWindow === "refused")
      return expect(declare()).rejects.toMatchObject({
        code: "rejected",
        message: expect.stringContaining("too long"),
      });
    const { id, inputs, outputs } = await declare();
    expect(outputs["grantedTo"]).toBe(emulator.shares()[0]!.validTo);
    if (!lags(emulator)) expect(driver.notices()).toEqual([expect.stringMatching(/the appliance granted .* not /)]);
    expect(await driver.diff(id, outputs, inputs)).toEqual({ changes: false, replaces: [] });
  });

  test("a wrong key is one sentence that says where the key came from", async () => {
    const { emulator, restart, declare } = world();
    const driver = await restart({ config: { "fudo:apiKey": "wrongwrongwrong" } });
    await expect(declare({ duration: "PT1H" }, driver)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/401.*fudo:apiKey/),
    });
    await expect(declare({ duration: "PT1H" }, driver)).rejects.not.toThrow(/wrongwrong/);
    expect(emulator.shares()).toEqual([]);
  });

  describe("adopt", () => {
    const adoptable = async () => {
      const { emulator, sessionId, replicated } = world();
      const now = Date.now();
      const share = emulator.addShare(sessionId, { validSince: now - hour, validTo: now + 7 * hour });
      await replicated();
      emulator.resetRequests();
      return share;
    };

    test("takes over exactly the named share, without a POST, and the next run changes nothing", async () => {
      const { emulator, declare, driver } = world();
      const share = await adoptable();
      const { id, inputs, outputs } = await declare({ duration: "PT8H", adopt: fingerprintOf(share.key) });
      expect(outputs).toMatchObject({ key: share.key, validSince: share.validSince, validTo: share.validTo });
      expect(calls(emulator).slice(0, lags(emulator) ? 1 : undefined)).toEqual(["GET 200"]);
      expect(await driver.diff(id, outputs, inputs)).toMatchObject({ changes: false });
    });

    test("a window some seconds off fits, and is not replaced afterwards", async () => {
      const { declare, driver } = world();
      const share = await adoptable();
      const validTo = new Date(Date.parse(share.validTo) + 20_000).toISOString();
      const { id, inputs, outputs } = await declare({ validTo, adopt: fingerprintOf(share.key) });
      expect(await driver.diff(id, outputs, inputs)).toMatchObject({ changes: false });
      const { adopt: _, ...without } = inputs;
      expect(await driver.diff(id, outputs, without)).toEqual({ changes: true, replaces: [] });
    });

    test.each<[string, object, RegExp]>([
      ["another mode", { duration: "PT8H", readonly: false }, /it is readonly, the program declares readonly: false/],
      ["another length", { duration: "PT9H" }, /its window is 8 h long/],
      ["another end", { validTo: inHours(3) }, /it ends at/],
    ])("%s does not fit: refused, and never a POST", async (_, inputs, why) => {
      const { emulator, declare } = world();
      const share = await adoptable();
      await expect(declare({ ...inputs, adopt: fingerprintOf(share.key) })).rejects.toMatchObject({
        code: "refused",
        message: expect.stringMatching(new RegExp(`${why.source}.*Remove \`adopt\``)),
      });
      expect(calls(emulator)).toEqual(["GET 200"]);
    });

    test("a share that is not listed, or removed, is refused", async () => {
      const { emulator, declare, replicated } = world();
      const share = await adoptable();
      await expect(declare({ duration: "PT8H", adopt: "0".repeat(16) })).rejects.toMatchObject({ code: "refused" });
      emulator.behaviour.removedShares = "flagged";
      emulator.revoke(share.key);
      await replicated();
      await expect(declare({ duration: "PT8H", adopt: fingerprintOf(share.key) })).rejects.toThrow(
        /it was removed on the appliance/,
      );
    });

    test("two resources cannot adopt one share", async () => {
      const { declare } = world();
      const share = await adoptable();
      const adopt = { duration: "PT8H", adopt: fingerprintOf(share.key) };
      const [first, second] = await Promise.allSettled([declare(adopt), declare(adopt)]);
      expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
    });
  });

  test("a replacement is a share of its own", async () => {
    const { declare, driver, emulator } = world();
    const old = await declare({ ...openWindow() });
    expect(await driver.diff(old.id, old.outputs, { ...old.inputs, readonly: false })).toEqual({
      changes: true,
      replaces: ["readonly"],
    });
    const { outputs } = await declare({ ...openWindow(), readonly: false });
    await driver.delete(old.id, old.outputs);
    expect(outputs["key"]).not.toBe(old.outputs["key"]);
    expect(driver.notices().join("\n")).toMatch(
      /is to be replaced.*old link can be opened until[^]*is forgotten, not revoked/,
    );
    expect(emulator.shares()).toHaveLength(2);
  });
}
