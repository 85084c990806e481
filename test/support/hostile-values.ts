// Texts and values that programs, settings and appliances should not contain, and what a text must be like to be shown.
import * as fc from "fast-check";

export const escapes = "\u001b[2J\u001b]0;owned\u0007\u009b31m";

/** Each alone is a reason for trouble somewhere. */
export const nastyTexts: readonly string[] = [
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

/** Any UTF-16 at all, lone surrogates included. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 60 }).map((units) => String.fromCharCode(...units));

export const nastyText = fc.oneof(fc.constantFrom(...nastyTexts), anyText);
export const nastyValue = fc.oneof(
  { weight: 3, arbitrary: nastyText },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  fc.double(),
  fc.boolean(),
);

/** No control characters but line ends, nothing that changes direction or hides, no half characters. */
export function isHarmless(text: string): boolean {
  return (
    text.isWellFormed() &&
    !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(text)
  );
}
