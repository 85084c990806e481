// Reads the command line of `fudo-audit`: which arguments are valid, and what is wrong with the others.
import { parseArgs } from "node:util";
import { printable } from "../../client";
import { didYouMean, sessionIdShape } from "../../lifecycle";
import { parseDuration } from "../../time/durations";
import type { Severity } from "../model/finding-kinds";
import { UsageError } from "../model/usage-error";
import { doctorArguments, type DoctorArguments } from "./doctor-arguments";

export const formats = ["table", "json", "csv", "sarif", "markdown", "html"] as const;
export type Format = (typeof formats)[number];

/** Severity `info` never fails the command. */
const failOnValues = ["high", "medium", "low", "none"] as const satisfies readonly (Severity | "none")[];

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
  /** Origin of the appliance in the previous report, where it has another name now. */
  readonly renamedFrom?: string;
  /** File of findings that are accepted. */
  readonly acceptFile?: string;
  /** Milliseconds; shares that expire sooner are findings. */
  readonly endsWithin?: number;
  readonly skipOtherAppliances: boolean;
  /** Milliseconds; absent: the provider's setting decides. */
  readonly maxDuration?: number;
  readonly requiredLabels: readonly string[];
  readonly failOn: (typeof failOnValues)[number];
  /** Where to post new findings. */
  readonly webhook?: string;
  readonly outputs: readonly Output[];
}

export type Arguments = AuditArguments | DoctorArguments | { readonly command: "help" | "version" };

const options = {
  stack: { type: "string", multiple: true },
  "all-stacks": { type: "boolean" },
  state: { type: "string", multiple: true },
  cwd: { type: "string" },
  session: { type: "string", multiple: true },
  "all-sessions": { type: "boolean" },
  previous: { type: "string" },
  "renamed-from": { type: "string" },
  accept: { type: "string" },
  "ends-within": { type: "string" },
  "skip-other-appliances": { type: "boolean" },
  "max-duration": { type: "string" },
  "require-label": { type: "string", multiple: true },
  "fail-on": { type: "string" },
  webhook: { type: "string" },
  output: { type: "string", short: "o", multiple: true },
  "test-share": { type: "boolean" },
  yes: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type OptionValues = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** Reads the command line (without node and script). Throws `UsageError`. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseOptions(args);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command, ...rest] = positionals;
  if (rest.length > 0 || (command !== undefined && command !== "doctor")) {
    throw new UsageError(
      `unknown command "${printable(positionals.join(" "), 60)}": use \`fudo-audit\` or \`fudo-audit doctor\``,
    );
  }
  const sessions = (values.session ?? []).map(sessionId);
  return command === "doctor" ? doctorArguments(values, sessions) : auditArguments(values, sessions);
}

function parseOptions(args: readonly string[]): { values: OptionValues; positionals: string[] } {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      tokens: true,
    });
    requireOnce(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : [])));
    return { values, positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const text = printable((error as Error).message.split(". ")[0] ?? "");
    // Node's parser quotes the option that it does not know.
    const unknown = /^Unknown option '--([\w-]+)'/.exec(text)?.[1];
    throw new UsageError(text + (unknown === undefined ? "" : meantOption(unknown)));
  }
}

function meantOption(unknown: string): string {
  return didYouMean(unknown, Object.keys(options)).replace(/(\S+\?)$/, "--$1");
}

/** The parser would use the last value and drop the others without a word. */
function requireOnce(names: readonly string[]): void {
  const isSingle = (name: string) => {
    const option: { type: string; multiple?: boolean } | undefined = options[name as keyof typeof options];
    return option?.type === "string" && option.multiple !== true;
  };
  const twice = names.find((name, index) => isSingle(name) && names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`--${twice} is given more than once, but it takes one value`);
}

