// `fudo-audit doctor`: checks whether an audit can work from this machine, and prints one line for each check. Changes
// nothing, and sends the API key only over a connection that the settings trust.
import { styleText } from "node:util";
import { createClient } from "../../client";
import { requireSettings } from "../../lifecycle";
import type { DoctorArguments } from "../cli/arguments";
import { wantsColour, type ProcessIo } from "../cli/process-io";
import { commandSettings } from "../cli/settings";
import { apiChecks } from "./api-checks";
import type { CheckResult, Outcome } from "./check-result";
import { connectionChecks, settingsChecks } from "./connection-checks";

/** Prints each result as soon as it is known. Returns the exit code: 3 when a check failed, else 0. */
export async function doctor(args: DoctorArguments, io: ProcessIo): Promise<number> {
  const { stdout, environment } = io;
  const colour = wantsColour(stdout, environment);
  let failed = false;
  for await (const result of checks(args, io)) {
    stdout.write(lineText(result, colour));
    failed ||= result.outcome === "fail";
  }
  return failed ? 3 : 0;
}

async function* checks({ session }: DoctorArguments, { environment, clock }: ProcessIo): AsyncGenerator<CheckResult> {
  const settings = commandSettings(environment);
  const { url } = settings;
  yield* settingsChecks(settings);
  if (url === undefined) return;
  const connection = await connectionChecks(url, settings, clock.now());
  yield* connection;
  if (settings.problems.length > 0 || connection.some(({ outcome }) => outcome === "fail")) {
    yield {
      outcome: "warn",
      subject: "API checks",
      text: "skipped: doctor sends the API key only when all checks above pass",
    };
    return;
  }
  const client = createClient(requireSettings(settings, clock));
  try {
    yield* apiChecks({ client, now: () => clock.now(), ...(session !== undefined && { session }) });
  } finally {
    await client.close();
  }
}

const colours = { ok: "green", warn: "yellow", fail: "red" } as const satisfies Record<Outcome, string>;

function lineText({ outcome, subject, text, advice }: CheckResult, colour: boolean): string {
  const word = outcome.padEnd(4);
  const coloured = colour ? styleText(colours[outcome], word, { validateStream: false }) : word;
  return `${coloured}  ${subject.padEnd(11)}  ${text}\n${advice === undefined ? "" : `${" ".repeat(19)}${advice}\n`}`;
}
