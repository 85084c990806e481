// recipients: which texts are age public keys, their canonical form, and that no reason repeats a value.
import * as fc from "fast-check";
import { check } from "../../../provider/lifecycle/operations/check";
import { parseRecipients } from "../../../provider/lifecycle/share/recipients";
import { unknown } from "../../../provider/lifecycle";
import { newHybridPair, newPair } from "../../support/age";
import { now, sessionId, settings } from "../../support/states";

// The example of the age specification.
const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const secretKey = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

const reasonOf = (value: unknown) => (parseRecipients(value) as { reason?: string }).reason;

test("public keys of the library are accepted, in both forms that it generates", async () => {
  const [one, other, hybrid] = [await newPair(), await newPair(), await newHybridPair()];
  const recipients = [one, other, hybrid].map((pair) => pair.recipient);
  expect(parseRecipients(recipients)).toEqual({ value: recipients.sort() });
});

test("any changed letter is found", () => {
  const position = fc.integer({ min: 5, max: recipient.length - 1 });
  fc.assert(
    fc.property(position, fc.constantFrom(...letters), (at, letter) => {
      const text = recipient.slice(0, at) + letter + recipient.slice(at + 1);
      expect(reasonOf([text])).toEqual(
        text === recipient ? undefined : "entry 1 has a typing mistake, because its checksum is wrong. Copy it again",
      );
    }),
    { seed: 1, numRuns: 300 },
  );
});

test.each<[string, unknown, RegExp]>([
  ["text", recipient, /^must be a list of age public keys/],
  ["an object", {}, /^must be a list/],
  ["a secret key", [recipient, secretKey], /^entry 2 is a secret key.*age-keygen -y FILE/],
  ["a secret key in small letters", [secretKey.toLowerCase()], /^entry 1 is a secret key/],
  ["a secret key of the post-quantum form", ["AGE-SECRET-KEY-PQ-1ABC"], /^entry 1 is a secret key/],
  ["an SSH key", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB"], /^entry 1 is an SSH key/],
  ["capital letters", [recipient.toUpperCase()], /^entry 1 is not an age public key/],
  [
    "a plugin's recipient",
    ["age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t"],
    /^entry 1 is not/,
  ],
  ["a key that is cut off", [recipient.slice(0, -1)], /^entry 1 is not an age public key/],
  ["numbers and null", [7, null], /^entry 1 is not text; entry 2 is not text$/],
  ["21 keys", Array.from({ length: 21 }, () => recipient), /^must have at most 20/],
])("%s is refused", (_, value, reason) => {
  expect(reasonOf(value)).toMatch(reason);
});

test("what is not known yet stays as it is, and the rest is checked", () => {
  expect(parseRecipients([recipient, unknown])).toEqual({ value: [recipient, unknown] });
  expect(reasonOf([unknown, secretKey])).toMatch(/^entry 2 is a secret key/);
});

test("a failure of check names no property and repeats no value, because it may be a secret key", () => {
  const values = [secretKey, ` ${secretKey.toLowerCase()}`, recipient.slice(0, -2), "password"];
  for (const value of values) {
    for (const recipients of [[value], value]) {
      const { failures } = check({}, { sessionId, duration: "PT8H", recipients }, { settings: settings(), now });
      expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/^recipients: /) }]);
      expect(JSON.stringify(failures).toLowerCase()).not.toContain(value.trim().toLowerCase());
    }
  }
});
