// Texts and values that may break programs, settings and responses, and a check that a text is safe to print.
import * as fc from "fast-check";

export const escapes = "\u001b[2J\u001b]0;owned\u0007\u009b31m";

/** Each of these breaks some naive implementation. */
export const hostileTexts: readonly string[] = [
  "",
  " ",
  "__proto__",
  "constructor",
  "toString",
  "\ud800",
  "a\udc00b",
  "\u0000",
  "line\r\nInjected: yes",
  escapes,
  "\u202etxt.exe",
  "../../objspec/session_share",
  "7/../8",
  "7%2f8",
  "7%2F..%2F8",
  "7?filter=x",
  "7#x",
  "٧",
  "1e3",
  "//evil.example/x",
  "/\\evil.example",
  "https://evil.example/?key=x",
  "javascript:alert(1)",
  "infinity",
  "-infinity",
  "9999-12-31T23:59:59.999Z",
  "0000-01-01T00:00:00Z",
  "2025-02-30T00:00:00Z",
  "P1M",
  "PT0S",
  "P999999999999D",
  "9223372036854775808",
];

/** Any UTF-16 text, including lone surrogates. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 60 }).map((units) => String.fromCharCode(...units));

export const hostileText = fc.oneof(fc.constantFrom(...hostileTexts), anyText);
export const hostileValue = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  fc.double(),
  fc.boolean(),
);

/** True for text without control characters (except line ends), direction changes, invisible characters and lone surrogates. */
export function isHarmless(text: string): boolean {
  return (
    text.isWellFormed() &&
    !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(text)
  );
}
