// Makes text safe to print: the one place that removes credentials, control characters, terminal escapes and commands for
// pipeline runners from every text that the product prints.
import { withoutRunnerCommands } from "./runner-commands";
import { SecretForms } from "./secret-forms";

const mask = "[secret]";

/**
 * Shorter values are not masked. No credential of the appliance is that short (its keys have 21 and 64 characters), and
 * masking a value such as "key" would remove ordinary words from every message.
 */
const shortestSecret = 8;

const secrets = new SecretForms();

/** `redact` masks this credential for the rest of the process, also URL-encoded, in JSON and as `printable` shows it. */
export function registerSecret(secret: string): void {
  const value = secret.trim().replace(/\p{Cs}/gu, "\uFFFD");
  if (value.length < shortestSecret) return;
  const json = JSON.stringify(value).slice(1, -1);
  const encoded = encodeURIComponent(value);
  const lowerCase = encoded.replaceAll(/%../g, (code) => code.toLowerCase());
  for (const form of new Set([value, encoded, lowerCase, json, json.replaceAll("/", "\\/")])) {
    for (const shown of new Set([form, visible(form)])) if (shown.length >= shortestSecret) secrets.add(shown);
  }
}

// Each repetition has an upper bound, because V8 overflows its stack on megabytes of one kind of character.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s{0,9}[:=]\s{0,9}["']?)[^"'\r\n]{1,4096}/gi, `$1${mask}`],
  [/((?:\b|%3f|%26)key(?:=|%3d))[^\s&#"'<>\\]{1,4096}/gi, `$1${mask}`],
  [/(\\?["']key\\?["']\s{0,9}:\s{0,9}\\?["'])[^"'\\]{1,4096}/gi, `$1${mask}`],
];

const longRun = /[A-Za-z0-9]{32,4096}/g;
/**
 * One or more words written together, such as a long label: only letters, and at most every fourth one is a capital that begins
 * a word. Of random texts as long as the appliance's share keys (64 letters and digits), fewer than one in 10^11 look like
 * that, and none of twice that length has no digit.
 */
function isWords(run: string): boolean {
  if (/\d/.test(run)) return false;
  const capitals = run.replaceAll(/[^A-Z]/g, "").length;
  return run.length > 128 || (capitals * 4 <= run.length && !/[A-Z]{2}/.test(run));
}

/**
 * The text without credentials and without commands for pipeline runners. Replaces with `[secret]`: registered secrets, text
 * that looks like a share key (32 or more letters and digits in a row that are not words), `key=…` in links, `"key": "…"` in
 * responses, and the value of an `Authorization` header.
 */
export function redact(text: string): string {
  let result = secrets.mask(text, mask);
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  result = result.replace(longRun, (run) => (isWords(run) ? run : mask));
  return withoutRunnerCommands(result);
}

/**
 * Makes external text safe for a message: one line, redacted, at most `max` characters, without control characters,
 * terminal escapes, invisible or direction-changing characters, lone surrogates and commands for pipeline runners.
 */
export function printable(text: string, max = 300): string {
  const safe = redact(visible(text));
  return safe.length <= max ? safe : `${safe.slice(0, max - 1).replace(/\p{Cs}$/u, "")}…`;
}

/** `printable` for each text and each name in a JSON value. */
export function printableValue(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [printable(name, 100), printableValue(part)]));
}

function visible(text: string): string {
  return text
    .replace(/[\s\u0085]{1,4096}/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
}

/**
 * A copy of an external error that is safe to keep as a `cause`: name, code, redacted message and its own cause. Libraries
 * attach headers, bodies, sockets, certificates and stacks to their errors, and `util.inspect` would print them.
 */
export function plainCause(cause: unknown, depth = 3): Error {
  const source: Partial<Record<"name" | "message" | "code" | "cause" | "errors", unknown>> =
    typeof cause === "object" && cause !== null ? cause : { message: String(cause) };
  const messages = Array.isArray(source.errors)
    ? source.errors.slice(0, 5).map((error: unknown) => (error instanceof Error ? error.message : ""))
    : [source.message];
  const message = printable(messages.filter((part) => typeof part === "string").join("; "));
  const inner = source.cause === undefined || depth === 0 ? undefined : { cause: plainCause(source.cause, depth - 1) };
  const plain = new Error(message, inner);
  plain.name = typeof source.name === "string" ? printable(source.name, 60) : "Error";
  plain.stack = `${plain.name}: ${message}`;
  if (typeof source.code === "string") Object.assign(plain, { code: source.code });
  return plain;
}
