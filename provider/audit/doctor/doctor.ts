// `fudo-audit doctor`: checks whether an audit can work from this machine, and prints one line for each check. Changes nothing
// without --test-share, and sends the API key only over a connection that the settings trust.
import { styleText } from "node:util";
import { createClient } from "../../client";
import { requireSettings, type Settings } from "../../lifecycle";
import type { DoctorArguments } from "../cli/doctor-arguments";
import { requireDistinctDestinations, requireKeptCertificates } from "../cli/destinations";
import { progressLine, wantsColour, type ProcessIo } from "../cli/process-io";
import { commandSettings } from "../cli/settings";
import { requireWritable } from "../report/write";
import { apiChecks } from "./api-checks";
import type { CheckResult, Outcome } from "./check-result";
import { confirmTestShare } from "./confirm";
import { connectionChecks, settingsChecks } from "./connection-checks";
import { interruptedText } from "./interruption";
import { observeByReading, observeTestShare } from "./observe-appliance";
import { nothingObserved, observationLines } from "./observations/topics";
import { ApplianceRecord } from "./record";
import { writeProfile } from "./write-profile";

/**
 * Prints each result as soon as it is known, and writes the profile. Returns the exit code: 3 when a check failed, 2 when the
 * profile could not be written, else 0. Throws `UsageError` before the first request.
 */
export async function doctor(args: DoctorArguments, io: ProcessIo): Promise<number> {
  const { stdout, stderr, environment } = io;
  const settings = commandSettings(environment);
  requireProfileFile(args, settings);
  if (args.testShare !== undefined) await confirmTestShare(args.testShare, io);
  const record = new ApplianceRecord();
  const colour = wantsColour(stdout, environment);
  const progress = progressLine(stderr, environment);
  io.beforeSignalEnds?.(() => {
    progress.clear();
    if (args.testShare !== undefined) stderr.write(interruptedText(record));
    writeProfile(args.profile, record, stderr);
  });
  let failed = false;
  for await (const result of checks(args, settings, record, { io, onProgress: (text) => progress.show(text) })) {
    progress.clear();
    stdout.write(lineText(result, colour));
    failed ||= result.outcome === "fail";
  }
  progress.clear();
  io.beforeSignalEnds?.(undefined);
  return Math.max(failed ? 3 : 0, writeProfile(args.profile, record, stderr));
}

function requireProfileFile({ profile }: DoctorArguments, { tls }: Settings): void {
  if (profile === undefined) return;
  const outputs = [{ format: "json", file: profile }] as const;
  requireDistinctDestinations({ outputs, states: [] });
  requireWritable(outputs);
  requireKeptCertificates(outputs, tls.caCertificate);
}

async function* checks(
  args: DoctorArguments,
  settings: Settings,
  record: ApplianceRecord,
  { io: { clock }, onProgress }: { readonly io: ProcessIo; readonly onProgress: (text: string) => void },
): AsyncGenerator<CheckResult> {
  const { url } = settings;
  yield* settingsChecks(settings);
  if (url === undefined) return;
  const connection = await connectionChecks(url, settings, clock.now());
  yield* connection;
  if (settings.problems.length > 0 || hasFailed(connection)) {
    yield {
      outcome: "warn",
      subject: "API checks",
      text: "skipped: doctor sends the API key only when all checks above pass",
    };
    return;
  }
  const client = createClient({ ...requireSettings(settings, clock), observe: record.add });
  try {
    yield* applianceChecks(args, { client, record, settings, clock, onProgress });
  } finally {
    await client.close();
  }
}

async function* applianceChecks(
  { session, testShare, profile }: DoctorArguments,
  options: Parameters<typeof observeTestShare>[0],
): AsyncGenerator<CheckResult> {
  const { client, record, clock } = options;
  const results: CheckResult[] = [];
  for await (const result of apiChecks({ client, now: () => clock.now(), ...(session !== undefined && { session }) })) {
    results.push(result);
    yield result;
  }
  record.session = session ?? sessionOf(record);
  if (testShare === undefined && profile === undefined) {
    if (!hasFailed(results) && record.session !== undefined) yield nothingObserved;
    return;
  }
  if (testShare !== undefined)
    yield hasFailed(results) ? skippedShare : await observeTestShare(options, testShare.session);
  // A rejected key is rejected again, and more attempts may block its user.
  if (!hasFailed(results)) await observeByReading(options);
  yield* observationLines(record, testShare !== undefined);
}

const skippedShare: CheckResult = {
  outcome: "warn",
  subject: "Test share",
  text: "skipped: doctor makes it only when all checks above pass",
};

function hasFailed(results: readonly CheckResult[]): boolean {
  return results.some(({ outcome }) => outcome === "fail");
}

/** The session whose list the checks have read. */
function sessionOf({ exchanges }: ApplianceRecord): string | undefined {
  return exchanges.flatMap(({ path }) => /^\/api\/v2\/session\/(\d+)\/share$/.exec(path)?.[1] ?? [])[0];
}

const colours = { ok: "green", warn: "yellow", fail: "red", note: "cyan" } as const satisfies Record<Outcome, string>;

function lineText({ outcome, subject, text, advice }: CheckResult, colour: boolean): string {
  const word = outcome.padEnd(4);
  const coloured = colour ? styleText(colours[outcome], word, { validateStream: false }) : word;
  return `${coloured}  ${subject.padEnd(11)}  ${text}\n${advice === undefined ? "" : `${" ".repeat(19)}${advice}\n`}`;
}
