#!/usr/bin/env node
// The command `fudo-emulator`: starts an emulator, says how to point a stack at it, stays up until it is told to end.
// Knows the terminal; the appliance is emulator.ts's.
import { parseArgs } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
import { checkedSwitches, switchList } from "./appliance/behaviour-flags";

const usage = `fudo-emulator: Fudo Enterprise session sharing, in memory, to test stacks without an appliance

  --host HOST         where to listen (127.0.0.1)
  --port PORT         any free one by default
  --https             with a certificate made at start
  --zone ZONE         the appliance's time zone (America/Los_Angeles)
  --sessions N        how many sessions there are (4)
  --seed SEED         the same keys and faults each time
  --switch NAME=VALUE what the vendor does not say; may be repeated
  --lost-post-answers P, --lost-posts P, --other-faults P
                      random faults, each with a chance from 0 to 1
  --latency MS        delay of every request
  --control           opens POST /emulator/... to loopback
  --json              one line of JSON instead of text
  --help              this, and the switches

It ends on SIGINT and SIGTERM. The API key printed is good for this emulator only.`;

const options = {
  host: { type: "string" },
  port: { type: "string" },
  https: { type: "boolean" },
  zone: { type: "string" },
  sessions: { type: "string" },
  seed: { type: "string" },
  switch: { type: "string", multiple: true },
  "lost-post-answers": { type: "string" },
  "lost-posts": { type: "string" },
  "other-faults": { type: "string" },
  latency: { type: "string" },
  control: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** What is wrong with this version of Node, in one sentence; undefined when nothing is. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return undefined;
  return `fudo-emulator needs Node 22.19 or newer, this is ${version}`;
}

/** Start options from the command line. Throws a RangeError or TypeError that says what is wrong with it. */
export function startOptions(values: Values): EmulatorOptions {
  const { host, zone, seed = String(Math.random()), https = false, control = false } = values;
  const number = (
    name: "port" | "sessions" | "lost-post-answers" | "lost-posts" | "other-faults",
    most: number,
    fallback: number,
  ): number => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (values[name] !== "" && value >= 0 && value <= most && (most === 1 || Number.isInteger(value))) return value;
    throw new RangeError(`--${name} is a number from 0 to ${most}`);
  };
  const pairs = (values.switch ?? []).map((text) => {
    const [name = "", value] = text.split(/=(.*)/s);
    if (value === undefined) throw new RangeError(`--switch is NAME=VALUE, not "${text}"`);
    return [name, value] as const;
  });
  return {
    https,
    control,
    seed,
    ...(host !== undefined && { host }),
    ...(zone !== undefined && { zone }),
    port: number("port", 65535, 0),
    sessions: number("sessions", 100_000, 4),
    switches: checkedSwitches(Object.fromEntries(pairs)),
    faults: {
      seed,
      lostPostAnswers: number("lost-post-answers", 1, 0),
      lostPosts: number("lost-posts", 1, 0),
      otherFaults: number("other-faults", 1, 0),
    },
  };
}

/** What the command prints when it is up. */
export function introduction({ url, apiKey, sessions, certificateFingerprint }: Emulator): string {
  const pin =
    certificateFingerprint === undefined
      ? []
      : [`  pulumi config set fudo:certificateFingerprint ${certificateFingerprint}`];
  return [
    `Fudo emulator at ${url}`,
    `API key   ${apiKey}`,
    `Sessions  ${sessions.slice(0, 8).join("\n          ")}${sessions.length > 8 ? `\n          and ${sessions.length - 8} more` : ""}`,
    "",
    "To point a stack at it:",
    `  pulumi config set fudo:url ${url}`,
    ...pin,
    "  pulumi config set --secret fudo:apiKey        (asks for the value: paste the API key)",
    "",
    "Ctrl-C ends it, and everything in it is forgotten.",
  ].join("\n");
}

function help(): string {
  const rows = switchList.map(
    ({ name, values, fallback, question }) =>
      `  ${name}=${values.length > 0 ? values.join("|") : `${fallback}|1|2|...`}\n      ${question}`,
  );
  return `${usage}\n\nSwitches, the default first:\n${rows.join("\n")}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help());
  const latency = Number(values.latency ?? 0);
  if (!(latency >= 0)) throw new RangeError("--latency is a number of milliseconds");
  const emulator = await startEmulator(startOptions(values));
  emulator.latency = latency;
  const { url, apiKey, sessions, certificate, certificateFingerprint } = emulator;
  console.log(
    values.json
      ? JSON.stringify({ url, apiKey, sessions, certificate, certificateFingerprint })
      : introduction(emulator),
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void emulator.close());
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 2;
}

if (require.main === module) {
  const problem = nodeProblem(process.versions.node);
  if (problem !== undefined) fail(problem);
  else
    main().catch((error: unknown) =>
      fail(`${error instanceof Error ? error.message : String(error)}\nfudo-emulator --help lists the options.`),
    );
}
