// A report for tests of the formats that need no appliance: two sessions, seven shares, six findings.
import { makeReport } from "../../provider/audit/report/report";
import { buildInventory } from "../../provider/audit/analyze/inventory";
import type { DeclaredShare } from "../../provider/audit/collect/stack-state";
import type { ListedShare } from "../../provider/audit/collect/appliance-shares";
import type { Report } from "../../provider/audit/model/report-schema";

const now = Date.parse("2026-03-02T12:00:00.000Z");
const hour = 3_600_000;
const origin = "https://fudo.example";
const [one, two] = ["4665729213955833857", "4665729213955833858"];

function declaredShare(
  name: string,
  sessionId: string,
  since: number,
  hours: number,
  more: Partial<DeclaredShare> = {},
): DeclaredShare {
  const fingerprint = Buffer.from(name.padEnd(8, "-").slice(0, 8)).toString("hex");
  const urn = `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/fudo:SessionShare::${name}`;
  return {
    stack: "shop/prod",
    urn,
    sessionId,
    fingerprint,
    managed: true,
    since: now + since * hour,
    to: now + (since + hours) * hour,
    createdAt: now + since * hour,
    readonly: true,
    labels: {},
    encryptedOutputs: [],
    ...more,
  };
}

const acme = { vendor: "ACME <b>Support</b>", ticket: "CHG-1042" };
const shares = {
  plain: declaredShare("plain", one, -2, 8, { labels: acme }),
  expired: declaredShare("expired", one, -50, 8, { labels: acme }),
  night: declaredShare("night", two, 10, 12, { labels: { vendor: "Globex" }, readonly: false }),
  lost: declaredShare("lost", one, -3, 20, { labels: { vendor: "Hooli 株式会社" } }),
  removed: declaredShare("removed", one, -3, 20, { labels: { vendor: "Initech" } }),
};

function listedShare(
  {
    fingerprint,
    since = now,
    to = Infinity,
    readonly = true,
  }: Pick<DeclaredShare, "fingerprint" | "since" | "to" | "readonly">,
  removed = false,
): ListedShare {
  return { fingerprint, since, to, readonly, removed, unreadable: [] };
}

/** The report; each call returns the same. */
export function report(): Report {
  const other = declaredShare("other", one, -1, 200);
  const endless: ListedShare = {
    fingerprint: "e".repeat(16),
    since: now - hour,
    to: Infinity,
    readonly: true,
    removed: false,
    unreadable: [],
  };
  const valid = { outcome: "answered", now, provesAbsence: true, problems: [] } as const;
  const results = [
    {
      ...valid,
      sessionId: one,
      shares: [
        listedShare(shares.plain),
        listedShare(shares.expired),
        listedShare(shares.removed, true),
        listedShare(other),
      ],
    },
    { ...valid, sessionId: two, shares: [listedShare({ ...shares.night, readonly: true }), endless] },
  ];
  const entries = buildInventory({ declared: Object.values(shares), results, previous: [], origin, now });
  const policy = {
    maxDuration: 30 * 24 * hour,
    requiredLabels: [],
    everyStack: true,
    allStatesRead: true,
    isAudited: () => true,
  };
  const sessions = { inScope: 2, answered: 2, unknown: 0, failed: 0, notAsked: 0 };
  const coverage = {
    complete: true,
    sessions,
    problems: [],
    notes: ["The appliance lists only what the API user may see: other sessions and shares are not in this report."],
  };
  const stacks = [{ source: "prod", stack: "shop/prod", shares: 5 }];
  return makeReport({
    version: "0.0.0",
    now,
    appliance: origin,
    stacks,
    allSessions: false,
    policy,
    entries,
    results,
    coverage,
  });
}
