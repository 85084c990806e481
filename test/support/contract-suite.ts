// What each story of the contract suite starts with: one appliance and one driver, started before the test and closed after
// it. What an appliance may do differently comes in as data (`Expected`), so that no story asks for a behaviour flag.
import { startEmulator, type Emulator, type EmulatorOptions } from "../../provider/emulator";
import { documented, type Expected } from "./contract-expected";
import type { Driver, DriverOptions, StartDriver, Values } from "./drivers/driver";
import type { VirtualClock } from "./virtual-clock";

/** What `check` and `create` returned, and every request (method and status) up to then. */
export interface Created {
  readonly id: string;
  readonly inputs: Values;
  readonly outputs: Values;
  readonly requests: readonly string[];
}

/** The appliance and the driver of one test. */
export interface Suite {
  readonly emulator: Emulator;
  readonly driver: Driver;
  readonly sessionId: string;
  readonly expected: Expected;
  /** Another process of the same stack: another run of the engine. */
  restart(options?: Partial<DriverOptions>): Promise<Driver>;
  /** check and create, as the engine does for a new resource. */
  create(inputs?: Values, driver?: Driver): Promise<Created>;
  /** The same; then a refresh fills the outputs that a lagging list did not show. */
  declare(inputs?: Values, driver?: Driver): Promise<Created>;
  /** Every replica of the appliance has every change so far. At once where replicas do not lag. */
  replicated(): Promise<void>;
  /** The warnings of every driver of this test, in the order in which the drivers started. */
  warnings(): readonly string[];
}

export interface SuiteOptions extends EmulatorOptions {
  /** The appliance's clock. Absent: the real time. */
  readonly virtual?: VirtualClock;
  /** What this appliance does differently from the documented one. */
  readonly expected?: Partial<Expected>;
}

export const hour = 3_600_000;

/** `hours` from now, as a program writes it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * hour).toISOString();
}

/** Started an hour ago and ends in eight hours: absence from a list counts inside it. */
export function openWindow(): Values {
  return { validSince: inHours(-1), validTo: inHours(8) };
}

/** The same share, created an hour ago: absence counts only from five minutes after the creation. */
export function anHourOld(outputs: Values): Values {
  return { ...outputs, createdAt: new Date(Date.now() - hour).toISOString().replace("Z", "000Z") };
}

/** Starts the appliance before each test. The returned function returns what the running test uses. */
export function contractSuite(start: StartDriver, options: SuiteOptions = {}): () => Suite {
  let suite: Suite | undefined;
  const drivers: Driver[] = [];
  beforeEach(async () => {
    suite = await startSuite(start, drivers, options);
  });
  afterEach(async () => {
    await Promise.all(drivers.splice(0).map((driver) => driver.close()));
    await suite?.emulator.close();
    suite = undefined;
  });
  return () => {
    if (suite === undefined) throw new Error("the suite exists only while a test runs");
    return suite;
  };
}

async function startSuite(
  start: StartDriver,
  drivers: Driver[],
  { virtual, expected: differences, ...options }: SuiteOptions,
): Promise<Suite> {
  virtual?.reset();
  const expected = { ...documented, ...differences };
  const emulator = await startEmulator({ seed: 1, ...options, ...(virtual && { clock: virtual.now }) });
  const config = { "fudo:url": emulator.url, "fudo:apiKey": emulator.apiKey };
  const restart = async (more: Partial<DriverOptions> = {}) => {
    const driver = await start({ ...more, config: { ...config, ...more.config } });
    drivers.push(driver);
    return driver;
  };
  const driver = await restart();
  const sessionId = emulator.sessions[0]!;
  const create = async (inputs: Values = { duration: "PT8H" }, by: Driver = driver) => {
    const checked = await by.check({}, { sessionId, ...inputs });
    expect(checked.failures).toEqual([]);
    const { id, outputs } = await by.create(checked.inputs);
    return { id, outputs, inputs: checked.inputs, requests: requestsOf(emulator) };
  };
  const replicated = async () => {
    virtual?.advance(expected.lag.milliseconds);
    for (let list = 0; list < expected.lag.requests; list += 1) await listShares(emulator, sessionId);
  };
  const declare = async (inputs?: Values, by?: Driver) => {
    const created = await create(inputs, by);
    await replicated();
    if (created.outputs["createdAt"] !== undefined) return created;
    return { ...created, outputs: await (await restart()).read(created.id, created.outputs) };
  };
  const warnings = () => drivers.flatMap((each) => each.warnings());
  return { emulator, driver, sessionId, expected, restart, create, declare, replicated, warnings };
}

async function listShares(emulator: Emulator, sessionId: string): Promise<void> {
  await fetch(`${emulator.url}/api/v2/session/${sessionId}/share`, { headers: { authorization: emulator.apiKey } });
}

/** Method and status of every request so far. */
export function requestsOf(emulator: Emulator): string[] {
  return emulator.requests.map(({ method, status }) => `${method} ${status}`);
}

/** The results of the operations that succeeded. */
export function results<T>(outcomes: readonly PromiseSettledResult<T>[]): T[] {
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}
