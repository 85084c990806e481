// One appliance and one driver for a story, made before and closed after each test.
import { startEmulator, type Emulator, type EmulatorOptions } from "../../provider/emulator";
import type { Driver, DriverOptions, StartDriver, Values } from "./drivers/driver";

export interface World {
  readonly emulator: Emulator;
  readonly driver: Driver;
  readonly sessionId: string;
  /** Another process of the same stack: another run of the engine. */
  restart(options?: Partial<DriverOptions>): Promise<Driver>;
  /** check and create, as the engine does for a new resource. */
  declare(inputs?: Values, driver?: Driver): Promise<{ id: string; inputs: Values; outputs: Values }>;
}

export const hour = 3_600_000;

/** `hours` from now, as a program spells it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * hour).toISOString();
}

/** A window that is open for an hour already and for eight more: absence from a list means something in it. */
export function openWindow(): Values {
  return { validSince: inHours(-1), validTo: inHours(8) };
}

/** `world()` is the world of the running test. */
export function inWorld(start: StartDriver, options: EmulatorOptions = {}): () => World {
  let world: World | undefined;
  const drivers: Driver[] = [];
  beforeEach(async () => {
    const emulator = await startEmulator({ seed: 1, ...options });
    const config = { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey };
    const restart = async (more: Partial<DriverOptions> = {}) => {
      const driver = await start({ ...more, config: { ...config, ...more.config } });
      drivers.push(driver);
      return driver;
    };
    const driver = await restart();
    const sessionId = emulator.sessions[0]!;
    const declare = async (inputs: Values = { duration: "PT8H" }, by: Driver = driver) => {
      const checked = await by.check({}, { sessionId, ...inputs });
      expect(checked.failures).toEqual([]);
      return { inputs: checked.inputs, ...(await by.create(checked.inputs)) };
    };
    world = { emulator, driver, sessionId, restart, declare };
  });
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
    await world?.emulator.close();
    world = undefined;
  });
  return () => {
    if (world === undefined) throw new Error("there is a world only while a test runs");
    return world;
  };
}

/** Method and status of every request so far. */
export function calls(emulator: Emulator): string[] {
  return emulator.requests.map(({ method, status }) => `${method} ${status}`);
}
