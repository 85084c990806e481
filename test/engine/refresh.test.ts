// Refresh on the real engine: what it records, how it shows a change, and what later runs do. Access is never granted again.
import {
  failed,
  fingerprintOf,
  engineSuite,
  openWindow,
  diagnosticsOf,
  share,
  succeeded,
} from "../support/engine-share";

const previewRefresh = ["refresh", "--preview-only", "--expect-no-changes"];
const namesShare = () => expect.stringMatching(/share [0-9a-f]{16} of session \d+/);

describe("a share that was revoked in the admin panel, on an appliance that lists it as removed", () => {
  const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
  const window = openWindow();
  const key = () => suite().emulator.shares()[0]!.key;
  const revoked = expect.stringMatching(
    /share [0-9a-f]{16} of session \d+ was revoked on the appliance and will not be re-created automatically/,
  );

  beforeAll(async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(share("vendor", { sessionId, ...window }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(await stack.pulumi(previewRefresh)).toMatchObject(succeeded("2 unchanged"));
    emulator.revoke(key());
  });

  test("is reported by refresh --preview-only --expect-no-changes, which fails and records nothing", async () => {
    const { stack, recordedShare: recorded } = suite();
    const preview = await stack.pulumi(previewRefresh);
    expect(preview).toMatchObject(failed("~ 1 to update", "no changes were expected"));
    expect(diagnosticsOf(preview)).toEqual([revoked]);
    expect((await recorded()).outputs).not.toHaveProperty("removed");
  });

  test("is recorded by refresh and shown once as an update", async () => {
    const { stack, recordedShare: recorded } = suite();
    const refresh = await stack.refresh();
    expect(refresh).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(refresh)).toEqual([revoked]);
    expect((await recorded()).outputs).toMatchObject({ removed: true });
    expect(await stack.pulumi(previewRefresh)).toMatchObject(succeeded("2 unchanged"));
  });

  test("causes a warning on the resource in each `up`, which changes nothing and sends no request", async () => {
    const { stack, newRequests, recordedShare: recorded } = suite();
    newRequests();
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged", "SessionShare vendor  warning: share"));
    expect(diagnosticsOf(up)).toEqual([revoked]);
    // Engine: `up --json` also prints the SDK's debug lines. The output is recorded, so it is searched for credentials.
    const { stdout } = await stack.up(["--json", "--expect-no-changes"]);
    const events = stdout
      .split("\n")
      .flatMap((line) =>
        line.startsWith("{") ? [JSON.parse(line) as { diagnosticEvent?: { severity: string } }] : [],
      );
    const warnings = events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent?.severity === "warning" ? [diagnosticEvent] : [],
    );
    expect(warnings).toEqual([expect.objectContaining({ urn: (await recorded()).urn, message: revoked })]);
    expect(newRequests()).toEqual([]);
  });

  test("causes a warning in each run when the revocation is undone on the appliance, until `adopt` accepts it", async () => {
    const { stack, emulator, declare, sessionId, newRequests, recordedShare: recorded } = suite();
    const liveAgain = (was: string) =>
      expect.stringContaining(`was recorded as ${was} and is live again. The link works`);
    emulator.restore(key());
    const refresh = await stack.refresh();
    expect(refresh).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(refresh)).toEqual([liveAgain("removed")]);
    const { outputs } = await recorded();
    expect(outputs).toMatchObject({ reactivated: true });
    expect(outputs).not.toHaveProperty("removed");
    newRequests();
    for (const up of [await stack.up(["--expect-no-changes"]), await stack.up(["--expect-no-changes"])]) {
      expect(diagnosticsOf(up)).toEqual([liveAgain("removed or missing")]);
    }
    declare(share("vendor", { sessionId, ...window, adopt: outputs?.["fingerprint"] }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect((await recorded()).outputs).not.toHaveProperty("reactivated");
    expect(diagnosticsOf(await stack.up(["--expect-no-changes"]))).toEqual([]);
    declare(share("vendor", { sessionId, ...window }));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(newRequests()).toEqual([]);
    emulator.revoke(key());
    expect(await stack.refresh()).toMatchObject(succeeded("~ 1 updated"));
  });

  test("is re-created only by a changed declaration, and the preview says that access is granted again", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...window, readonly: false }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("+-1 to replace"));
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringContaining("was revoked on the appliance. This replacement grants access again"),
    ]);
    expect(emulator.shares()).toHaveLength(1);
    declare(share("vendor", { sessionId, ...window }));
  });

  test("causes no warning after the share has expired", async () => {
    const { stack, advanceClocks } = suite();
    advanceClocks(9);
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(up)).toEqual([]);
  });
});

