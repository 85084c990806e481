// The flags for one run: what each value means, and that a misspelled one is never read as one that is not set.
import { readRunFlags } from "../../../provider/lifecycle";

describe("FUDO_ABANDON_LIVE", () => {
  test.each<[string | undefined, boolean]>([
    ["true", true],
    [" true\n", true],
    ["false", false],
    ["", false],
    [" ", false],
    [undefined, false],
  ])("%j is read as %j", (value, abandonLive) => {
    expect(readRunFlags({ FUDO_ABANDON_LIVE: value })).toEqual({ abandonLive, recover: "off" });
  });

  test.each(["yes", "TRUE", "1", "0", "on", '"true"', "true,false"])(
    "%j is an error with the allowed values",
    (value) => {
      expect(() => readRunFlags({ FUDO_ABANDON_LIVE: value })).toThrow(
        expect.objectContaining({ code: "config", message: 'FUDO_ABANDON_LIVE must be "true" or "false"' }),
      );
    },
  );
});
