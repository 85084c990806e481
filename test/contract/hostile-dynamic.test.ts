// The same hostility through the engine's own protocol: the provider's process answers every call and survives them all.
import { startDynamic } from "../support/drivers/dynamic-driver";
import { OperationFailed, type Driver, type Values } from "../support/drivers/driver";
import { isHarmless, hostileTexts } from "../support/hostile-values";
import { startScriptedServer, type ScriptedServer } from "../support/scripted-server";

const sessionId = "4665729213955833860";
const good: Values = { sessionId, duration: "PT8H" };
const names = ["sessionId", "validSince", "validTo", "duration", "readonly", "adopt", "deletionPolicy", "surprise"];
const odd: readonly unknown[] = [...hostileTexts, 7, -0.5, true, null, [], {}, [[{ a: [] }]], "x".repeat(1_000_000)];

let appliance: ScriptedServer;
let driver: Driver;

beforeAll(async () => {
  appliance = await startScriptedServer();
  driver = await startDynamic({ config: { "fudo:url": appliance.url, "fudo:apiKey": "sgfeea6jsaz4mum9su8w6" } });
});
afterAll(() => Promise.all([driver.close(), appliance.close()]));

/** Ends well, or as one of our failures. */
async function civil<T>(work: Promise<T>): Promise<T | undefined> {
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

test.each(names)("anything as %s is checked in words fit for a terminal", async (name) => {
  for (const value of odd) {
    const checked = await civil(driver.check({}, { ...good, [name]: value }));
    for (const { reason } of checked?.failures ?? [])
      expect({ reason, harmless: isHarmless(reason) }).toEqual({ reason, harmless: true });
  }
});

test.each(["sessionId", "validSince", "validTo", "key", "link", "fingerprint", "labels", "removed", "deletionPolicy"])(
  "anything as %s of a state is compared, read and deleted",
  async (name) => {
    const id = `${sessionId}/0123456789abcdef`;
    for (const value of odd) {
      const olds = {
        ...good,
        validSince: "2025-05-15T13:06:59.123Z",
        validTo: "2999-01-01T00:00:00.000Z",
        key: "k".repeat(64),
        fingerprint: "0123456789abcdef",
        [name]: value,
      };
      await civil(driver.diff(id, olds, good));
      await civil(driver.read(id, olds));
      await civil(driver.update(id, olds, good));
      await civil(driver.delete(id, olds));
    }
    expect(appliance.requests.filter(({ method }) => method === "POST")).toEqual([]);
  },
);

test("after all that it still creates a share", async () => {
  const { outputs } = await driver.create((await driver.check({}, good)).inputs);
  expect(outputs).toMatchObject({ sessionId, duration: "PT8H" });
});
