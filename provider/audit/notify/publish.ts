// Writes the reports and notifies the webhook. A notification that failed is sent again by the next audit.
import type { Output } from "../cli/arguments";
import type { ProcessIo } from "../cli/process-io";
import type { PreviousReport } from "../collect/previous-report";
import type { Report } from "../model/report-schema";
import { writeReports } from "../report/write";
import { newFindings, pendingFindings, withPending } from "./new-findings";
import { notificationBody } from "./notification";
import { post } from "./post";
import type { Webhook } from "./webhook";

interface PublishOptions {
  readonly previous: PreviousReport | undefined;
  readonly outputs: readonly Output[];
  readonly webhook: Webhook | undefined;
  /** For the request to the webhook, in milliseconds. */
  readonly timeout: number;
}

/** Returns the lowest exit code that is still true: 0, 2 if an output or the webhook failed, or 3. */
export async function publish(
  report: Report,
  { previous, outputs, webhook, timeout }: PublishOptions,
  io: ProcessIo,
): Promise<number> {
  const findings = webhook === undefined ? pendingFindings(report, previous) : newFindings(report, previous);
  const pending = withPending(report, findings);
  if (webhook === undefined || findings.length === 0) return writeReports(pending, outputs, io);
  // The files come before the request, so that a slow webhook or a signal loses no report.
  const isFile = ({ file }: Output) => file !== undefined;
  const written = writeReports(pending, outputs.filter(isFile), io);
  const problem = await post(webhook, notificationBody(report, findings), timeout);
  const isWrong = ({ format }: Output) => problem === undefined && written === 0 && format === "json";
  const rest = outputs.filter((output) => !isFile(output) || isWrong(output));
  const code = writeReports(problem === undefined ? report : pending, rest, io);
  if (problem === undefined) return Math.max(written, code);
  io.stderr.write(`fudo-audit: could not notify ${webhook.origin}: ${problem}. ${sentAgain}\n`);
  return Math.max(written, code, 2);
}

const sentAgain = "The next audit that reads this JSON report with --previous sends the notification again";
