// Stories of later runs: nothing changes by itself, and what a refresh finds is told, never overruled.
import type { StartDriver, Values } from "../../support/drivers/driver";
import { calls, inHours, inWorld, openWindow, ownNotices, type WorldOptions } from "../../support/contract-suite";

export function tellOfLaterRuns(start: StartDriver, options?: WorldOptions): void {
  const world = inWorld(start, options);
  const past = { validSince: inHours(-9), validTo: inHours(-1) };

  test("the same program changes nothing and calls nobody", async () => {
    const { emulator, declare, restart } = world();
    const { id, inputs, outputs } = await declare();
    emulator.resetRequests();
    const driver = await restart();
    const { duration, sessionId } = inputs;
    const checked = await driver.check(inputs, { sessionId, duration });
    expect(checked).toEqual({ inputs, failures: [] });
    expect(await driver.diff(id, outputs, checked.inputs)).toEqual({ changes: false, replaces: [] });
    expect(emulator.requests).toEqual([]);
  });

  test.each<[string, Values, string[]]>([
    ["another session", { sessionId: "7" }, ["sessionId"]],
    ["a start", { validSince: inHours(1) }, ["validSince"]],
    ["another end", { validTo: inHours(9) }, ["validTo"]],
    ["interactive", { readonly: false }, ["readonly"]],
    ["labels", { labels: { ticket: "OPS-2" } }, []],
  ])("%s: replaced only where the vendor's page says immutable", async (_, change, replaces) => {
    const { declare, driver } = world();
    const { id, inputs, outputs } = await declare(openWindow());
    expect(await driver.diff(id, outputs, { ...inputs, ...change })).toEqual({ changes: true, replaces });
  });

  test("labels, policy and public address change in the state alone, and nothing else is lost", async () => {
    const { emulator, declare, restart } = world();
    const { id, inputs, outputs } = await declare();
    emulator.resetRequests();
    const driver = await restart({ config: { "fudo:publicUrl": "https://vendors.example" } });
    const news = { ...inputs, labels: { ticket: "OPS-2" }, deletionPolicy: "refuseWhileLive" };
    const updated = await driver.update(id, outputs, news);
    expect(updated).toEqual({
      ...outputs,
      labels: { ticket: "OPS-2" },
      deletionPolicy: "refuseWhileLive",
      url: `https://vendors.example${String(outputs["link"])}`,
    });
    expect(await driver.diff(id, updated, news)).toEqual({ changes: false, replaces: [] });
    expect(emulator.requests).toEqual([]);
  });

  test("a refresh of a share as it should be changes nothing", async () => {
    const { declare, restart } = world();
    const { id, inputs, outputs } = await declare();
    const driver = await restart();
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(await driver.diff(id, outputs, inputs)).toEqual({ changes: false, replaces: [] });
    expect(driver.notices()).toEqual([]);
  });

  test("one list answers the reads of its session, also right after the start", async () => {
    const { emulator, declare, restart } = world();
    const shares = await Promise.all(Array.from({ length: 8 }, () => declare()));
    emulator.resetRequests();
    const driver = await restart();
    const read = await Promise.all(shares.map(({ id, outputs }) => driver.read(id, outputs)));
    expect(read).toEqual(shares.map(({ outputs }) => outputs));
    expect(calls(emulator)).toEqual(["GET 200"]);
  });

  describe("an administrator's revocation", () => {
    test("flagged as removed: shown as one update, said, and quiet on the run after", async () => {
      const { emulator, declare, restart, replicated } = world();
      emulator.behaviour.removedShares = "flagged";
      const { id, inputs, outputs } = await declare(openWindow());
      emulator.revoke(String(outputs["key"]));
      await replicated();
      const driver = await restart();
      const read = await driver.read(id, outputs);
      expect(read).toEqual({ ...outputs, removed: true, modifiedAt: expect.any(String) });
      expect(driver.notices()).toEqual([
        expect.stringMatching(/access was withdrawn on the appliance.*not granted again by itself/),
      ]);
      expect(await driver.diff(id, read, inputs)).toEqual({ changes: true, replaces: [] });
      expect(await driver.diff(id, read, inputs)).toEqual({ changes: false, replaces: [] });
      const later = await restart();
      expect(await later.read(id, read)).toEqual(read);
      expect(await later.diff(id, read, inputs)).toEqual({ changes: false, replaces: [] });
    });

    test("no longer listed: missing, the link may still work, never gone", async () => {
      const { emulator, declare, restart, replicated } = world();
      const { id, inputs, outputs } = await declare(openWindow());
      emulator.revoke(String(outputs["key"]));
      await replicated();
      const driver = await restart();
      const read = await driver.read(id, outputs);
      // Listed as if nothing had happened, it cannot be told from a live one; flagged, it is the story before.
      if (emulator.behaviour.removedShares !== "hidden") return expect(read["missing"]).toBeUndefined();
      expect(read).toEqual({ ...outputs, missing: true });
      expect(driver.notices()).toEqual([
        expect.stringMatching(
          /no longer shown to this API user: revoked, removed or not visible; the link may still work/,
        ),
      ]);
      expect(await driver.diff(id, read, inputs)).toEqual({ changes: true, replaces: [] });
    });

    test("undone by a restored backup: a warning that it works again, shown as one update", async () => {
      const { emulator, declare, restart } = world();
      const { id, inputs, outputs } = await declare(openWindow());
      const driver = await restart();
      expect(await driver.read(id, { ...outputs, removed: true })).toEqual(outputs);
      expect(await driver.diff(id, outputs, inputs)).toEqual({ changes: true, replaces: [] });
      expect(driver.notices()).toEqual([
        expect.stringMatching(/was known as removed and is shown again: its link works again until/),
      ]);
      expect(emulator.shares()).toHaveLength(1);
    });

    test("of a share that is granted anew the preview says so", async () => {
      const { emulator, declare, driver } = world();
      const { id, inputs, outputs } = await declare(openWindow());
      await driver.diff(id, { ...outputs, removed: true }, { ...inputs, readonly: false });
      expect(ownNotices(driver, emulator)).toEqual([expect.stringMatching(/this replacement grants access again/)]);
    });
  });

  describe("absence", () => {
    test("a removed session: missing", async () => {
      const { emulator, declare, restart, sessionId } = world();
      const { id, outputs } = await declare(openWindow());
      emulator.removeSession(sessionId);
      const read = (await restart()).read(id, outputs);
      const { unknownSession, notFoundBody } = emulator.behaviour;
      // A 404 without the appliance's own words may come from anybody.
      if (unknownSession === "404" && notFoundBody !== "failure")
        return expect(read).rejects.toMatchObject({ code: "not-found" });
      expect(await read).toEqual({ ...outputs, missing: true });
    });

    test("lost rights on the share: missing, and back when the rights are", async () => {
      const { emulator, declare, restart } = world();
      const { id, outputs } = await declare(openWindow());
      emulator.denyAccess(String(outputs["key"]));
      const missing = await (await restart()).read(id, outputs);
      expect(missing).toEqual({ ...outputs, missing: true });
      emulator.allowAccess(String(outputs["key"]));
      expect(await (await restart()).read(id, missing)).toEqual(outputs);
    });

    test.each<[string, Values]>([
      ["in the first five minutes", { validSince: inHours(0), validTo: inHours(8) }],
      ["in the last five minutes", { validSince: inHours(-8), validTo: inHours(4 / 60) }],
      ["before the start", { validSince: inHours(2), validTo: inHours(8) }],
    ])("counts for nothing %s", async (_, window) => {
      const { emulator, declare, restart } = world();
      const { id, outputs } = await declare(window);
      emulator.denyAccess(String(outputs["key"]));
      expect(await (await restart()).read(id, outputs)).toEqual(outputs);
    });

    test("on another appliance proves nothing: kept, with a warning that names both", async () => {
      const { emulator, declare, restart, sessionId } = world();
      const { id, outputs } = await declare(openWindow());
      const other = await restart({ config: { "fudo:url": emulator.url.replace("127.0.0.1", "localhost") } });
      expect(await other.read(id, outputs)).toMatchObject({
        appliance: emulator.url.replace("127.0.0.1", "localhost"),
        fingerprint: outputs["fingerprint"],
      });
      emulator.denyAccess(sessionId);
      emulator.behaviour.unseenSession = "empty";
      const away = await restart({ config: { "fudo:url": emulator.url.replace("127.0.0.1", "localhost") } });
      expect(await away.read(id, outputs)).toEqual(outputs);
      expect(away.notices()).toEqual([
        expect.stringContaining(`lives on ${emulator.url} and is not shown by http://localhost`),
      ]);
    });
  });

  test.each([
    ["401", { kind: "failure", status: 401 }, "unauthorized"],
    ["403", { kind: "failure", status: 403 }, "unauthorized"],
    ["500 that asks to come back much later", { kind: "failure", status: 500, retryAfter: 3600 }, "unavailable"],
    ["a proxy's 404", { kind: "html", status: 404 }, "not-found"],
    ["an empty 404", { kind: "bare", status: 404 }, "not-found"],
    ["a list cut short", { kind: "truncated" }, "protocol"],
    ["a failure with 200", { kind: "failure", status: 200 }, "rejected"],
    ["entries without keys", { kind: "without", attribute: "key" }, "protocol"],
  ] as const)("%s is an error on refresh, never absence", async (_, fault, code) => {
    const { emulator, declare, restart } = world();
    const { id, outputs } = await declare(openWindow());
    emulator.fault({ on: "GET", ...fault, times: 3 });
    await expect((await restart()).read(id, outputs)).rejects.toMatchObject({ code });
  });

  test.each([
    ["unknown attributes", { kind: "unknownAttributes" }],
    ["every entry twice", { kind: "duplicate" }],
    ["another order", { kind: "shuffle" }],
    ["no created_at", { kind: "without", attribute: "created_at" }],
    ["no link", { kind: "without", attribute: "link" }],
    ["no window", { kind: "without", attribute: "valid_to" }],
  ] as const)("a list with %s is a good list", async (_, fault) => {
    const { emulator, declare, restart } = world();
    const { id, outputs } = await declare();
    emulator.fault({ on: "GET", ...fault });
    expect(await (await restart()).read(id, outputs)).toEqual(outputs);
  });

  test("an ended share is not read, not changed and not mentioned, for ever", async () => {
    const { emulator, declare, restart } = world();
    const { id, inputs, outputs } = await declare(openWindow());
    emulator.resetRequests();
    const driver = await restart();
    const { grantedSince: _since, grantedTo: _to, ...asked } = outputs;
    const ended = { ...asked, ...past };
    expect(await driver.read(id, ended)).toEqual(ended);
    const checked = await driver.check({ ...inputs, ...past }, { ...inputs, ...past });
    expect(checked.failures).toEqual([]);
    expect(await driver.diff(id, ended, checked.inputs)).toEqual({ changes: false, replaces: [] });
    await driver.delete(id, ended);
    expect(driver.notices()).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  describe("delete", () => {
    test("tells until when the link can be opened, and where to revoke it, and calls nobody", async () => {
      const { emulator, declare, driver } = world();
      const { id, outputs } = await declare(openWindow());
      emulator.resetRequests();
      await driver.delete(id, outputs);
      expect(ownNotices(driver, emulator)).toEqual([
        expect.stringMatching(
          /is forgotten, not revoked: the API cannot revoke.*until .* \(in (8 h|7 h 5\d min)\).*Management > Sessions/,
        ),
      ]);
      expect(emulator.requests).toEqual([]);
    });

    test("refuseWhileLive refuses while the link may work, and lets go knowingly", async () => {
      const { declare, driver, restart } = world();
      const { id, outputs } = await declare({ ...openWindow(), deletionPolicy: "refuseWhileLive" });
      await expect(driver.delete(id, outputs)).rejects.toMatchObject({
        code: "refused",
        message: expect.stringContaining("FUDO_ABANDON_LIVE=true"),
      });
      await expect(driver.delete(id, { ...outputs, missing: true })).rejects.toMatchObject({ code: "refused" });
      await driver.delete(id, { ...outputs, removed: true });
      const knowingly = await restart({ environment: { FUDO_ABANDON_LIVE: "true" } });
      await knowingly.delete(id, outputs);
      expect(knowingly.notices()).toEqual([expect.stringContaining("is forgotten, not revoked")]);
    });
  });

  describe("get", () => {
    test("a present share, ended or not, is looked up", async () => {
      const { emulator, declare, driver } = world();
      const { id, outputs } = await declare();
      const { validTo } = emulator.shares()[0]!;
      expect(await driver.read(id, {})).toMatchObject({
        key: outputs["key"],
        url: outputs["url"],
        validTo,
        readonly: true,
      });
    });

    test("a missing share is an error", async () => {
      const { driver, sessionId } = world();
      await expect(driver.read(`${sessionId}/${"0".repeat(16)}`, {})).rejects.toMatchObject({ code: "not-found" });
      await expect(driver.read(`7/${"0".repeat(16)}`, {})).rejects.toMatchObject({ code: "not-found" });
    });

    test("a malformed ID fails before any call, with the expected shape and without its value", async () => {
      const { emulator, driver } = world();
      const link = "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";
      const failure: unknown = await driver.read(link, {}).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: "rejected",
        message: expect.stringContaining("<sessionId>/<fingerprint>"),
      });
      expect(String((failure as Error).message)).not.toContain("gHJNP5");
      expect(emulator.requests).toEqual([]);
    });
  });
}
