// The report as JSON, as its schema documents it.
import type { Report } from "../../model/report-schema";

export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
