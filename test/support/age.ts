// age identities for tests, and the text that an identity opens. The engine tests open sealed links with another implementation.
import type * as Age from "age-encryption" with { "resolution-mode": "import" };

const age = require("age-encryption") as typeof Age;

/** A pair of keys: `recipient` seals, `identity` opens. */
export interface Pair {
  readonly identity: string;
  readonly recipient: string;
}

export async function newPair(): Promise<Pair> {
  const identity = await age.generateX25519Identity();
  return { identity, recipient: await age.identityToRecipient(identity) };
}

/** A pair of the post-quantum form, which is longer. */
export async function newHybridPair(): Promise<Pair> {
  const identity = await age.generateHybridIdentity();
  return { identity, recipient: await age.identityToRecipient(identity) };
}

/** Throws where the identity does not open the file. */
export async function openSealed(sealed: unknown, { identity }: Pair): Promise<string> {
  const decrypter = new age.Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(age.armor.decode(String(sealed)), "text");
}
