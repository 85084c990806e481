// What the plugin says about a revoked share at each run: the program's SDK is generated and cannot say it.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { startPlugin } from "../support/drivers/plugin-driver";

let emulator: Emulator;
beforeAll(async () => void (emulator = await startEmulator({ seed: 1, behaviour: { removedShares: "flagged" } })));
afterAll(() => emulator.close());

test("a refresh says once that a share was revoked; each later run without changes says it again", async () => {
  const plugin = await startPlugin({ config: { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey } });
  try {
    const { inputs } = await plugin.check({}, { sessionId: emulator.sessions[0], duration: "PT8H" });
    const { id, outputs } = await plugin.create(inputs);
    expect(await plugin.diff(id, outputs, inputs)).toMatchObject({ changes: false });
    expect(plugin.warnings()).toEqual([]);

    emulator.revoke(emulator.shares()[0]!.key);
    const revoked = await plugin.read(id, outputs);
    await plugin.diff(id, revoked, inputs);
    const warning = expect.stringContaining("was revoked on the appliance and will not be re-created automatically");
    expect(plugin.warnings()).toEqual([warning]);

    expect(await plugin.diff(id, revoked, inputs)).toMatchObject({ changes: false });
    expect(plugin.warnings()).toEqual([warning, warning]);
  } finally {
    await plugin.close();
  }
});
