// `fudo-audit doctor`: whether an audit can work from here, line by line in the order in which things depend on each other.
// Changes nothing, and sends the key only over a connection that the settings trust.
import { styleText } from "node:util";
import { createClient } from "../../client";
import { demandSettings } from "../../lifecycle";
import type { DoctorArguments } from "../cli/arguments";
import { environmentSettings } from "../audit";
import { connectionLines, settingsLines } from "./connection-checks";
import { examine, type Line, type Outcome } from "./api-checks";
import { wantsColour, type Surroundings } from "../cli/process-io";

/** Prints the lines as they come and returns the exit code: 3 where one has failed, else 0. */
export async function doctor(args: DoctorArguments, surroundings: Surroundings): Promise<number> {
  const { stdout, environment } = surroundings;
  const colour = wantsColour(stdout, environment);
  let failed = false;
  for await (const line of lines(args, surroundings)) {
    stdout.write(lineText(line, colour));
    failed ||= line.outcome === "fail";
  }
  return failed ? 3 : 0;
}

async function* lines({ session }: DoctorArguments, { environment, clock }: Surroundings): AsyncGenerator<Line> {
  const settings = environmentSettings(environment);
  const { url } = settings;
  yield* settingsLines(settings);
  if (url === undefined) return;
  const connection = await connectionLines(url, settings, clock.now());
  yield* connection;
  if (settings.problems.length > 0 || connection.some(({ outcome }) => outcome === "fail")) {
    yield {
      outcome: "warn",
      subject: "The rest",
      text: "not tried: the key is sent only when all of the above is well",
    };
    return;
  }
  const client = createClient(demandSettings(settings, clock));
  try {
    yield* examine({ client, now: () => clock.now(), ...(session !== undefined && { session }) });
  } finally {
    await client.close();
  }
}

const colours = { ok: "green", warn: "yellow", fail: "red" } as const satisfies Record<Outcome, string>;

function lineText({ outcome, subject, text, advice }: Line, colour: boolean): string {
  const word = outcome.padEnd(4);
  const shown = colour ? styleText(colours[outcome], word, { validateStream: false }) : word;
  return `${shown}  ${subject.padEnd(11)}  ${text}\n${advice === undefined ? "" : `${" ".repeat(19)}${advice}\n`}`;
}
