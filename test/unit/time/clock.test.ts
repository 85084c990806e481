// The system's clock: its sleep ends early when told to.
import { systemClock } from "../../../provider/time/clock";
import { fingerprintOf } from "../../../provider/client/fingerprint";

test("a fingerprint is the first 16 hex digits of SHA-256 of the key", () => {
  expect(fingerprintOf("abc")).toBe("ba7816bf8f01cfea");
});

describe("the system's clock", () => {
  test("sleeps at least as long as asked", async () => {
    const begun = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(19);
  });

  test("is woken by a signal, before and during the sleep, with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const asleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(asleep).rejects.toBe(reason);
  });
});
