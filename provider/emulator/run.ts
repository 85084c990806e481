// Runs the command `fudo-emulator`: starts an emulator, prints how to connect a stack to it, and runs until a signal.
import { randomUUID } from "node:crypto";
import { isIPv6 } from "node:net";
import { parseArgs } from "node:util";
import { behaviourFlagList, parseBehaviourFlags } from "./appliance/behaviour-flags";
import { protocolAt } from "./appliance/appliance";
import { closest, maxDelay } from "./checks";
import type { Emulator } from "./emulator";
import type { EmulatorOptions } from "./options";
import { readProfile } from "./profile/read-profile";
import { startEmulator } from "./start";
import { watchStarter } from "./starter";

const usage = `fudo-emulator: a Fudo appliance in memory, to test session sharing without a real appliance

  --host HOST         address to listen on (default: 127.0.0.1)
  --port PORT         port to listen on (default: any free port)
  --https             use HTTPS with a generated certificate
  --name NAME         another host name or IP address for the certificate; can be repeated
  --zone ZONE         time zone of the appliance (default: America/Los_Angeles)
  --sessions N        number of sessions: ssh, rdp, vnc and http in turn (default: 4)
  --seed SEED         generate the same keys, certificate and faults each time (default: random)
  --behaviour NAME=VALUE
                      set a behaviour flag; can be repeated
  --profile FILE      behave as the appliance whose profile fudo-audit doctor wrote to FILE;
                      --behaviour and --zone have priority over it
  --lost-post-responses P, --lost-posts P, --other-faults P
                      random faults; each P is a probability from 0 to 1 (default: 0)
  --latency MS        delay of every request in milliseconds (default: 0)
  --control           enable the control API (POST /emulator/...), for loopback only
  --keep-running      keep running when the process that started the emulator ends
  --json              print one line of JSON instead of text
  --help              print this help and the list of behaviour flags

SIGINT and SIGTERM stop the emulator. It also stops when its standard input is a pipe that ends, and when npx or another
package manager started it and ends. The printed API key works only for emulators with the same seed.`;

