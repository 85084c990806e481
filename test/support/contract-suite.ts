// One appliance and one driver for a story, made before and closed after each test.
import { startEmulator, type Emulator, type EmulatorOptions } from "../../provider/emulator";
import type { Driver, DriverOptions, StartDriver, Values } from "./drivers/driver";
import type { VirtualClock } from "./virtual-clock";

export interface World {
  readonly emulator: Emulator;
  readonly driver: Driver;
  readonly sessionId: string;
  /** Another process of the same stack: another run of the engine. */
  restart(options?: Partial<DriverOptions>): Promise<Driver>;
  /** check and create, as the engine does for a new resource; what a lagging list did not tell is read later. */
  declare(inputs?: Values, driver?: Driver): Promise<{ id: string; inputs: Values; outputs: Values }>;
  /** Every replica of the appliance knows what happened so far. At once where replicas do not lag. */
  replicated(): Promise<void>;
}

/** The clock that an emulator has for its own; with it in the options, drivers skip their pauses. */
export interface WorldOptions extends EmulatorOptions {
  readonly virtual?: VirtualClock;
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
export function inWorld(start: StartDriver, { virtual, ...options }: WorldOptions = {}): () => World {
  let world: World | undefined;
  const drivers: Driver[] = [];
  beforeEach(async () => {
    virtual?.reset();
    const emulator = await startEmulator({ seed: 1, ...options, ...(virtual && { clock: virtual.now }) });
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
      const { id, outputs } = await by.create(checked.inputs);
      await replicated();
      const unread = lags(emulator) && outputs["createdAt"] === undefined;
      return { inputs: checked.inputs, id, outputs: unread ? await (await restart()).read(id, outputs) : outputs };
    };
    const replicated = async () => {
      virtual?.advance(emulator.behaviour.lagMilliseconds);
      for (let list = 0; list < emulator.behaviour.lagRequests; list += 1) await getShares(emulator, sessionId);
    };
    world = { emulator, driver, sessionId, restart, declare, replicated };
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

async function getShares(emulator: Emulator, sessionId: string): Promise<void> {
  await fetch(`${emulator.url}/api/v2/session/${sessionId}/share`, { headers: { authorization: emulator.apiKey } });
}

/** Whether lists learn late of what happened. */
export function lags({ behaviour }: Emulator): boolean {
  return behaviour.lagRequests > 0 || behaviour.lagMilliseconds > 0;
}

/** A window as this appliance keeps it, by its behaviour flags. */
export function kept({ behaviour }: Emulator, window: Values): { validSince: string; validTo: string } {
  const [since, to] = [Date.parse(String(window["validSince"])), Date.parse(String(window["validTo"]))];
  const grain = { microseconds: 1, milliseconds: 1, seconds: 1000, minutes: 60_000 }[behaviour.storedWindows];
  const cut = (ms: number) => new Date(Math.floor(ms / grain) * grain).toISOString();
  return { validSince: cut(since), validTo: cut(Math.min(to, since + (behaviour.longestWindow * 1000 || Infinity))) };
}

/** A creation that was answered, as `calls` tells it. */
export function posted({ behaviour }: Emulator): string {
  return `POST ${behaviour.postStatus}`;
}

/** Notices without those that a lagging list or a capped window add to every creation. */
export function ownNotices({ notices }: Driver, emulator: Emulator): string[] {
  const added = [
    ...(lags(emulator) ? [/is created and .* does not show it/] : []),
    ...(emulator.behaviour.longestWindow > 0 ? [/the appliance granted/] : []),
  ];
  return notices().filter((notice) => !added.some((pattern) => pattern.test(notice)));
}

/** Method and status of every request so far. */
export function calls(emulator: Emulator): string[] {
  return emulator.requests.map(({ method, status }) => `${method} ${status}`);
}
