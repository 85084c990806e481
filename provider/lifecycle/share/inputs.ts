// Parses the raw inputs of a program into their canonical form. The limits on a window depend on the clock and the
// settings, so they are in operations/check.ts.
import { FudoError } from "../../client/errors";
import { parseDuration, formatDuration } from "../../time/durations";
import { parseDeclaredInstant, withoutExistingZone } from "../../time/zoned";
import { didYouMean, shownName } from "../did-you-mean";
import { deletionPolicies } from "../settings";
import { isDeclarationTag } from "./declaration-tag";
import { fingerprintShape, immutableInputs, sessionIdShape, stateOnlyInputs } from "./id";
import { parseRecipients } from "./recipients";
import type { SessionShareInputs } from "./schema";
import { holdsUnknown, unknown } from "./unknown";

/** What an adapter passes on: any value may be missing, unknown or of any type. */
export type RawInputs = Readonly<Record<string, unknown>>;

export interface Failure {
  /** Empty where the input might hold a credential. Engine: the CLI prints the value of the property that a failure names. */
  readonly property: string;
  readonly reason: string;
}

type Parsed = { readonly value: unknown } | { readonly reason: string };

const maxLabels = 64;
const maxLabelLength = 1024;

/**
 * Parses every given input and returns all failures together. An input that does not exist is a failure too. `recorded` are
 * the checked inputs of the existing share: an instant in a time zone keeps the offset that it has there.
 */
export function parseInputs(
  raw: RawInputs,
  recorded: RawInputs = {},
): { inputs: Record<string, unknown>; failures: Failure[] } {
  const inputs: Record<string, unknown> = {};
  const failures: Failure[] = [];
  for (const [name, value] of Object.entries(raw)) {
    if (value === undefined || value === null) continue;
    const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
    const parsed = parse === undefined ? notAnInput(name) : parseOne(parse, value, recorded[name]);
    if ("value" in parsed) {
      if (parsed.value !== undefined) inputs[name] = parsed.value;
    } else failures.push(failure(parse === undefined ? "an input" : name, parsed.reason, value, name));
  }
  return { inputs, failures };
}

function notAnInput(name: string): { readonly reason: string } {
  return { reason: `is not an input of SessionShare${didYouMean(name, [...immutableInputs, ...stateOnlyInputs])}` };
}

/** The inputs of a create, and the tag that the class adds to them. The tag is no input of the resource's schema. */
export interface Declaration {
  readonly inputs: SessionShareInputs;
  /** Absent for a class of an older release. */
  readonly tag: number | undefined;
}

/**
 * The typed inputs of a create, with the defaults filled in. Throws `rejected` for raw inputs that check has not accepted:
 * nothing may be sent for them.
 */
export function narrowInputs(raw: RawInputs): Declaration {
  // Check has resolved each time zone already.
  const { inputs: parsed, failures } = parseInputs(raw, raw);
  const { declarationTag: tag, ...inputs } = parsed;
  const reasons = failures.map(({ reason }) => reason);
  if (inputs["sessionId"] === undefined) reasons.push("sessionId: is required");
  if (holdsUnknown(inputs)) reasons.push("an input is not known yet");
  if (reasons.length > 0) throw new FudoError("rejected", `the share cannot be created: ${reasons.join("; ")}`);
  return { inputs: { readonly: true, labels: {}, ...inputs } as SessionShareInputs, tag: tag as number | undefined };
}

/** A failure that names its input in the text, and as `property` only where the CLI may print the value. */
export function failure(label: string, reason: string, value?: unknown, name = label): Failure {
  const shown = label === name ? name : `${label} named ${shownName(name)}`;
  return { property: mayPrint(name, value) ? name : "", reason: `${shown}: ${reason}` };
}

const printable = new Set(["validSince", "validTo", "duration", "readonly", "deletionPolicy"]);

function mayPrint(name: string, value: unknown): boolean {
  if (!printable.has(name)) return false;
  if (typeof value === "boolean" || typeof value === "number") return true;
  return typeof value === "string" && /^[-+:.,0-9TZPWDHMSYtz ]{0,40}$/.test(withoutExistingZone(value));
}

