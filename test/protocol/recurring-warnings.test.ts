// What the plugin says about a revoked share at each run: the program's SDK is generated and cannot say it.
import { startEmulator, type Emulator } from "../../provider/emulator";
import type { Driver } from "../support/drivers/driver";
import { startPlugin } from "../support/drivers/plugin-driver";

let emulator: Emulator;
beforeAll(async () => void (emulator = await startEmulator({ seed: 1, behaviour: { removedShares: "flagged" } })));
afterAll(() => emulator.close());

/** One run of the engine has one process of the plugin. Returns the warnings of the run, and what `act` returns. */
async function inOneRun<T>(act: (plugin: Driver) => Promise<T>): Promise<{ value: T; warnings: string[] }> {
  const plugin = await startPlugin({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } });
  try {
    return { value: await act(plugin), warnings: plugin.warnings() };
  } finally {
    await plugin.close();
  }
}

test("a refresh says once that a share was revoked; each later run without changes says it again", async () => {
  const created = await inOneRun(async (plugin) => {
    const { inputs } = await plugin.check({}, { sessionId: emulator.sessions[0], duration: "PT8H" });
    const { id, outputs } = await plugin.create(inputs);
    await plugin.diff(id, outputs, inputs);
    return { id, inputs, outputs };
  });
  expect(created.warnings).toEqual([]);

  const { id, inputs, outputs } = created.value;
  emulator.revoke(emulator.shares()[0]!.key);
  const refresh = await inOneRun(async (plugin) => {
    const revoked = await plugin.read(id, outputs);
    await plugin.diff(id, revoked, inputs);
    return revoked;
  });
  const warning = expect.stringContaining("was revoked on the appliance and will not be re-created automatically");
  expect(refresh.warnings).toEqual([warning]);

  const up = await inOneRun((plugin) => plugin.diff(id, refresh.value, inputs));
  expect(up).toEqual({ value: expect.objectContaining({ changes: false }), warnings: [warning] });
});
