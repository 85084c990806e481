// Chaos at a smaller size, by the real engine: 15 % of the answers to POST are lost after the share is made, 10 % of the
// other calls fail, and in the end every link has its owner. `npm run chaos` plays it at any size.
import { chaos, lineOf } from "../../scripts/chaos/main";

jest.setTimeout(600_000);

test.each(["1", "2", "3"])(
  "seed %s: 40 shares on 8 sessions, created, refreshed, replaced and destroyed",
  async (seed) => {
    const tally = await chaos({ shares: 40, sessions: 8, seed });
    process.stdout.write(`seed ${seed}: ${lineOf(tally)}\n`);
    expect(tally).toMatchObject({ created: 80, owned: 80, unknown: 0, duplicated: 0, lost: 0 });
    expect(tally.adopted).toBeGreaterThan(0);
  },
);
