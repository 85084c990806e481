// The system's clock: sleep lasts long enough, and a signal ends it.
import { systemClock } from "../../../provider/time/clock";

describe("the system's clock", () => {
  test("sleeps at least for the requested time", async () => {
    const startedAt = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  test("rejects with the signal's reason if the signal aborts before or during the sleep", async () => {
    const reason = new Error("enough");
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });
});
