// Preloaded into the Node processes of a test: from CLOCK_START on (milliseconds since the epoch), time runs CLOCK_FACTOR times
// as fast, so that a timeout of two minutes takes a few seconds. The test's emulator uses the same clock.
const factor = Number(process.env.CLOCK_FACTOR ?? 1);
const start = Number(process.env.CLOCK_START ?? 0);
const { now, setTimeout: setRealTimeout } = { now: Date.now, setTimeout: globalThis.setTimeout };

if (factor > 1) {
  Date.now = () => start + (now() - start) * factor;
  globalThis.setTimeout = Object.assign(
    (callback, ms = 0, ...rest) => setRealTimeout(callback, ms / factor, ...rest),
    setRealTimeout,
  );
}
