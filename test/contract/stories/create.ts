// Stories of create: one POST for one declaration.
import type { StartDriver } from "../../support/drivers/driver";
import { contractSuite, hour, inHours, openWindow, requestsOf, results } from "../../support/contract-suite";
import type { SuiteOptions } from "../../support/contract-suite";
import { fingerprintOf } from "../../support/contract-expected";

export function createStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test("a share is created once, with the vendor's documented requests, and a list fills its outputs", async () => {
    const { emulator, declare, sessionId, expected } = suite();
    const { id, outputs, requests } = await declare({ duration: "PT8H", labels: { vendor: "acme" } });
    const [share] = emulator.shares();
    expect(emulator.shares()).toHaveLength(1);
    expect(id).toBe(`${sessionId}/${fingerprintOf(share!.key)}`);
    expect(outputs).toMatchObject({
      sessionId,
      readonly: true,
      labels: { vendor: "acme" },
      duration: "PT8H",
      key: share!.key,
      link: expected.listedLink(share!),
      url: expect.stringMatching(/^http:/),
      appliance: emulator.url,
      fingerprint: fingerprintOf(share!.key),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    });
    const { userId, shareId } = outputs;
    expect({ userId, shareId }).toEqual(expected.listedIds);
    expect(outputs["url"]).toBe(emulator.url + String(outputs["link"]));
    expect(share).toMatchObject(expected.storedWindow(outputs));
    expect(requests).toEqual(["GET 200", `POST ${expected.postStatus}`, "GET 200"]);
    expect(new Set(emulator.requests.map(({ path }) => path))).toEqual(new Set([`/api/v2/session/${sessionId}/share`]));
    expect(new Set(emulator.requests.map(({ authorization }) => authorization))).toEqual(new Set([emulator.apiKey]));
    expect(JSON.parse(emulator.requests[1]!.body)).toEqual({
      valid_since: outputs["validSince"],
      valid_to: outputs["validTo"],
      readonly: true,
    });
  });

  test("a generated window starts now, lasts as long as declared, and has its own fraction of a second", async () => {
    const before = Date.now();
    const { declare, expected } = suite();
    const { outputs } = await declare();
    const [since, to] = [Date.parse(String(outputs["validSince"])), Date.parse(String(outputs["validTo"]))];
    expect(since).toBeGreaterThan(before - expected.generatedStart.age);
    expect(since).toBeLessThanOrEqual(Date.now());
    expect(since % 1000).not.toBe(0);
    expect(to - since).toBeGreaterThanOrEqual(8 * hour);
    expect(to - since).toBeLessThanOrEqual(8 * hour + expected.generatedStart.extra);
  });

  test("declared instants are sent as declared, to the millisecond", async () => {
    const window = { validSince: inHours(1), validTo: inHours(2) };
    const { emulator, declare, driver, expected } = suite();
    await declare({ ...window, readonly: false });
    const post = emulator.requests.find(({ method }) => method === "POST");
    expect(JSON.parse(post!.body)).toEqual({
      valid_since: window.validSince,
      valid_to: window.validTo,
      readonly: false,
    });
    expect(emulator.shares()[0]).toMatchObject({ ...expected.storedWindow(window), readonly: false });
    expect(driver.warnings()).toEqual(expected.laterStartWarnings);
  });

  test("POSTs on one session queue, POSTs on different sessions run in parallel", async () => {
    const { emulator, declare } = suite();
    const [one, two] = emulator.sessions;
    const gate = emulator.hold({ on: "POST" });
    const creates = [one, one, one, two].map((sessionId) => declare({ sessionId, duration: "PT1H" }));
    await gate.arrived(2);
    const posts = emulator.requests.filter(({ method }) => method === "POST");
    expect(posts.map(({ path }) => path).sort()).toEqual(
      [one, two].map((sessionId) => `/api/v2/session/${sessionId}/share`).sort(),
    );
    gate.release();
    const ids = (await Promise.all(creates)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expect(emulator.shares()).toHaveLength(4);
  });

  test("one list may complete several creates", async () => {
    const { emulator, create, expected } = suite();
    const gate = emulator.hold({ on: "POST" });
    const creates = Array.from({ length: 6 }, () => create());
    await gate.arrived();
    gate.release();
    await Promise.all(creates);
    const requests = requestsOf(emulator);
    expect(requests.filter((request) => request === `POST ${expected.postStatus}`)).toHaveLength(6);
    expect(requests.filter((request) => request === "GET 200").length).toBeLessThanOrEqual(3);
  });

  test("a POST with the response 429 was not executed and is sent again", async () => {
    const { emulator, declare, expected } = suite();
    emulator.fault({ on: "POST", kind: "failure", status: 429, retryAfter: 0 });
    const { requests } = await declare();
    expect(requests).toEqual(["GET 200", "POST 429", `POST ${expected.postStatus}`, "GET 200"]);
    expect(emulator.shares()).toHaveLength(1);
  });

  test.each([
    ["the appliance's 400", { kind: "failure", status: 400 }, "rejected"],
    ["the appliance's failure with 200", { kind: "failure", status: 200 }, "rejected"],
    ["the appliance's 401", { kind: "failure", status: 401 }, "unauthorized"],
    ["the appliance's 403", { kind: "failure", status: 403 }, "unauthorized"],
    ["the appliance's 404", { kind: "failure", status: 404 }, "not-found"],
    ["the appliance's 409", { kind: "failure", status: 409 }, "conflict"],
  ] as const)(
    "%s: the POST was not executed, the create fails at once, nothing is sent again",
    async (_, fault, code) => {
      const { emulator, declare } = suite();
      emulator.fault({ on: "POST", ...fault });
      await expect(declare()).rejects.toMatchObject({ code });
      expect(emulator.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
      expect(emulator.shares()).toEqual([]);
    },
  );

  test("no POST is sent without a snapshot", async () => {
    const { emulator, declare } = suite();
    emulator.fault({ on: "GET", kind: "failure", status: 403 });
    await expect(declare()).rejects.toMatchObject({ code: "unauthorized" });
    expect(requestsOf(emulator)).toEqual(["GET 403"]);
  });

  test("a failed snapshot is not kept", async () => {
    const { emulator, declare } = suite();
    emulator.fault({ on: "GET", kind: "failure", status: 403 });
    await expect(declare()).rejects.toThrow();
    await expect(declare()).resolves.toBeDefined();
  });

  test("a failed list after the POST is a warning, and the next refresh completes the outputs", async () => {
    const { emulator, create, replicated, driver, expected } = suite();
    emulator.fault({ on: "GET", kind: "failure", status: 403, skip: 1 });
    const { id, outputs } = await create();
    expect(outputs["createdAt"]).toBeUndefined();
    expect(outputs["link"]).toBe(emulator.shares()[0]!.link);
    expect(driver.warnings()).toEqual([
      expect.stringMatching(
        /was created, but its session's list could not be read \(.*403.*\)\. Its link is built as the vendor documents it/,
      ),
    ]);
    await replicated();
    const { url: _, ...others } = outputs;
    expect(await driver.read(id, outputs)).toMatchObject({
      ...others,
      link: expected.listedLink(emulator.shares()[0]!),
      createdAt: expect.any(String),
    });
  });

  test("a window longer than the appliance allows is capped with a warning, or rejected", async () => {
    const { emulator, declare, driver, warnings, expected } = suite();
    emulator.behaviour.longestWindow = 3600;
    const outcomes = await Promise.allSettled([declare()]);
    expect(outcomes).toEqual([expected.overlongWindow.outcome(emulator.shares()[0])]);
    const diffs = results(outcomes).map(({ id, outputs, inputs }) => driver.diff(id, outputs, inputs));
    expect(await Promise.all(diffs)).toEqual(expected.overlongWindow.diffs);
    expect(warnings()).toEqual(expected.overlongWindow.warnings);
    expect(emulator.shares()).toHaveLength(diffs.length);
  });

  test("two creates with the same declared window are two shares, or the second is a conflict", async () => {
    const { emulator, declare, expected } = suite();
    const window = openWindow();
    const [first] = await Promise.allSettled([declare(window)]);
    const [second] = await Promise.allSettled([declare(window)]);
    expect([first, second]).toEqual(expected.identicalShares);
    const ids = results([first, second]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(emulator.shares()).toHaveLength(ids.length);
  });

  test("a finished session can be shared, or the create fails with the appliance's message", async () => {
    const { emulator, declare, expected } = suite();
    const sessionId = emulator.addSession({ startedAt: Date.now() - hour, finishedAt: Date.now() });
    const outcomes = await Promise.allSettled([declare({ sessionId, duration: "PT8H" })]);
    expect(outcomes).toEqual([expected.finishedSession]);
    expect(emulator.shares()).toHaveLength(results(outcomes).length);
  });

  test("a wrong API key: one sentence that says where the key came from", async () => {
    const { emulator, restart, declare } = suite();
    const driver = await restart({ config: { "fudo:apiKey": "wrongwrongwrong" } });
    await expect(declare({ duration: "PT1H" }, driver)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/401.*fudo:apiKey/),
    });
    await expect(declare({ duration: "PT1H" }, driver)).rejects.not.toThrow(/wrongwrong/);
    expect(emulator.shares()).toEqual([]);
  });

  test("a replacement creates a new share, and warns once in a process that the old link works", async () => {
    const { declare, driver, emulator } = suite();
    const old = await declare({ ...openWindow() });
    expect(await driver.diff(old.id, old.outputs, { ...old.inputs, readonly: false })).toEqual({
      changes: true,
      replaces: ["readonly"],
    });
    const { outputs } = await declare({ ...openWindow(), readonly: false });
    await driver.delete(old.id, old.outputs);
    expect(outputs["key"]).not.toBe(old.outputs["key"]);
    const warnings = driver.warnings();
    expect(warnings).toContainEqual(
      expect.stringMatching(
        /will be replaced by a new share.*NOT revoked.*The old link works until.*The new link works /,
      ),
    );
    expect(warnings).not.toContainEqual(expect.stringContaining("is removed from the state"));
    expect(emulator.shares()).toHaveLength(2);
  });
}
