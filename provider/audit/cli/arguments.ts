// The command line of `fudo-audit`: what may be said, and what is wrong with it. Knows no file, process or appliance.
import { parseArgs } from "node:util";
import { parseDuration, printable } from "../../client";
import { sessionIdShape } from "../../lifecycle";
import { severities, type Severity } from "../model/finding-kinds";

export const formats = ["table", "json", "csv", "sarif", "markdown", "html"] as const;
export type Format = (typeof formats)[number];

/** A report to write; without a file it goes to standard output. */
export interface Output {
  readonly format: Format;
  readonly file?: string;
}

export interface AuditArguments {
  readonly command: "audit";
  readonly stacks: readonly string[];
  readonly allStacks: boolean;
  readonly states: readonly string[];
  readonly folder: string;
  readonly sessions: readonly string[];
  readonly allSessions: boolean;
  readonly previous?: string;
  readonly skipOtherAppliances: boolean;
  /** Milliseconds; absent: the setting's. */
  readonly maxDuration?: number;
  readonly requiredLabels: readonly string[];
  readonly failOn: Severity | "none";
  readonly outputs: readonly Output[];
}

export interface DoctorArguments {
  readonly command: "doctor";
  readonly session?: string;
}

export type Arguments = AuditArguments | DoctorArguments | { readonly command: "help" | "version" };

/** Wrong usage, in one sentence for people. */
export class UsageError extends Error {}

const options = {
  stack: { type: "string", multiple: true },
  "all-stacks": { type: "boolean" },
  state: { type: "string", multiple: true },
  cwd: { type: "string" },
  session: { type: "string", multiple: true },
  "all-sessions": { type: "boolean" },
  previous: { type: "string" },
  "skip-other-appliances": { type: "boolean" },
  "max-duration": { type: "string" },
  "require-label": { type: "string", multiple: true },
  "fail-on": { type: "string" },
  output: { type: "string", short: "o", multiple: true },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Reads the command line (without node and script). Throws `UsageError`. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== undefined && command !== "doctor")) {
    throw new UsageError(
      `there is no command "${printable(positionals.join(" "), 60)}"; there are \`fudo-audit\` and \`fudo-audit doctor\``,
    );
  }
  const sessions = (values.session ?? []).map(sessionId);
  return command === "doctor" ? doctorArguments(values, sessions) : auditArguments(values, sessions);
}

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(printable((error as Error).message.split(". ")[0] ?? ""));
  }
}

function doctorArguments(values: Values, sessions: readonly string[]): DoctorArguments {
  const others = Object.keys(values).filter((name) => name !== "session");
  if (others.length > 0 || sessions.length > 1)
    throw new UsageError("doctor takes at most one --session and nothing else");
  const [session] = sessions;
  return { command: "doctor", ...(session !== undefined && { session }) };
}

function auditArguments(values: Values, sessions: readonly string[]): AuditArguments {
  const {
    stack: stacks = [],
    state: states = [],
    previous,
    "all-stacks": allStacks = false,
    "all-sessions": allSessions = false,
  } = values;
  if (stacks.length + states.length + sessions.length === 0 && !allStacks && !allSessions && previous === undefined) {
    throw new UsageError("say what to audit: --stack, --all-stacks, --state, --session or --all-sessions");
  }
  const maxDuration = lengthOf(values["max-duration"]);
  return {
    command: "audit",
    stacks: stacks.map(stackName),
    allStacks,
    states,
    folder: values.cwd ?? ".",
    sessions,
    allSessions,
    ...(previous !== undefined && { previous }),
    skipOtherAppliances: values["skip-other-appliances"] ?? false,
    ...(maxDuration !== undefined && { maxDuration }),
    requiredLabels: [...new Set(values["require-label"] ?? [])].map((name) => printable(name, 100)),
    failOn: oneOf("--fail-on", [...severities, "none"] as const, values["fail-on"] ?? "low"),
    outputs: outputsOf(values.output ?? []),
  };
}

function sessionId(text: string): string {
  if (!sessionIdShape.test(text)) throw new UsageError("--session must be the session's decimal ID");
  return text;
}

function stackName(name: string): string {
  // It goes to another program's command line, where it must not read as an option.
  if (!/^[\w.][\w./-]{0,300}$/.test(name))
    throw new UsageError("--stack must be a stack's name: dev, or organization/project/dev");
  return name;
}

function lengthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  if ("reason" in length) throw new UsageError(`--max-duration ${length.reason}`);
  return length.ms;
}

/** Each format at most once on standard output and each file once; the table on standard output where nothing else goes there. */
function outputsOf(texts: readonly string[]): Output[] {
  const outputs = texts.map((text): Output => {
    const [name = "", file] = text.split(/=(.*)/s);
    const format = oneOf("--output", formats, name);
    if (file === "") throw new UsageError("--output is FORMAT=FILE, or FORMAT for standard output");
    return { format, ...(file !== undefined && file !== "-" && { file }) };
  });
  const places = outputs.map(({ file }) => file ?? "-");
  if (new Set(places).size < places.length) throw new UsageError("--output: two reports would go to one place");
  return places.includes("-") ? outputs : [{ format: "table" }, ...outputs];
}

function oneOf<const T extends string>(option: string, values: readonly T[], text: string): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new UsageError(`${option} must be one of ${values.join(", ")}`);
  return found;
}
