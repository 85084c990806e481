// The shares of the sample report in audit-report.ts: statuses, long and wide texts, and fingerprints with digits only.
import type { ReportedShare } from "../../provider/audit/model/report-schema";

export const now = Date.parse("2026-03-02T12:00:00.000Z");
export const hour = 3_600_000;
export const day = 24 * hour;
export const sessions = ["4665729213955833857", "4665729213955833858", "9223372036854775807"] as const;
const [one, two, three] = sessions;

export type SampleShare = Omit<ReportedShare, "findings" | "severity">;

export const instant = (ms: number) => (ms === Infinity ? "infinity" : new Date(ms).toISOString());
export const urnOf = (stack: string, name: string) => {
  const [project = "", ...rest] = stack.split("/").slice(-2);
  return `urn:pulumi:${rest.join("/")}::${project}::pulumi-nodejs:dynamic/fudo:SessionShare::${name}`;
};

type Properties = Partial<Pick<SampleShare, "labels" | "readonly" | "seen" | "notListedSince">> & {
  readonly in?: string;
  readonly once?: string;
};

/** A share of a resource `name`; without `in` and `once` no stack declares it. Start and end are hours from now. */
function share(
  name: string,
  [sessionId, fingerprint]: readonly [string, string],
  status: SampleShare["status"],
  [from, to]: readonly [number, number],
  { in: stack, once, ...more }: Properties = {},
): SampleShare & { readonly fingerprint: string } {
  const resource = (owner: string | undefined) =>
    owner === undefined ? [] : [{ stack: owner, urn: urnOf(owner, name) }];
  return {
    sessionId,
    fingerprint,
    status,
    seen: status === "missing" || status === "not-listed" ? "absent" : "listed",
    validSince: instant(now + from * hour),
    validTo: instant(now + to * hour),
    remainingSeconds: to === Infinity ? null : Math.max(0, to * 3600),
    readonly: true,
    labels: {},
    createdAt: instant(now + Math.min(from, -1) * hour),
    firstReportedAt: instant(now + Math.min(from, 0) * hour),
    ...more,
    declaredBy: resource(stack),
    onceDeclaredBy: resource(once),
  };
}

const acme = { vendor: "ACME <b>Support</b>", ticket: "CHG-1042" };
export const prod = "acme-corp/shop/prod";
const longName = "vendor-access-to-the-database-of-the-order-system-in-the-second-data-centre-for-the-migration";
const longText = "The vendor migrates the order database. ".repeat(7).slice(0, 250);
const wide = { vendor: "サイバーダイン・システムズ株式会社", 担当: "山田 👩‍💻 (ＦＵＤＯ)" };

/** In the order of the report: by status. The two fingerprints with digits only must stay text in every format. */
export const sampleShares = {
  plain: share("acme-db", [one, "706c61696e2d2d2d"], "active", [-2, 6], { in: prod, labels: acme }),
  other: share("other", [one, "6665729213955833"], "active", [-1, 199]),
  endless: share("endless", [two, "123456789012e345"], "active", [-1, Infinity]),
  third: share("third", [three, "0000000000000001"], "active", [-30, 18], { readonly: false }),
  orphaned: share("old-vendor", [two, "6f727068616e6564"], "active", [-20, 100], {
    once: "acme-corp/shop/test",
    labels: { vendor: "Soylent" },
  }),
  replaced: share("acme-week", [one, "7265706c61636564"], "active", [-48, 120], { once: prod, labels: acme }),
  accepted: share("firmware", [three, "6163636570746564"], "active", [-4, 44], {
    in: "acme-corp/plant/prod",
    readonly: false,
    labels: { vendor: "Umbrella", ticket: "CHG-2077" },
  }),
  long: share(longName, [two, "6c6f6e672d2d2d2d"], "active", [-6, 3], {
    in: "acme-corp/the-order-system-of-the-second-data-centre/production-in-the-second-data-centre",
    labels: { vendor: "Massive Dynamic International Consulting and Migration Services", purpose: longText },
  }),
  month: share("サポート-月次", [two, "6d6f6e74682d2d2d"], "active", [-24, 29 * 24], { in: prod, labels: wide }),
  night: share("night", [two, "6e696768742d2d2d"], "scheduled", [10, 22], { in: prod, labels: { vendor: "Globex" } }),
  gone: share("batch", [three, "676f6e652d2d2d2d"], "not-listed", [-9, 15], {
    once: "acme-corp/shop/test",
    labels: { vendor: "Soylent" },
    notListedSince: instant(now),
  }),
  lost: share("lost", [one, "6c6f73742d2d2d2d"], "missing", [-3, 17], {
    in: prod,
    labels: { vendor: "Hooli 株式会社" },
  }),
  removed: share("removed", [one, "72656d6f7665642d"], "removed", [-3, 17], {
    in: prod,
    labels: { vendor: "Initech" },
  }),
  expired: share("expired", [one, "657870697265642d"], "expired", [-50, -42], { in: prod, labels: acme }),
} as const satisfies Readonly<Record<string, SampleShare>>;
