// age identities for tests, and the text that an identity opens. The engine tests open sealed links with another implementation.
import type * as Age from "age-encryption" with { "resolution-mode": "import" };

const age = require("age-encryption") as typeof Age;

/** A pair of keys: `recipient` seals, `identity` opens. */
export interface Pair {
  readonly identity: string;
  readonly recipient: string;
}

/** Two pairs that are the same in each run, so that two runs of a story can be compared. They open nothing but tests. */
export const fixedPairs: readonly [Pair, Pair] = [
  {
    identity: "AGE-SECRET-KEY-1A39WUCVPQ9GY2SHD9AMCTWMXT5JQGHAKZX3LA6GNRCM56ENGY5CSW0TGFN",
    recipient: "age12zcrgqvzlu3zaslfq0uh3x42esaw5arsncewtktumfeqahdpyg0q9jxn3a",
  },
  {
    identity: "AGE-SECRET-KEY-10GZPG7640E44JHN5JKNPY73YSJ5NPP8S0UL2JECG77XHUEZH59USMTHR2R",
    recipient: "age10d5wkdqtzrhdxufqy5e2mnukn2lkgn5waea5lhh0hxl504ecjsqqatyj9x",
  },
];

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
