// Starts emulators for tests, and closes all of them after each test.
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../provider/emulator";
import { inSampleWindow } from "./requests";

const running: Emulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
});

/** Starts an emulator whose clock stays in the middle of the sample's window. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ seed: "test", clock: () => inSampleWindow, ...options });
  running.push(emulator);
  return emulator;
}
