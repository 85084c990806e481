// Chaos at a smaller size, run by the real engine: 15 % of the POST responses are lost after the share is created, 10 % of
// the other requests fail, and at the end the stack managed every link. `npm run chaos` runs it at any size.
import { chaos, formatTally } from "../../scripts/chaos/main";

jest.setTimeout(600_000);

test.each(["1", "2", "3"])(
  "seed %s: 40 shares on 8 sessions, created, refreshed, replaced and destroyed",
  async (seed) => {
    const tally = await chaos({ shares: 40, sessions: 8, seed });
    process.stdout.write(`seed ${seed}: ${formatTally(tally)}\n`);
    expect(tally).toMatchObject({ created: 80, managed: 80, unmanaged: 0, duplicated: 0, lost: 0 });
    expect(tally.recovered).toBeGreaterThan(0);
  },
);

test("20 shares on 5 sessions, and eight runs are killed: FUDO_RECOVER=true takes over every link that they have left", async () => {
  const tally = await chaos({ shares: 20, sessions: 5, seed: "kill", kills: 4 });
  process.stdout.write(`killed: ${formatTally(tally)}\n`);
  expect(tally).toMatchObject({ created: 40, managed: 40, unmanaged: 0, duplicated: 0, lost: 0 });
  expect(tally.takenOver).toBeGreaterThan(0);
});

describe("the plugin", () => {
  test("40 shares on 8 sessions: no link is unmanaged", async () => {
    const tally = await chaos({ adapter: "plugin", shares: 40, sessions: 8, seed: "1" });
    process.stdout.write(`plugin: ${formatTally(tally)}\n`);
    expect(tally).toMatchObject({ created: 80, managed: 80, unmanaged: 0, duplicated: 0, lost: 0 });
    expect(tally.recovered).toBeGreaterThan(0);
  });

  test("20 shares on 5 sessions, and eight kills of the plugin: FUDO_RECOVER=true takes over every link that they have left", async () => {
    const tally = await chaos({ adapter: "plugin", shares: 20, sessions: 5, seed: "kill", kills: 4 });
    process.stdout.write(`plugin, killed: ${formatTally(tally)}\n`);
    expect(tally).toMatchObject({ created: 40, managed: 40, unmanaged: 0, duplicated: 0, lost: 0 });
    expect(tally.takenOver).toBeGreaterThan(0);
  });
});