const options = {
  host: { type: "string" },
  port: { type: "string" },
  https: { type: "boolean" },
  name: { type: "string", multiple: true },
  zone: { type: "string" },
  sessions: { type: "string" },
  seed: { type: "string" },
  behaviour: { type: "string", multiple: true },
  profile: { type: "string" },
  "lost-post-responses": { type: "string" },
  "lost-posts": { type: "string" },
  "other-faults": { type: "string" },
  latency: { type: "string" },
  control: { type: "boolean" },
  "keep-running": { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
type NumberOption = "port" | "sessions" | "lost-post-responses" | "lost-posts" | "other-faults";

/** Converts the command line into options. Throws a RangeError or TypeError that says which option is wrong. */
export function startOptions(values: Values): EmulatorOptions {
  const { host, zone, seed = randomUUID(), name, profile, https = false, control = false } = values;
  return {
    https,
    control,
    seed,
    ...(host !== undefined && { host }),
    ...(name !== undefined && { names: name }),
    ...(zone !== undefined && { zone }),
    ...(profile !== undefined && { profile: readProfile(profile) }),
    port: numberOption(values, "port", { max: 65535, defaultValue: 0 }),
    sessions: numberOption(values, "sessions", { max: 100_000, defaultValue: 4 }),
    behaviour: parseBehaviourFlags(Object.fromEntries((values.behaviour ?? []).map(parsePair))),
    faults: {
      seed,
      lostPostResponses: numberOption(values, "lost-post-responses", { max: 1, defaultValue: 0 }),
      lostPosts: numberOption(values, "lost-posts", { max: 1, defaultValue: 0 }),
      otherFaults: numberOption(values, "other-faults", { max: 1, defaultValue: 0 }),
    },
  };
}

/** The number from 0 to `max` that was given for an option. With a `max` of 1, fractions are allowed. */
function numberOption(
  values: Values,
  name: NumberOption,
  { max, defaultValue }: { max: number; defaultValue: number },
): number {
  const text = values[name];
  const value = text === undefined ? defaultValue : Number(text);
  if (text !== "" && value >= 0 && value <= max && (max === 1 || Number.isInteger(value))) return value;
  throw new RangeError(`--${name} must be a number from 0 to ${max}`);
}

function parsePair(text: string): readonly [string, string] {
  const [name = "", value] = text.split(/=(.*)/s);
  if (value === undefined) throw new RangeError(`--behaviour must be NAME=VALUE, not "${text}"`);
  return [name, value];
}

/** The text that the command prints when the emulator is ready. */
export function introduction({ url, apiKey, sessions, certificateFingerprint, options }: Emulator): string {
  const { port } = new URL(url);
  const shown = sessions.slice(0, 8).map((id, number) => `${id}  ${protocolAt(number)}`);
  const fingerprint =
    certificateFingerprint === undefined
      ? []
      : [`  pulumi config set fudo:certificateFingerprint ${certificateFingerprint}`];
  return [
    `Fudo emulator at ${url}`,
    ...(options.names ?? []).map((name) => `Also at   https://${isIPv6(name) ? `[${name}]` : name}:${port}`),
    `API key   ${apiKey}`,
    `Sessions  ${shown.join("\n          ")}${sessions.length > 8 ? `\n          and ${sessions.length - 8} more` : ""}`,
    "",
    "To connect a stack to it, run:",
    `  pulumi config set fudo:url ${url}`,
    ...fingerprint,
    "  pulumi config set --secret fudo:apiKey        (prompts for the value: paste the API key)",
    "",
    "Press Ctrl-C to stop the emulator. It then loses all sessions and shares.",
  ].join("\n");
}

function help(): string {
  const rows = behaviourFlagList.map(
    ({ name, values, defaultValue, question }) =>
      `  ${name}=${values.length > 0 ? values.join("|") : `${defaultValue}|1|2|...`}\n      ${question}`,
  );
  return `${usage}\n\nBehaviour flags (the first value is the default):\n${rows.join("\n")}`;
}

/** Throws an error that names the option that is probably meant. `parseArgs` itself only says that one is unknown. */
function parseCommandLine(): Values {
  const { tokens } = parseArgs({ options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    const similar = closest(token.name, Object.keys(options));
    if (similar !== undefined) throw new RangeError(`Unknown option '--${token.name}'; did you mean --${similar}?`);
  }
  return parseArgs({ options }).values;
}

async function start(): Promise<void> {
  const values = parseCommandLine();
  if (values.help) return console.log(help());
  const latency = values.latency === "" ? NaN : Number(values.latency ?? 0);
  if (!(latency >= 0 && latency <= maxDelay)) throw new RangeError("--latency must be a number of milliseconds");
  const emulator = await startEmulator(startOptions(values));
  emulator.latency = latency;
  const stopWatching = values["keep-running"] ? () => undefined : watchStarter((reason) => stop(emulator, reason));
  const { url, apiKey, sessions, certificate, certificateFingerprint } = emulator;
  console.log(
    values.json
      ? JSON.stringify({ url, apiKey, sessions, certificate, certificateFingerprint })
      : introduction(emulator),
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stopWatching();
      void emulator.close();
    });
  }
}

function stop(emulator: Emulator, reason: string): void {
  // Whoever read the messages may have ended too.
  process.stderr.on("error", () => undefined);
  console.error(`fudo-emulator stops, because ${reason} (to prevent this: --keep-running).`);
  void emulator.close();
}

/** Runs the command of this process and sets its exit code. */
export async function runProcess(): Promise<void> {
  try {
    await start();
  } catch (error) {
    console.error(
      `${error instanceof Error ? error.message : String(error)}\nRun fudo-emulator --help for the options.`,
    );
    process.exitCode = 2;
  }
}
