// Starts an emulator: composes its state with the HTTP server and, on request, the control API.
import { controlApi } from "./control-api";
import { Emulator } from "./emulator";
import type { EmulatorOptions } from "./options";

/** Starts an emulator. Rejects if it cannot listen, or with a RangeError that names a wrong or unknown option. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator(options);
  await emulator.listen(options.control ? controlApi(emulator) : undefined);
  return emulator;
}
