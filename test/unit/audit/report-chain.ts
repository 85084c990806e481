// Audits one after the other, each with the report of the one before it as `--previous`.
import type { FindingKind } from "../../../provider/audit/model/finding-kinds";
import type { Report } from "../../../provider/audit/model/report-schema";
import { fingerprintOf, now, type AuditFixture } from "./fixture";

export type AuditResult = Report & { readonly code: number };

export interface AuditOptions {
  readonly args?: readonly string[];
  /** The local clock; the appliance has its own. */
  readonly time?: number;
  /** More of the state, for example its manifest. */
  readonly deployment?: object;
}

export class ReportChain {
  /** The file of the last report. */
  last: string | undefined;

  constructor(readonly fixture: AuditFixture) {}

  /** Audits the state with these resources, or no state at all. */
  async audit(resources: readonly object[] | undefined, options: AuditOptions = {}): Promise<AuditResult> {
    const { args = [], time = now, deployment } = options;
    const { fixture, last } = this;
    const state = resources === undefined ? [] : ["--state", fixture.stateFile(resources, deployment)];
    const previous = last === undefined ? [] : ["--previous", last];
    const { code, stdout, stderr } = await fixture.run([...state, ...previous, "-o", "json", ...args], { time });
    if (stdout === "") throw new Error(stderr);
    this.last = fixture.file("report.json", stdout);
    return { ...(JSON.parse(stdout) as Report), code };
  }
}

/** The kinds of the findings on this share, in the order of the report. */
export function kindsOf({ findings }: Report, { key }: { readonly key: string }): FindingKind[] {
  return findings.filter(({ fingerprint }) => fingerprint === fingerprintOf(key)).map(({ kind }) => kind);
}

export function shareIn({ shares }: Report, { key }: { readonly key: string }): Report["shares"][number] | undefined {
  return shares.find(({ fingerprint }) => fingerprint === fingerprintOf(key));
}
