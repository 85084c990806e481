// What a notification contains: which findings are new, its size, and its text for a chat system.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { PreviousReport } from "../../../provider/audit/collect/previous-report";
import { notificationJsonSchema, type Notification } from "../../../provider/audit/model/notification-schema";
import type { Report, ReportedFinding } from "../../../provider/audit/model/report-schema";
import { newFindings, pendingFindings, withPending } from "../../../provider/audit/notify/new-findings";
import { notificationBody } from "../../../provider/audit/notify/notification";
import { report as sampleReport } from "../../support/audit-report";

const documented = readFileSync(join(__dirname, "../../../docs/audit-notification.schema.json"), "utf8");
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(documented));
const sample = sampleReport();
const [first, second] = sample.findings as [ReportedFinding, ReportedFinding];

const previous = (...findings: ReportedFinding[]): PreviousReport => ({ generatedAt: 0, shares: [], findings });
const reportOf = (...findings: ReportedFinding[]): Report => ({ ...sample, findings });
const send = (report: Report, findings = report.findings) =>
  JSON.parse(notificationBody(report, findings)) as Notification;

test("a notification is valid against the documented schema, and the document equals the code", () => {
  expect(documented).toBe(`${JSON.stringify(notificationJsonSchema(), null, 2)}\n`);
  const counting = newFindings(sample, undefined);
  expect(counting.length).toBeGreaterThan(5);
  validate(send(sample, counting));
  expect(validate.errors).toBeNull();
  expect(validate({ ...send(sample, counting), findings: [{}] })).toBe(false);
});

describe("a finding is new", () => {
  const accepted = { ...first, accepted: { reason: "x", until: "2026-03-03T12:00:00.000Z" } };
  const info = { ...first, severity: "info" as const };
  const pending = { ...first, notification: "pending" as const };
  const other = { ...first, fingerprint: "f".repeat(16) };
  const keyless = ({ fingerprint: _, ...rest }: ReportedFinding, validTo: string) => ({ ...rest, validTo });
  const later = keyless(first, "2026-03-04T12:00:00.000Z");
  const earlier = keyless(first, "2026-03-03T12:00:00.000Z");

  test.each<[string, ReportedFinding, PreviousReport | undefined, number]>([
    ["without a previous report", first, undefined, 1],
    ["if the previous report has none", first, previous(), 1],
    ["but not if the previous report has it", first, previous(second, first), 0],
    ["if the previous report has it for another share", first, previous(other), 1],
    ["if the previous report has another kind for its share", first, previous({ ...first, kind: "too-long" }), 1],
    ["if it was accepted before and is not now", first, previous(accepted), 1],
    ["if it was of severity info before", first, previous(info), 1],
    ["if the webhook has not accepted it yet", first, previous(pending), 1],
    ["but not if it is accepted", accepted, undefined, 0],
    ["but not if it is of severity info", info, undefined, 0],
    ["by its window if the share has no readable key", later, previous(earlier), 1],
    ["but not with the same window if the share has no readable key", later, previous(later), 0],
  ])("%s", (_, finding, before, count) => {
    expect(newFindings(reportOf(finding), before)).toHaveLength(count);
  });

  test("an audit without a webhook keeps what an earlier audit could not send", () => {
    const report = reportOf(first, second);
    const found = pendingFindings(report, previous(pending, second));
    expect(found).toEqual([first]);
    expect(withPending(report, found).findings).toEqual([pending, second]);
    expect(pendingFindings(reportOf(accepted), previous(pending))).toEqual([]);
  });
});

describe("the size", () => {
  const many = (count: number, message = "x") =>
    Array.from({ length: count }, (_, index) => ({ ...first, message, fingerprint: String(index).padStart(16, "0") }));

  test("more than 100 findings: the rest is counted, and the text names ten", () => {
    const { findings, omitted, counts, text } = send(reportOf(...many(250)));
    expect([findings.length, omitted, counts[first.severity as "high"]]).toEqual([100, 150, 250]);
    expect(text.split("\n")).toHaveLength(12);
    expect(text).toMatch(/^fudo-audit: 250 new findings on https:\/\/fudo\.example \(250 high\)\n/);
    expect(text).toContain("… and 240 more findings: see the report");
    expect(text.length).toBeLessThanOrEqual(2000);
  });

  test.each([
    ["long messages", many(100, "ü".repeat(4000)), 25],
    ["one message that is too long alone", many(1, "x".repeat(300_000)), 0],
  ])("%s: the notification stays below 200,000 bytes", (_, findings, atMost) => {
    const body = notificationBody(reportOf(...findings), findings);
    const sent = JSON.parse(body) as Notification;
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(200_000);
    expect(sent.findings.length).toBeLessThanOrEqual(atMost);
    expect(sent.findings.length + sent.omitted).toBe(findings.length);
    validate(sent);
    expect(validate.errors).toBeNull();
  });
});

test("the text has no text of others, which could be a link or a mention", () => {
  const evil = "<!channel> @all <https://evil.example|open> [open](https://evil.example)";
  const hostile = {
    ...first,
    message: evil,
    nextSteps: [evil],
    labels: { vendor: evil },
    declaredBy: [{ stack: evil, urn: evil }],
    ...{ serverName: evil, accountName: evil, userName: evil },
  };
  const sent = send(reportOf(hostile));
  expect(sent.text).not.toMatch(/channel|@|evil|[<>[\]]/);
  expect(sent.findings[0]).toMatchObject({ labels: { vendor: evil }, message: evil });
});

test("the text says that the audit is incomplete", () => {
  const incomplete = { ...sample, completeness: { ...sample.completeness, complete: false } };
  expect(send(incomplete)).toMatchObject({ complete: false, text: expect.stringContaining("INCOMPLETE") });
  expect(send(sample).text).not.toContain("INCOMPLETE");
});
