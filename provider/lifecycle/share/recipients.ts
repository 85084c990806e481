// Parses the age public keys to which the URL of a share is sealed. No reason repeats a value: a wrong one may be a secret key.
import { holdsUnknown, unknown } from "./unknown";

/** The first line of an age file in text form. */
export const ageHeader = "-----BEGIN AGE ENCRYPTED FILE-----";

const maxRecipients = 20;
const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/** X25519, and the longer forms of the age specification: post-quantum, and keys on a hardware token. */
const form = /^age1(?:[02-9ac-hj-np-z]{58}|(?:pq|tag|tagpq)1[02-9ac-hj-np-z]{58,4096})$/;

/** Whether the state may hold the URL of this share only in its sealed form. */
export function hasRecipients<T extends { readonly recipients?: unknown }>(
  share: T,
): share is T & { readonly recipients: string[] } {
  return Array.isArray(share.recipients) && share.recipients.length > 0;
}

/** Without duplicates and in one order, so that another order is no change. The value of an empty list is `undefined`. */
export function parseRecipients(value: unknown): { readonly value: unknown } | { readonly reason: string } {
  if (!Array.isArray(value)) return { reason: 'must be a list of age public keys, for example ["age1…"]' };
  if (value.length > maxRecipients) return { reason: `must have at most ${maxRecipients} age public keys` };
  const recipients = value.map((entry: unknown) => (typeof entry === "string" ? entry.trim() : entry));
  const reasons = recipients.flatMap((entry, index) => {
    const reason = whyWrong(entry);
    return reason === undefined ? [] : [`entry ${index + 1} ${reason}`];
  });
  if (reasons.length > 0) return { reason: reasons.join("; ") };
  if (holdsUnknown(recipients)) return { value: recipients };
  return { value: recipients.length === 0 ? undefined : [...new Set(recipients)].sort() };
}

function whyWrong(entry: unknown): string | undefined {
  if (entry === unknown) return undefined;
  if (typeof entry !== "string") return "is not text";
  if (/^age-secret-key-/i.test(entry)) {
    return (
      "is a secret key, which opens what is sealed. Use its public key, which `age-keygen -y FILE` prints. If the secret " +
      "key was in a program or a configuration, make a new pair"
    );
  }
  if (/^(?:ssh|ecdsa|sk)-/.test(entry)) return "is an SSH key. Use an age public key, which `age-keygen` makes";
  if (!form.test(entry)) return "is not an age public key (age1…), as `age-keygen` prints it";
  return hasValidChecksum(entry) ? undefined : "has a typing mistake, because its checksum is wrong. Copy it again";
}

const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

// The checksum of Bech32 (BIP 173). The age library has it too, but an ES module cannot always be loaded synchronously.
function hasValidChecksum(text: string): boolean {
  const end = text.lastIndexOf("1");
  const prefix = [...text.slice(0, end)].map((letter) => letter.charCodeAt(0));
  const data = [...text.slice(end + 1)].map((letter) => alphabet.indexOf(letter));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  return values.reduce(addToChecksum, 1) === 1;
}

function addToChecksum(sum: number, value: number): number {
  const shifted = ((sum & 0x1ffffff) << 5) ^ value;
  return generator.reduce((next, term, bit) => ((sum >> (25 + bit)) & 1 ? next ^ term : next), shifted);
}
