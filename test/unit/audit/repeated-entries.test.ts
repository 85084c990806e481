// Lists that repeat an entry of one key: what the entries disagree on is not known, so it never hides a live link.
import { createFixture, fingerprintOf, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

/** Two entries of one undeclared share, the second one changed. */
function audit(change: Record<string, unknown>, isReversed: boolean) {
  const { key, link, sessionId } = fixture.share();
  const entry = {
    key,
    link,
    valid_since: "2026-03-02 03:00:00-08",
    valid_to: "2026-03-02 11:00:00-08",
    readonly: true,
    created_at: "2026-03-02 03:00:00-08",
  };
  const list = [entry, { ...entry, ...change }];
  fixture.emulator.fault({ path: "/share", kind: "list", value: isReversed ? list.reverse() : list });
  return fixture.report([], ["--session", sessionId]).then((report) => ({ report, fingerprint: fingerprintOf(key) }));
}

const contradiction = /the list repeats 1 share with another window or mode$/;

describe.each([false, true])("entries in reverse order: %s", (isReversed) => {
  test.each<[string, Record<string, unknown>]>([
    ["an end that is over", { valid_to: "2026-03-02 03:30:00-08" }],
    ["a later end", { valid_to: "2026-03-03 11:00:00-08" }],
    ["a later start", { valid_since: "2026-03-02 03:30:00-08" }],
    ["another mode", { readonly: false }],
  ])("%s: the link is unmanaged, and the audit is incomplete", async (_, change) => {
    const { report, fingerprint } = await audit(change, isReversed);
    expect(report).toMatchObject({
      code: 3,
      findings: expect.arrayContaining([expect.objectContaining({ kind: "unmanaged", fingerprint })]),
    });
    expect(report.completeness.problems).toEqual([expect.stringMatching(contradiction)]);
  });

  test.each<[string, Record<string, unknown>]>([
    ["equal entries", {}],
    ["one instant in two zones", { valid_to: "2026-03-02T19:00:00Z" }],
  ])("%s: the audit is complete", async (_, change) => {
    const { report } = await audit(change, isReversed);
    expect(report).toMatchObject({ code: 1, findings: [{ kind: "unmanaged" }], completeness: { problems: [] } });
  });

  test("`removed` wins", async () => {
    const { report } = await audit({ removed: true }, isReversed);
    expect(report).toMatchObject({ code: 0, shares: [{ status: "removed" }] });
  });
});
