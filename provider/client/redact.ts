// Removes credentials, control characters and terminal escapes from every text that the product prints.

const mask = "[secret]";

/**
 * Shorter values are not masked. No credential of the appliance is that short (its keys have 21 and 64 characters), and
 * masking a value such as "key" would remove ordinary words from every message.
 */
const shortestSecret = 8;

const secrets = new Set<string>();

/** `redact` masks this credential for the rest of the process, also URL-encoded and in JSON. */
export function registerSecret(secret: string): void {
  const value = secret.trim().replace(/\p{Cs}/gu, "\uFFFD");
  if (value.length < shortestSecret) return;
  const json = JSON.stringify(value).slice(1, -1);
  for (const form of [value, encodeURIComponent(value), json, json.replaceAll("/", "\\/")]) secrets.add(form);
}

// Each repetition has an upper bound, because V8 overflows its stack on megabytes of one kind of character.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/(authorization["']?\s{0,9}[:=]\s{0,9}["']?)[^"'\r\n]{1,4096}/gi, `$1${mask}`],
  [/((?:\b|%3f|%26)key(?:=|%3d))[^\s&#"'<>\\]{1,4096}/gi, `$1${mask}`],
  [/(\\?["']key\\?["']\s{0,9}:\s{0,9}\\?["'])[^"'\\]{1,4096}/gi, `$1${mask}`],
  [/[A-Za-z0-9]{32,4096}/g, mask],
];

/**
 * The text without credentials. Replaces with `[secret]`: registered secrets, text that looks like a share key (32 or
 * more letters and digits in a row), `key=…` in links, `"key": "…"` in responses, and the value of an `Authorization`
 * header.
 */
export function redact(text: string): string {
  let result = text;
  // Longest first, because one secret may be the beginning of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) result = result.replaceAll(secret, mask);
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement);
  return result;
}

/**
 * Makes external text safe for a message: one line, redacted, at most `max` characters, without control characters,
 * terminal escapes, invisible or direction-changing characters and lone surrogates.
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
