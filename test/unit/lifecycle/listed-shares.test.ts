// What the error of a share that is not listed says about the shares that are.
import type { Share } from "../../../provider/client/api";
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { listedSharesText } from "../../../provider/lifecycle/operations/listed-shares";
import type { ValidList } from "../../../provider/lifecycle/run/share-lists";

const now = Date.parse("2026-03-02T12:00:00Z");
const hour = 3_600_000;
const share = (key: string, from: number, to: number, more: Partial<Share> = {}): Share => ({
  key,
  validSince: new Date(now + from * hour).toISOString(),
  validTo: new Date(now + to * hour).toISOString(),
  removed: false,
  ...more,
});
const text = (shares: readonly Share[]) => listedSharesText({ shares, applianceTime: now } as unknown as ValidList);

test("live shares come first, each with its status and window, and no key", () => {
  const keys = ["expired-key", "removed-key", "future-key", "active-key"] as const;
  const shown = text([
    share(keys[0], -3, -1),
    share(keys[1], -1, 1, { removed: true }),
    share(keys[2], 1, 2),
    share(keys[3], -1, 8),
  ]);
  const [expired, removed, future, active] = keys.map(fingerprintOf);
  expect(shown).toBe(
    `The list shows 4 shares: ${active} (active, 2026-03-02 11:00 UTC to 2026-03-02 20:00 UTC), ` +
      `${future} (scheduled, 2026-03-02 13:00 UTC to 2026-03-02 14:00 UTC), ` +
      `${expired} (expired, 2026-03-02 09:00 UTC to 2026-03-02 11:00 UTC), ` +
      `${removed} (removed, 2026-03-02 11:00 UTC to 2026-03-02 13:00 UTC)`,
  );
  for (const key of keys) expect(shown).not.toContain(key);
});

test("a window that cannot be read is not known, and an entry without a key has no fingerprint to name", () => {
  const endless = { key: "endless-key", validSince: "-infinity", validTo: "infinity", removed: false };
  expect(text([endless, { removed: false }])).toBe(
    `The list shows one share: ${fingerprintOf("endless-key")} (active, a time that is not known to a time that is not known)`,
  );
});

test("ten shares at most, and then how many more there are", () => {
  const shown = text(Array.from({ length: 13 }, (_, index) => share(`key-number-${index}`, -1, 1)));
  expect(shown.match(/active/g)).toHaveLength(10);
  expect(shown).toMatch(/^The list shows 13 shares: .* and 3 more$/);
});

test("an empty list shows no share", () => {
  expect(text([])).toBe("The list shows no share");
});
