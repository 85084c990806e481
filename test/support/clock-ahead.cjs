// Preloaded into the Node of the program and of the provider: their clocks are CLOCK_AHEAD milliseconds ahead, so that a test
// sees a share hours later without waiting.
const ahead = Number(process.env.CLOCK_AHEAD ?? 0);
const RealDate = Date;

if (ahead !== 0) {
  globalThis.Date = class Date extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(Date.now());
      else super(...args);
    }

    static now() {
      return RealDate.now() + ahead;
    }
  };
}
