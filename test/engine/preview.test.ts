// Previews on the real engine: update plans, and values that are unknown until `up`.
import { join } from "node:path";
import { failed, engineSuite, openWindow, diagnosticsOf, share, sharesIn, succeeded } from "../support/engine-share";

describe("an update plan", () => {
  const suite = engineSuite({ env: { PULUMI_EXPERIMENTAL: "1" } });
  const plan = () => join(suite().stack.folder, "output", "plan.json");

  test("of a create is followed by `up`, with a generated window", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(share("vendor", { sessionId, duration: "PT8H" }));
    expect(await stack.preview(["--save-plan", plan()])).toMatchObject(succeeded("+ 2 to create"));
    expect(await stack.up(["--plan", plan()])).toMatchObject(succeeded("+ 2 created"));
    expect(emulator.shares()).toHaveLength(1);
  });

  test("of no change is followed by `up`", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    expect(await stack.preview(["--save-plan", plan()])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.up(["--plan", plan()])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
  });

  test("of a replacement is followed by `up`, and fails for a program with another change", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(share("vendor", { sessionId, duration: "PT9H" }));
    expect(await stack.preview(["--save-plan", plan()])).toMatchObject(succeeded("+-1 to replace"));
    declare(share("vendor", { sessionId, duration: "PT10H" }));
    expect(await stack.up(["--plan", plan()])).toMatchObject(failed("violates plan"));
    expect(emulator.shares()).toHaveLength(1);
    declare(share("vendor", { sessionId, duration: "PT9H" }));
    expect(await stack.up(["--plan", plan()])).toMatchObject(succeeded("+-1 replaced"));
    expect(emulator.shares()).toHaveLength(2);
  });
});

/** A dynamic resource of another provider. Its output `value` is unknown until it has been created. */
const valueOf = (value: string, version = 1) => `
class Source extends pulumi.dynamic.Resource {
  constructor(name, props) { super({
    create: async (inputs) => ({ id: "source", outs: { ...inputs, value: inputs.gives } }),
    diff: async (id, olds, news) => ({ changes: olds.gives !== news.gives || olds.version !== news.version, replaces: ["version"] }),
  }, name, { value: undefined, ...props }); }
}
const source = new Source("source", { gives: "${value}", version: ${version} });`;

describe("a session ID from another resource", () => {
  const suite = engineSuite();
  const window = openWindow();
  const inputs = (more = "") =>
    `{ sessionId: source.value, validSince: "${window.validSince}", validTo: "${window.validTo}"${more} }`;

  test("is unknown in the preview, and the known inputs are still checked", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    declare(valueOf(sessionId), share("vendor", inputs(`, labels: { ticket: source.value }`)));
    expect(await stack.preview()).toMatchObject(succeeded("+ 3 to create"));
    declare(valueOf(sessionId), share("vendor", inputs(`, readonly: "yes"`)));
    expect(await stack.preview()).toMatchObject(failed("readonly: must be true or false"));
    expect(newRequests()).toEqual([]);
  });

  test("is known in `up` and in the next preview", async () => {
    const { stack, declare, sessionId, recordedShare: recorded } = suite();
    declare(valueOf(sessionId), share("vendor", inputs(`, labels: { ticket: source.value }`)));
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    expect((await recorded()).outputs).toMatchObject({ sessionId, labels: { ticket: sessionId } });
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("3 unchanged"));
  });

  test("that may change shows as a replacement in the preview, and `up` replaces only after a change", async () => {
    const { stack, declare, sessionId, emulator } = suite();
    declare(valueOf(sessionId, 2), share("vendor", inputs(`, labels: { ticket: source.value }`)));
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("+-2 to replace"));
    // It may be the same session again, so there is no warning about the old link.
    expect(diagnosticsOf(preview)).toEqual([]);
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced", "2 unchanged"));
    expect(emulator.shares()).toHaveLength(1);
  });

  test("that is no session ID fails `up` with one message, and no share is created", async () => {
    const { stack, declare, emulator } = suite();
    declare(valueOf("no session", 3), share("vendor", inputs()));
    const up = await stack.up();
    expect(up).toMatchObject(failed());
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining("sessionId: must be the session's decimal ID as text")]);
    expect(emulator.shares()).toHaveLength(1);
  });
});

describe("an existing share whose session ID is unknown again", () => {
  const suite = engineSuite();
  const window = openWindow();
  const vendor = share(
    "vendor",
    `{ sessionId: source.value, validSince: "${window.validSince}", validTo: "${window.validTo}", deletionPolicy: "refuseWhileLive" }`,
  );

  test("is no certain replacement: refuseWhileLive does not refuse the preview", async () => {
    const { stack, declare, sessionId } = suite();
    declare(valueOf(sessionId), vendor);
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    declare(valueOf(sessionId, 2), vendor);
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("+-2 to replace"));
    expect(diagnosticsOf(preview)).toEqual([]);
  });

  test("is no new share: an expired one stays, and `up` succeeds", async () => {
    const { stack, emulator, advanceClocks } = suite();
    advanceClocks(9);
    expect(await stack.preview()).toMatchObject(succeeded("+-2 to replace"));
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced", "2 unchanged"));
    expect(emulator.shares()).toHaveLength(1);
  });
});

describe("a share whose outputs another share uses", () => {
  const suite = engineSuite();
  const two = (first: object) => [
    share("first", { sessionId: suite().sessionId, ...first }),
    share("second", `{ sessionId: first.sessionId, validTo: first.validTo }`),
  ];

  // Engine: in the preview of an update, outputs that are no inputs are unknown. A share that uses them looks replaced.
  test("may make the preview show a replacement for a change of labels; `up` replaces neither share", async () => {
    const { stack, declare, emulator } = suite();
    declare(...two({ duration: "PT8H" }));
    expect(await stack.up()).toMatchObject(succeeded("+ 3 created"));
    declare(...two({ duration: "PT8H", labels: { ticket: "OPS-3" } }));
    expect(await stack.preview()).toMatchObject(succeeded("~ 1 to update", "+-1 to replace"));
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated", "2 unchanged"));
    expect(emulator.shares()).toHaveLength(2);
    expect(sharesIn(await stack.export())).toHaveLength(2);
  });
});
