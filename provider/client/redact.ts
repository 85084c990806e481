// The one redactor: what may be printed of a text that could hold a credential or come from a stranger. It must not
// know where the text goes.

const mask = "[secret]";

/**
 * Values shorter than this are not masked: no credential of the appliance is that short (its keys have 21 and 64
 * characters), and masking a value such as "key" would eat the words of every message.
 */
const shortest = 8;

const forms = new Set<string>();

/** Remembers a credential for the life of the process: `redact` masks it from now on, also URL-encoded and in JSON. */
export function protect(secret: string): void {
  const value = secret.trim().replace(/\p{Cs}/gu, "\uFFFD");
  if (value.length < shortest) return;
  const json = JSON.stringify(value).slice(1, -1);
  for (const form of [value, encodeURIComponent(value), json, json.replaceAll("/", "\\/")]) forms.add(form);
}

// Each repetition has an upper bound: V8 runs out of stack on megabytes of one kind of character.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s{0,9}[:=]\s{0,9}["']?)[^"'\r\n]{1,4096}/gi, `$1${mask}`],
  [/((?:\b|%3f|%26)key(?:=|%3d))[^\s&#"'<>\\]{1,4096}/gi, `$1${mask}`],
  [/(\\?["']key\\?["']\s{0,9}:\s{0,9}\\?["'])[^"'\\]{1,4096}/gi, `$1${mask}`],
  [/[A-Za-z0-9]{32,4096}/g, mask],
];

/**
 * The text without credentials: protected values, what looks like a share key (32 or more letters and digits in a
 * row), `key=…` of links, `"key": "…"` of answers, and the value of an `Authorization` header become `[secret]`.
 */
export function redact(text: string): string {
  let result = text;
  // Longest first: a protected value may be the beginning of another one.
  for (const form of [...forms].sort((a, b) => b.length - a.length)) result = result.replaceAll(form, mask);
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}

/**
 * Foreign text made fit for a message: one line, without control characters, terminal escapes, invisible or
 * direction-changing characters and lone surrogates, redacted, then shortened to `max` characters.
 */
export function printable(text: string, max = 300): string {
  const visible = text
    .replace(/[\s\u0085]{1,4096}/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, "")
    .trim();
  const safe = redact(visible);
  return safe.length <= max ? safe : `${safe.slice(0, max - 1).replace(/\p{Cs}$/u, "")}…`;
}

/**
 * What is kept of a foreign error as a `cause`: name, code, redacted message and its own cause. Headers, bodies,
 * sockets, certificates and stacks that libraries hang on their errors would otherwise be printed by `util.inspect`.
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
