// Ctrl-C in a run of the plugin. The engine tells the plugin to cancel: what waits ends, and what was sent is recorded.
import { pluginSharesIn, pluginShare, usePlugin } from "../support/engine-plugin";
import { engineSuite, failed, fingerprintOf, succeeded, waitForState } from "../support/engine-share";

const suite = engineSuite();

test("Ctrl-C during a POST: its share is recorded, a back-off ends at once, and what is queued is not sent", async () => {
  const { stack, emulator, declare } = suite();
  const [busy, tired] = emulator.sessions as [string, string];
  usePlugin(stack);
  declare(
    ...["first", "second"].map((name) => pluginShare(name, { sessionId: busy, duration: "PT8H" })),
    pluginShare("third", { sessionId: tired, duration: "PT8H" }),
  );
  emulator.fault({ on: "POST", path: tired, kind: "failure", status: 429, retryAfter: 60 });
  const gate = emulator.hold({ on: "POST", path: busy, when: "after" });
  const up = stack.start(["up", "--yes", "--skip-preview"]);
  await gate.arrived();
  const backsOff = () => emulator.requests.some(({ status }) => status === 429);
  await waitForState(suite(), ({ pending_operations: pending }) => pending.length === 3 && backsOff());
  up.interrupt();
  await waitForState(suite(), ({ pending_operations: pending }) => pending.length === 2);
  gate.release();
  const cancelled = "the run was cancelled before the share was requested";
  expect(await up.done).toMatchObject(failed("fudo[cancelled]", cancelled));
  await up.providerEnded(10_000);
  const state = await stack.export();
  expect(state.pending_operations).toEqual([]);
  expect(emulator.shares().map(({ sessionId }) => sessionId)).toEqual([busy]);
  const recorded = pluginSharesIn(state).map(({ outputs }) => outputs!["fingerprint"]);
  expect(recorded).toEqual(emulator.shares().map(({ key }) => fingerprintOf(key)));
  expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  expect(await stack.up()).toMatchObject(succeeded("+ 2 created", "2 unchanged"));
  expect(emulator.shares()).toHaveLength(3);
});
