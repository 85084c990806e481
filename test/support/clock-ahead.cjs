// Preloaded into the program's and the provider's Node: their clock runs CLOCK_AHEAD milliseconds ahead, so that a test
// can look at a share hours later without waiting for them.
const ahead = Number(process.env.CLOCK_AHEAD ?? 0);
const RealDate = Date;

if (ahead !== 0) {
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(Date.now());
      else super(...given);
    }

    static now() {
      return RealDate.now() + ahead;
    }
  };
}