describe("a share that is no longer in the session's list", () => {
  const suite = engineSuite();
  const missing = expect.stringMatching(
    /no longer in the session's list: it was revoked or removed, or this API user cannot see it\. The link may still work until/,
  );

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test("is recorded as missing, shown once as an update, and causes a warning in each `up`", async () => {
    const { stack, emulator, recordedShare: recorded, newRequests, advanceClocks } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    const early = await stack.refresh(["--expect-no-changes"]);
    expect(early).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(early)).toEqual([]);
    // Absence counts from five minutes after the creation.
    advanceClocks(0.25);
    const preview = await stack.pulumi(previewRefresh);
    expect(preview).toMatchObject(failed("~ 1 to update", "no changes were expected"));
    expect(diagnosticsOf(await stack.refresh())).toEqual([missing]);
    expect((await recorded()).outputs).toMatchObject({ missing: true });
    newRequests();
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged", "SessionShare vendor  warning: share"));
    expect(diagnosticsOf(up)).toEqual([missing]);
    expect(newRequests()).toEqual([]);
  });

  test("stays missing when its session is gone too, and is live again when the list shows it", async () => {
    const { stack, emulator, sessionId, recordedShare: recorded, newRequests } = suite();
    emulator.removeSession(sessionId);
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 404"]);
    emulator.restoreSession(sessionId);
    emulator.restore(emulator.shares()[0]!.key);
    const refresh = await stack.refresh();
    expect(refresh).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(refresh)).toEqual([expect.stringContaining("was recorded as missing and is live again")]);
    expect((await recorded()).outputs).not.toHaveProperty("missing");
  });
});

describe("a response that is not a valid list", () => {
  const suite = engineSuite();

  beforeAll(async () => {
    const { stack, declare, sessionId } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
  });

  test.each([
    ["401", { kind: "failure", status: 401 }, "fudo[unauthorized]", "401"],
    ["403", { kind: "failure", status: 403 }, "fudo[unauthorized]", "does not have permission"],
    ["500 with a long Retry-After", { kind: "failure", status: 500, retryAfter: 3600 }, "fudo[unavailable]", "500"],
    ["a proxy's 404", { kind: "html", status: 404 }, "fudo[not-found]", "This response is not from the appliance"],
    ["a list cut short", { kind: "truncated" }, "fudo[protocol]", "not a JSON object"],
  ] as const)("%s: refresh fails with one message, and the state is unchanged", async (_, fault, code, text) => {
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

describe("a share that was created while its list failed", () => {
  const suite = engineSuite();

  test("is created with a warning, and the next refresh completes its outputs", async () => {
    const { stack, declare, sessionId, emulator, recordedShare: recorded } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    emulator.fault({ on: "GET", kind: "failure", status: 403, skip: 1 });
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+ 2 created"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringMatching(
        /was created, but its session's list could not be read .*The next `pulumi refresh` completes/,
      ),
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

describe("an appliance with a new address", () => {
  const suite = engineSuite();

  test("is not used by `up`, which warns, and is recorded by refresh, without a new share", async () => {
    const { stack, declare, sessionId, emulator, recordedShare: recorded } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const moved = emulator.url.replace("127.0.0.1", "localhost");
    await stack.setConfig("fudo:url", moved);
    const up = await stack.up(["--expect-no-changes"]);
    expect(up).toMatchObject(succeeded("2 unchanged"));
    expect(diagnosticsOf(up)).toEqual([
      expect.stringContaining(`fudo:url names ${moved}, but this stack has shares that live on ${emulator.url}`),
    ]);
    expect((await recorded()).outputs).toMatchObject({ appliance: emulator.url });
    const refresh = await stack.refresh();
    expect(refresh).toMatchObject(succeeded("~ 1 updated"));
    expect(diagnosticsOf(refresh)).toEqual([
      expect.stringContaining(`was recorded on ${emulator.url} and is now listed by ${moved}`),
    ]);
    expect((await recorded()).outputs).toMatchObject({ appliance: moved });
    // Engine: a refresh does not run the program, so the stack's outputs follow at the next `up`.
    expect(diagnosticsOf(await stack.up())).toEqual([]);
    expect(await stack.outputs(true)).toMatchObject({ vendor: { url: moved + emulator.shares()[0]!.link } });
    expect(emulator.shares()).toHaveLength(1);
  });

  test("that does not list the share: it is kept with a warning that names both origins, and is never missing", async () => {
    const { stack, emulator, recordedShare: recorded } = suite();
    emulator.revoke(emulator.shares()[0]!.key);
    await stack.setConfig("fudo:url", emulator.url);
    const refresh = await stack.refresh(["--run-program"]);
    expect(diagnosticsOf(refresh)).toEqual([namesShare()]);
    expect(diagnosticsOf(refresh)[0]).toContain(
      `was created on ${emulator.url.replace("127.0.0.1", "localhost")}. fudo:url now names ${emulator.url}, which does not list the share`,
    );
    expect((await recorded()).outputs).not.toHaveProperty("missing");
  });
});
