// What refresh finds on the appliance, how it is shown, and what the runs after it make of that: never a new grant.
import {
  failed,
  fingerprintOf,
  engineSuite,
  openWindow,
  diagnosticsOf,
  share,
  succeeded,
} from "../support/engine-share";

const onlyLook = ["refresh", "--preview-only", "--expect-no-changes"];
const naming = () => expect.stringMatching(/share [0-9a-f]{16} of session \d+/);

describe("an administrator's revocation, flagged by the appliance", () => {
  const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
  const window = openWindow();
  const key = () => suite().emulator.shares()[0]!.key;
  const withdrawn = expect.stringMatching(
    /share [0-9a-f]{16} of session \d+: access was withdrawn on the appliance\. It is not granted again by itself/,
  );

  beforeAll(async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(share("vendor", { sessionId, ...window }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(await stack.pulumi(onlyLook)).toMatchObject(succeeded("2 unchanged"));
    emulator.revoke(key());
  });

  test("is seen by a refresh that only looks, and expected nothing", async () => {
    const { stack, recordedShare: recorded } = suite();
    const looked = await stack.pulumi(onlyLook);
    expect(looked).toMatchObject(failed("~ 1 to update", "no changes were expected"));
    expect(diagnosticsOf(looked)).toEqual([withdrawn]);
    expect((await recorded()).outputs).not.toHaveProperty("removed");
  });

  test("is recorded by refresh, once", async () => {
    const { stack, recordedShare: recorded } = suite();
    const found = await stack.refresh();
    expect(found).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(found)).toEqual([withdrawn]);
    expect((await recorded()).outputs).toMatchObject({ removed: true });
    expect(await stack.pulumi(onlyLook)).toMatchObject(succeeded("2 unchanged"));
  });

  test("is said by each up as a warning on the share, which changes nothing and calls nobody", async () => {
    const { stack, newRequests, recordedShare: recorded } = suite();
    newRequests();
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged", "SessionShare vendor  warning: share"));
    expect(diagnosticsOf(up)).toEqual([withdrawn]);
    // Engine: `up --json` streams the SDK's debug lines too; recorded, so that they are searched for credentials.
    const { stdout } = await stack.up(["--json", "--expect-no-changes"]);
    const events = stdout
      .split("\n")
      .flatMap((line) =>
        line.startsWith("{") ? [JSON.parse(line) as { diagnosticEvent?: { severity: string } }] : [],
      );
    const warnings = events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "warning" ? [diagnosticEvent] : [],
    );
    expect(warnings).toEqual([expect.objectContaining({ urn: (await recorded()).urn, message: withdrawn })]);
    expect(newRequests()).toEqual([]);
  });

  test("undone on the appliance: said once that the link works again, and quiet from then on", async () => {
    const { stack, emulator, recordedShare: recorded } = suite();
    emulator.restore(key());
    const found = await stack.refresh();
    expect(found).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(found)).toEqual([
      expect.stringContaining("was known as removed and is shown again: its link works again until"),
    ]);
    expect((await recorded()).outputs).not.toHaveProperty("removed");
    const up = await stack.up(["--expect-no-changes"]);
    expect(diagnosticsOf(up)).toEqual([]);
    emulator.revoke(key());
    expect(await stack.refresh()).toMatchObject(succeeded("~ 1 updated"));
  });

  test("is overruled only by a new declaration, and the preview says so", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("+-1 to replace"));
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining("was withdrawn on the appliance: this replacement grants access again"),
    ]);
    expect(emulator.shares()).toHaveLength(1);
    declare(share("vendor", { sessionId, ...window }));
  });

  test("is said no more when the share has ended", async () => {
    const { stack, advanceClocks } = suite();
    advanceClocks(9);
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(up)).toEqual([]);
  });
});

