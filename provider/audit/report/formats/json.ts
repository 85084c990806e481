// The report as JSON; model/report-schema.ts documents it.
import type { Report } from "../../model/report-schema";

export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
