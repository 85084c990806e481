// Starts emulators for tests and closes them all after each.
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/emulator";
import { inSampleWindow } from "./requests";

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** An emulator whose clock stands still in the middle of the sample's window. */
export async function stage(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "test", clock: () => inSampleWindow, ...options });
  running.push(emulator);
  return emulator;
}