describe("a share that is not in the appliance's list", () => {
  const suite = engineSuite();
  const lost = expect.stringMatching(
    /no longer shown to this API user: revoked, removed or not visible; the link may still work until/,
  );

  beforeAll(async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    // Absence counts only from five minutes after the creation.
    const value = new Date(Date.now() - 3_600_000).toISOString();
    emulator.fault({ on: "GET", kind: "attribute", attribute: "created_at", value, times: 2 });
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test("is kept as missing, shown once, and said by each up", async () => {
    const { stack, emulator, recordedShare: recorded, newRequests } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    const looked = await stack.pulumi(onlyLook);
    expect(looked).toMatchObject(failed("~ 1 to update", "no changes were expected"));
    expect(diagnosticsOf(await stack.refresh())).toEqual([lost]);
    expect((await recorded()).outputs).toMatchObject({ missing: true });
    newRequests();
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged", "SessionShare vendor  warning: share"));
    expect(diagnosticsOf(up)).toEqual([lost]);
    expect(newRequests()).toEqual([]);
  });

  test("stays missing when its session is gone too, and comes back when it is shown", async () => {
    const { stack, emulator, sessionId, recordedShare: recorded, newRequests } = suite();
    emulator.removeSession(sessionId);
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 404"]);
    emulator.restoreSession(sessionId);
    emulator.restore(emulator.shares()[0]!.key);
    const found = await stack.refresh();
    expect(found).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(found)).toEqual([expect.stringContaining("was not shown and is shown again")]);
    expect((await recorded()).outputs).not.toHaveProperty("missing");
  });
});

describe("anything but a good list", () => {
  const suite = engineSuite();

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test.each([
    ["401", { kind: "failure", status: 401 }, "fudo[unauthorized]", "401"],
    ["403", { kind: "failure", status: 403 }, "fudo[unauthorized]", "does not have permission"],
    [
      "500 that asks to come back much later",
      { kind: "failure", status: 500, retryAfter: 3600 },
      "fudo[unavailable]",
      "500",
    ],
    ["a proxy's 404", { kind: "html", status: 404 }, "fudo[not-found]", "This response is not from the appliance"],
    ["a list cut short", { kind: "truncated" }, "fudo[protocol]", "not a JSON object"],
  ] as const)("%s is an error in one sentence, and the state is kept as it was", async (_, fault, code, text) => {
    const { stack, emulator, recordedShare: recorded } = suite();
    const { outputs, id } = await recorded();
    emulator.fault({ on: "GET", ...fault, times: Infinity });
    const refresh = await stack.refresh();
    emulator.clearFaults();
    expect(refresh).toMatchObject(failed(code));
    expect(diagnosticsOf(refresh)).toEqual([expect.stringContaining(text)]);
    expect(await recorded()).toMatchObject({
      id,
      outputs: { ...outputs, key: expect.anything(), link: expect.anything(), url: expect.anything() },
    });
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });
});

describe("a share that was granted while its list failed", () => {
  const suite = engineSuite();

  test("is created, with a notice, and completed by the next refresh", async () => {
    const { stack, declare, sessionId, emulator, recordedShare: recorded } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    emulator.fault({ on: "GET", kind: "failure", status: 403, skip: 1 });
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+ 2 created"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringContaining("is created and its link is built as documented, but its session's list failed"),
    ]);
    expect((await recorded()).outputs).not.toHaveProperty("createdAt");
    expect(await stack.refresh()).toMatchObject(succeeded());
    expect((await recorded()).outputs).toMatchObject({
      createdAt: expect.any(String),
      fingerprint: fingerprintOf(emulator.shares()[0]!.key),
    });
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
  });
});

describe("an appliance with another address", () => {
  const suite = engineSuite();

  test("is followed by the state: the url at the next up, the place at the next refresh, without a new share", async () => {
    const { stack, declare, sessionId, emulator, recordedShare: recorded } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const moved = emulator.url.replace("127.0.0.1", "localhost");
    await stack.setConfig("fudo:url", moved);
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(await stack.outputs(true)).toMatchObject({ vendor: { url: moved + emulator.shares()[0]!.link } });
    expect(await stack.refresh()).toMatchObject(succeeded());
    expect((await recorded()).outputs).toMatchObject({ appliance: moved });
    expect(emulator.shares()).toHaveLength(1);
  });

  test("where the share is not shown, it is kept with a warning that names both, and never missing", async () => {
    const { stack, emulator, recordedShare: recorded } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    await stack.setConfig("fudo:url", emulator.url);
    const refresh = await stack.refresh(["--run-program"]);
    expect(diagnosticsOf(refresh)).toEqual([naming()]);
    expect(diagnosticsOf(refresh)[0]).toContain(
      `lives on ${emulator.url.replace("127.0.0.1", "localhost")} and is not shown by ${emulator.url}`,
    );
    expect((await recorded()).outputs).not.toHaveProperty("missing");
  });
});