type Parse = (value: unknown, recorded: unknown) => Parsed;

function parseOne(parse: Parse, value: unknown, recorded: unknown): Parsed {
  return value === unknown ? { value } : parse(value, recorded);
}

const parsers: Readonly<Record<string, Parse>> = {
  sessionId: parseSessionId,
  validSince: parseInstantInput,
  validTo: parseInstantInput,
  duration: (value) => {
    if (typeof value !== "string") return { reason: "must be an ISO 8601 duration such as PT8H or P2D" };
    const length = parseDuration(value);
    return "ms" in length ? { value: formatDuration(length.ms) } : length;
  },
  readonly: (value) => (typeof value === "boolean" ? { value } : { reason: "must be true or false" }),
  labels: parseLabels,
  declarationTag: (value) => (isDeclarationTag(value) ? { value } : { reason: "is not an input of SessionShare" }),
  adopt: (value) =>
    typeof value === "string" && fingerprintShape.test(value)
      ? { value }
      : {
          reason:
            "must be a fingerprint: 16 hex digits, as fudo-audit and getSessionShares print it. Never use the key itself",
        },
  recipients: parseRecipients,
  deletionPolicy: (value) =>
    deletionPolicies.some((policy) => policy === value)
      ? { value }
      : { reason: `must be "${deletionPolicies.join('" or "')}"` },
};

const maxSessionId = 2n ** 63n - 1n;

function parseSessionId(value: unknown): Parsed {
  if (typeof value === "number") {
    return { reason: "must be text in quotes. As a number, a 64-bit ID loses its last digits" };
  }
  return typeof value === "string" && sessionIdShape.test(value) && BigInt(value) <= maxSessionId
    ? { value }
    : { reason: "must be the session's decimal ID as text, for example 4665729213955833860 (no link, no spaces)" };
}

function parseInstantInput(value: unknown, recorded: unknown): Parsed {
  if (isLostDate(value)) return { reason: lostDate };
  if (typeof value !== "string")
    return { reason: "must be an ISO 8601 instant with an offset or a time zone, for example 2025-05-15T13:07:00Z" };
  if (yamlDate.test(value)) return { reason: unquoted };
  const instant = parseDeclaredInstant(value, recorded);
  if ("text" in instant) return { value: instant.text };
  const { reason, unknownZone } = instant;
  if (unknownZone === undefined) return { reason };
  return { reason: `${reason}${didYouMean(unknownZone, Intl.supportedValuesOf("timeZone"))}` };
}

// Engine: `pulumi.secret`, `pulumi.output` and `pulumi.all` copy the properties of each object, and a Date has none.
function isLostDate(value: unknown): boolean {
  return isPlainObject(value) && Object.keys(value).length === 0;
}
const lostDate =
  "is an empty object. Pulumi turns a Date into one in pulumi.secret, pulumi.output and pulumi.all: pass text to them, for " +
  "example date.toISOString()";

// Engine: it reads unquoted dates in YAML as instants, and prints them in Go's form.
const yamlDate = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4} (?:[A-Z]{1,5}|[+-]\d{2,4})$/;
const unquoted =
  'looks like an instant without quotes in a YAML file, which Pulumi reformats. Put it in quotes there, for example "2025-05-15T13:07:00Z"';

function parseLabels(value: unknown): Parsed {
  if (!isPlainObject(value))
    return { reason: 'must be a plain object with text values, for example { vendor: "acme" }' };
  const entries = Object.entries(value);
  if (entries.length > maxLabels) return { reason: `must have at most ${maxLabels} labels` };
  const wrong = entries.find(([name, text]) => !isLabel(name) || (!holdsUnknown(text) && !isLabel(text)));
  return wrong === undefined
    ? { value: Object.fromEntries(entries) }
    : {
        reason: `must have names and values that are text of at most ${maxLabelLength} characters without control characters`,
      };
}

// Pulumi turns a Map, a Set and a Date into an empty object, so the class checks the value before Pulumi gets it, too.
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function isLabel(text: unknown): boolean {
  return (
    typeof text === "string" &&
    text.length <= maxLabelLength &&
    text.isWellFormed() &&
    !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)
  );
}
