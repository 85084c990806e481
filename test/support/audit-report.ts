// A report with something of everything, for tests of the formats that need no appliance: two sessions, seven shares, six
// findings.
import { makeReport } from "../../provider/audit/report/report";
import { makeRegister } from "../../provider/audit/analyze/inventory";
import type { Declared } from "../../provider/audit/collect/stack-state";
import type { Listed } from "../../provider/audit/collect/appliance-shares";
import type { Report } from "../../provider/audit/model/report-schema";

const now = Date.parse("2026-03-02T12:00:00.000Z");
const hour = 3_600_000;
const origin = "https://fudo.example";
const [one, two] = ["4665729213955833857", "4665729213955833858"];

function declared(
  name: string,
  sessionId: string,
  since: number,
  hours: number,
  more: Partial<Declared> = {},
): Declared {
  const fingerprint = Buffer.from(name.padEnd(8, "-").slice(0, 8)).toString("hex");
  const urn = `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/fudo:SessionShare::${name}`;
  return {
    stack: "shop/prod",
    urn,
    sessionId,
    fingerprint,
    owned: true,
    since: now + since * hour,
    to: now + (since + hours) * hour,
    readonly: true,
    labels: {},
    encrypted: [],
    ...more,
  };
}

const acme = { vendor: "ACME <b>Support</b>", ticket: "CHG-1042" };
const shares = {
  plain: declared("plain", one, -2, 8, { labels: acme }),
  over: declared("over", one, -50, 8, { labels: acme }),
  night: declared("night", two, 10, 12, { labels: { vendor: "Globex" }, readonly: false }),
  lost: declared("lost", one, -3, 20, { labels: { vendor: "Hooli 株式会社" } }),
  removed: declared("removed", one, -3, 20, { labels: { vendor: "Initech" } }),
};

function listed(
  {
    fingerprint,
    since = now,
    to = Infinity,
    readonly = true,
  }: Pick<Declared, "fingerprint" | "since" | "to" | "readonly">,
  removed = false,
): Listed {
  return { fingerprint, since, to, readonly, removed };
}

/** The report; the same at each call. */
export function report(): Report {
  const stranger = declared("stranger", one, -1, 200);
  const endless: Listed = {
    fingerprint: "e".repeat(16),
    since: now - hour,
    to: Infinity,
    readonly: true,
    removed: false,
  };
  const answers = [
    {
      sessionId: one,
      outcome: "answered",
      now,
      shares: [listed(shares.plain), listed(shares.over), listed(shares.removed, true), listed(stranger)],
    },
    { sessionId: two, outcome: "answered", now, shares: [listed({ ...shares.night, readonly: true }), endless] },
  ] as const;
  const entries = makeRegister({ declared: Object.values(shares), answers, earlier: [], origin, now });
  const policy = {
    maxDuration: 30 * 24 * hour,
    requiredLabels: [],
    everyStack: true,
    allRead: true,
    isGiven: () => true,
  };
  const sessions = { inScope: 2, answered: 2, unknown: 0, failed: 0, notAsked: 0 };
  const completeness = {
    complete: true,
    sessions,
    problems: [],
    notes: ["The rights of the API user filter what the appliance lists."],
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
    answers,
    completeness,
  });
}
