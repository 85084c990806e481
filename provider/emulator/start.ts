// Starts an emulator: composes its state with the HTTP server and, on request, the control API.
import { controlApi } from "./control-api";
import { Emulator } from "./emulator";
import type { EmulatorOptions } from "./options";

/**
 * Starts an emulator. Rejects if it cannot listen, or with a RangeError that names a wrong or unknown option.
 *
 * @example
 * ```ts
 * import { startEmulator } from "pulumi-fudo/emulator";
 *
 * async function testOfAStack(): Promise<void> {
 *   const appliance = await startEmulator({ seed: "demo" });
 *   const settings = { "fudo:url": appliance.url, "fudo:apiKey": appliance.apiKey };
 *   // Run the stack with these settings. Then look at what it created, and act as the administrator:
 *   for (const { key } of appliance.shares()) appliance.revoke(key);
 *   await appliance.close();
 * }
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator(options);
  await emulator.listen(options.control ? controlApi(emulator) : undefined);
  return emulator;
}
