// Preloaded into Node processes of a test: time runs CLOCK_HURRY times as fast from CLOCK_START on, milliseconds since the
// epoch, so that two minutes of patience are a few seconds. The test's emulator lives by the same clock.
const factor = Number(process.env.CLOCK_HURRY ?? 1);
const start = Number(process.env.CLOCK_START ?? 0);
const { now, setTimeout: later } = { now: Date.now, setTimeout: globalThis.setTimeout };

if (factor > 1) {
  Date.now = () => start + (now() - start) * factor;
  globalThis.setTimeout = Object.assign((callback, ms = 0, ...rest) => later(callback, ms / factor, ...rest), later);
}
