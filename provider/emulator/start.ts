// Starts an emulator: composes its state with the HTTP server and, on request, the control API.
import { controlApi } from "./control-api";
import { Emulator, type EmulatorOptions } from "./emulator";

/** Starts an emulator. Rejects if it cannot listen, or if a behaviour flag, a flag's value or the zone is unknown. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator(options);
  await emulator.listen(options.control ? controlApi(emulator) : undefined);
  return emulator;
}
