// The findings as people read them: grouped by kind, with the common steps once, and each share by its name.
import { acceptedFindings, groupFindings } from "../../../provider/audit/report/finding-groups";
import { expiryText, nameOf } from "../../../provider/audit/report/text";
import type { ReportedFinding } from "../../../provider/audit/model/report-schema";

const urnOf = (name: string) => `urn:pulumi:prod::shop::fudo:index:SessionShare::${name}`;
const managedBy = (...names: string[]) => names.map((name) => ({ stack: "shop/prod", urn: urnOf(name) }));

function finding(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    kind: "unmanaged",
    severity: "high",
    sessionId: "4665729213955833857",
    fingerprint: "0123456789abcdef",
    status: "active",
    seen: "listed",
    remainingSeconds: 3600,
    labels: {},
    declaredBy: [],
    onceDeclaredBy: [],
    message: "The link works.",
    nextSteps: [],
    ...more,
  };
}

describe("groupFindings", () => {
  test("a step that all findings of a kind have appears once; the others stay with their share", () => {
    const groups = groupFindings({
      findings: [
        finding({ fingerprint: "a".repeat(16), nextSteps: ["revoke", "adopt a"] }),
        finding({ fingerprint: "b".repeat(16), nextSteps: ["revoke", "adopt b"] }),
      ],
    });
    expect(groups).toMatchObject([
      {
        kind: "unmanaged",
        severity: "high",
        title: "Live share that no audited stack declares",
        commonSteps: ["revoke"],
        findings: [{ ownSteps: ["adopt a"] }, { ownSteps: ["adopt b"] }],
      },
    ]);
  });

  test("a step that names the only share of its group stays with that share", () => {
    const [one] = groupFindings({ findings: [finding({ nextSteps: ["revoke", 'adopt: "0123456789abcdef"'] })] });
    expect([one?.commonSteps, one?.findings[0]?.ownSteps]).toEqual([["revoke"], ['adopt: "0123456789abcdef"']]);
    const [two] = groupFindings({
      findings: [finding({ declaredBy: managedBy("acme"), nextSteps: [`replace ${urnOf("acme")}`, "check"] })],
    });
    expect([two?.commonSteps, two?.findings[0]?.ownSteps]).toEqual([["check"], [`replace ${urnOf("acme")}`]]);
  });

  test("a step that names a resource is common when it is the step of all shares", () => {
    const own = { declaredBy: managedBy("acme"), nextSteps: [`replace ${urnOf("acme")}`] };
    const [group] = groupFindings({ findings: [finding(own), finding(own)] });
    expect(group?.commonSteps).toEqual(own.nextSteps);
  });

  test("a step that one finding has twice is not common to two findings", () => {
    const [group] = groupFindings({ findings: [finding({ nextSteps: ["x", "x"] }), finding({ nextSteps: [] })] });
    expect(group?.commonSteps).toEqual([]);
  });

  test("the most severe group comes first, and one kind with two severities makes two groups", () => {
    const groups = groupFindings({
      findings: [
        finding({ kind: "interactive", severity: "info" }),
        finding({ kind: "interactive", severity: "low" }),
        finding({ kind: "missing", severity: "medium" }),
        finding({ kind: "too-long", severity: "medium" }),
        finding({ kind: "orphaned", severity: "high" }),
        finding({ kind: "too-long", severity: "medium" }),
      ],
    });
    expect(groups.map(({ severity, kind, findings }) => `${severity} ${kind} ${findings.length}`)).toEqual([
      "high orphaned 1",
      "medium too-long 2",
      "medium missing 1",
      "low interactive 1",
      "info interactive 1",
    ]);
  });

  test("accepted findings are in no group", () => {
    const accepted = { reason: "known", until: "2026-03-03T12:00:00.000Z" };
    const findings = [finding({ accepted, nextSteps: ["x"] }), finding({ nextSteps: ["y"] })];
    expect(groupFindings({ findings }).map(({ commonSteps }) => commonSteps)).toEqual([["y"]]);
    expect(acceptedFindings({ findings })).toEqual([findings[0]]);
  });
});

describe("the order in a group", () => {
  const ends = [finding({ remainingSeconds: null }), finding({ remainingSeconds: 7200 }), finding()];
  const order = (more: Partial<ReportedFinding>) =>
    groupFindings({ findings: ends.map((end) => ({ ...end, ...more })) })[0]?.findings.map(
      (one) => one.finding.remainingSeconds,
    );

  test("of shares that expire soon, the first to expire comes first", () => {
    expect(order({ kind: "expires-soon", severity: "low" })).toEqual([3600, 7200, null]);
  });

  test("every other kind keeps the order of the report, where the link that works longest comes first", () => {
    expect(order({ kind: "unmanaged" })).toEqual([null, 7200, 3600]);
    expect(order({ kind: "interactive", severity: "low" })).toEqual([null, 7200, 3600]);
  });
});

test.each([
  ["active", "expires in 1 h"],
  ["scheduled", "expires in 1 h"],
  ["missing", "expires in 1 h"],
  ["not-listed", "expires in 1 h"],
  ["removed", ""],
] as const)("a share with the status %s has the remaining time %j: a removed share does not expire", (status, text) => {
  expect(expiryText({ status, remainingSeconds: 3600, validTo: "2026-03-02T13:00:00.000Z" })).toBe(text);
});

describe("nameOf", () => {
  test.each([
    ["vendor and resource", { vendor: "ACME" }, managedBy("db"), [], "ACME / db"],
    ["a resource without a vendor", { ticket: "CHG-1" }, managedBy("db"), [], "db"],
    ["a vendor that equals the resource", { vendor: "db" }, managedBy("db"), [], "db"],
    ["a blank vendor", { vendor: " " }, managedBy("db"), [], "db"],
    ["an encrypted vendor", { vendor: "[encrypted]" }, managedBy("db"), [], "db"],
    ["no stack", {}, [], [], "no stack"],
    ["a resource of the previous report", { vendor: "ACME" }, [], managedBy("old"), "ACME / old"],
    ["one name in two stacks", {}, managedBy("db", "db"), [], "db"],
    ["five resources", {}, managedBy("a", "b", "c", "d", "e"), [], "a, b, c and 2 more"],
    ["a name that contains ::", {}, managedBy("a::b"), [], "a::b"],
  ])("%s", (_, labels, declaredBy, onceDeclaredBy, name) => {
    expect(nameOf({ labels: labels, declaredBy, onceDeclaredBy })).toBe(name);
  });
});
