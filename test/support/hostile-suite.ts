// Hostile values through the engine's own protocol: the provider process responds to every call and never crashes. One suite
// for each driver of a process.
import { OperationFailed, type Driver, type StartDriver, type Values } from "./drivers/driver";
import { isHarmless, hostileTexts } from "./hostile-values";
import { startScriptedServer, type ScriptedServer } from "./scripted-server";

const sessionId = "4665729213955833860";
const validInputs: Values = { sessionId, duration: "PT8H" };
const names = [
  "sessionId",
  "validSince",
  "validTo",
  "duration",
  "readonly",
  "adopt",
  "deletionPolicy",
  "recipients",
  "surprise",
];
const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  7,
  -0.5,
  true,
  null,
  [],
  {},
  [[{ a: [] }]],
  "x".repeat(1_000_000),
];

/** The result, or undefined after one of our errors with a printable text. Any other error fails the test. */
async function orKnownError<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OperationFailed)) throw error;
    expect(error.code).not.toBe("internal");
    expect({ text: error.message, harmless: isHarmless(error.message) }).toEqual({
      text: error.message,
      harmless: true,
    });
    return undefined;
  }
}

/** Declares the tests. */
export function hostileSuite(start: StartDriver): void {
  let appliance: ScriptedServer;
  let driver: Driver;

  beforeAll(async () => {
    appliance = await startScriptedServer();
    driver = await start({ config: { "fudo:url": appliance.url, "fudo:apiKey": "sgfeea6jsaz4mum9su8w6" } });
  });
  afterAll(() => Promise.all([driver.close(), appliance.close()]));

  test.each(names)("check of any value as %s gives printable reasons", async (name) => {
    for (const value of hostileValues) {
      const checked = await orKnownError(driver.check({}, { ...validInputs, [name]: value }));
      for (const { reason } of checked?.failures ?? [])
        expect({ reason, harmless: isHarmless(reason) }).toEqual({ reason, harmless: true });
    }
  });

  test.each([
    "sessionId",
    "validSince",
    "validTo",
    "key",
    "link",
    "fingerprint",
    "labels",
    "removed",
    "deletionPolicy",
    "recipients",
    "sealedUrl",
    "sealedRecipients",
    "sealedOrigin",
  ])("any value as %s of a state passes through diff, read, update and delete", async (name) => {
    const id = `${sessionId}/0123456789abcdef`;
    for (const value of hostileValues) {
      const olds = {
        ...validInputs,
        validSince: "2025-05-15T13:06:59.123Z",
        validTo: "2999-01-01T00:00:00.000Z",
        key: "k".repeat(64),
        fingerprint: "0123456789abcdef",
        [name]: value,
      };
      await orKnownError(driver.diff(id, olds, validInputs));
      await orKnownError(driver.read(id, olds));
      await orKnownError(driver.update(id, olds, validInputs));
      await orKnownError(driver.delete(id, olds));
    }
    expect(appliance.requests.filter(({ method }) => method === "POST")).toEqual([]);
  });

  test("afterwards the process still creates a share", async () => {
    const { outputs } = await driver.create((await driver.check({}, validInputs)).inputs);
    expect(outputs).toMatchObject({ sessionId, duration: "PT8H" });
  });
}
