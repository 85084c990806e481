// Tests of the bench's command line: defaults, options and error messages.
import { parseOptions, usage } from "../../../bench/options";

const parts = ["state", "engine"];

describe("the bench's command line", () => {
  it("measures all parts at 100, 300 and 1,000 shares by default", () => {
    expect(parseOptions([], parts)).toEqual({
      help: false,
      parts,
      size: { quick: false, shares: 300, growth: [100, 300, 1000], rounds: 3, imported: [1000, 10_000] },
    });
  });

  it("accepts a number of shares, sizes, rounds and parts", () => {
    const { parts: named, size } = parseOptions(
      ["--shares", "30", "--sizes", "60,30", "--rounds", "2", "engine"],
      parts,
    );
    expect({ named, ...size }).toMatchObject({ named: ["engine"], shares: 30, growth: [30, 60], rounds: 2 });
  });

  it("--quick measures small sizes", () => {
    expect(parseOptions(["--quick"], parts).size).toEqual({
      quick: true,
      shares: 100,
      growth: [25, 50, 100],
      rounds: 1,
      imported: [100],
    });
  });

  it("--help lists the parts", () => {
    expect(parseOptions(["--help"], parts).help).toBe(true);
    expect(usage(parts)).toContain("state, engine");
  });

  it.each([
    [["nothing"], "unknown part: nothing; the parts are state, engine"],
    [["--shares", "many"], '--shares: "many" is not a number from 1 to 999999'],
    [["--rounds", "0"], '--rounds: "0" is not a number from 1 to 999999'],
    [["--sizes", "100,,300"], '--sizes: "" is not a number from 1 to 999999'],
    [["--sizes", "300"], "--sizes needs two different numbers: growth is fitted through them"],
    [["--sizes", "100,200"], "--sizes must include 300, the number of shares that the thresholds apply to"],
    [["--slow"], "Unknown option '--slow'"],
  ])("%j is rejected", (args, message) => {
    expect(() => parseOptions(args, parts)).toThrow(message);
  });
});