function auditArguments(values: OptionValues, sessions: readonly string[]): AuditArguments {
  const {
    stack: stacks = [],
    state: states = [],
    previous,
    "all-stacks": allStacks = false,
    "all-sessions": allSessions = false,
  } = values;
  if (stacks.length + states.length + sessions.length === 0 && !allStacks && !allSessions && previous === undefined) {
    throw new UsageError(
      "nothing to audit: use --stack, --all-stacks, --state, --session, --all-sessions or --previous",
    );
  }
  const ofDoctor = (["test-share", "yes"] as const).find((name) => values[name] !== undefined);
  if (ofDoctor !== undefined) throw new UsageError(`--${ofDoctor} is an option of \`fudo-audit doctor\``);
  requireFileNames(values);
  const maxDuration = durationOf("--max-duration", values["max-duration"]);
  const endsWithin = durationOf("--ends-within", values["ends-within"]);
  const renamedFrom = originOf(values["renamed-from"], previous);
  return {
    command: "audit",
    stacks: stacks.map(stackName),
    allStacks,
    states,
    folder: values.cwd ?? ".",
    sessions,
    allSessions,
    ...(previous !== undefined && { previous }),
    ...(renamedFrom !== undefined && { renamedFrom }),
    ...(values.accept !== undefined && { acceptFile: values.accept }),
    ...(endsWithin !== undefined && { endsWithin }),
    skipOtherAppliances: values["skip-other-appliances"] ?? false,
    ...(maxDuration !== undefined && { maxDuration }),
    requiredLabels: labelNames(values["require-label"] ?? []),
    failOn: oneOf("--fail-on", failOnValues, values["fail-on"] ?? "low"),
    ...(values.webhook !== undefined && { webhook: values.webhook }),
    outputs: outputsOf(values.output ?? []),
  };
}

/** An empty name comes from a shell variable that is not set, so the audit would leave out what its user named. */
function requireFileNames({ state = [], previous, accept, cwd }: OptionValues): void {
  const names = [...state.map((file) => ["state", file] as const), ...Object.entries({ previous, accept, cwd })];
  const empty = names.find(([, name]) => name === "");
  if (empty === undefined) return;
  throw new UsageError(
    `--${empty[0]} is empty, but it must be the name of a ${empty[0] === "cwd" ? "folder" : "file"}`,
  );
}

function sessionId(text: string): string {
  if (!sessionIdShape.test(text)) throw new UsageError("--session must be a decimal session ID");
  return text;
}

/** A comma can be part of a label's name, so it separates nothing. */
function labelNames(names: readonly string[]): string[] {
  if (names.some((name) => name.trim() === "")) throw new UsageError("--require-label must be the name of a label");
  return [...new Set(names)].map((name) => printable(name, 100));
}

function stackName(name: string): string {
  // The name goes to the command line of `pulumi`, where it must not be an option.
  if (!/^[\w.][\w./-]{0,300}$/.test(name))
    throw new UsageError("--stack must be a stack name, for example dev or organization/project/dev");
  return name;
}

function durationOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if ("reason" in duration) throw new UsageError(`${option} ${duration.reason}`);
  return duration.ms;
}

/** The origin of an address; the earlier report names the appliance by it. */
function originOf(text: string | undefined, previous: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (previous === undefined) throw new UsageError("--renamed-from is about the report of --previous: use both");
  if (!/^https?:\/\/[^/?#@]+\/?$/i.test(text) || !URL.canParse(text)) {
    throw new UsageError(
      "--renamed-from must be the appliance's earlier address, for example https://fudo.example.com",
    );
  }
  return new URL(text).origin;
}

/** Each destination gets one report; the table goes to standard output unless another report goes there. */
function outputsOf(texts: readonly string[]): Output[] {
  const outputs = texts.map((text): Output => {
    const [name = "", file] = text.split(/=(.*)/s);
    const format = oneOf("--output", formats, name);
    if (file === "") throw new UsageError("--output must be FORMAT=FILE, or FORMAT for standard output");
    return { format, ...(file !== undefined && file !== "-" && { file }) };
  });
  const destinations = outputs.map(({ file }) => file ?? "-");
  if (new Set(destinations).size < destinations.length)
    throw new UsageError("--output: two reports have the same destination");
  return destinations.includes("-") ? outputs : [{ format: "table" }, ...outputs];
}

function oneOf<const T extends string>(option: string, values: readonly T[], text: string): T {
  const found = values.find((value) => value === text);
  if (found === undefined) throw new UsageError(`${option} must be one of ${values.join(", ")}`);
  return found;
}
