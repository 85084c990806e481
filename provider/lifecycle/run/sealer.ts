// Seals text to age public keys. Loads the age library with the first sealed share, because loading takes about 100 ms and most
// programs have none.
import { FudoError } from "../../client/errors";
import type * as Age from "age-encryption" with { "resolution-mode": "import" };

/** Returns an ASCII-armored age file. */
export type Seal = (text: string) => Promise<string>;

const sealers = new Map<string, Promise<Seal>>();

/**
 * Throws `config` where the library cannot be loaded, and `rejected` where it refuses a recipient. It seals a first text here,
 * so that nothing is left to fail after a POST.
 */
export function sealerFor(recipients: readonly string[]): Promise<Seal> {
  const name = recipients.join(" ");
  const sealer = sealers.get(name) ?? newSealer(recipients);
  sealers.set(name, sealer);
  return sealer;
}

async function newSealer(recipients: readonly string[]): Promise<Seal> {
  const { Encrypter, armor } = await library();
  try {
    const encrypter = new Encrypter();
    recipients.forEach((recipient) => encrypter.addRecipient(recipient));
    const seal: Seal = async (text) => armor.encode(await encrypter.encrypt(text));
    await seal("");
    return seal;
  } catch {
    // The library's message may repeat what it got.
    throw new FudoError("rejected", "recipients: age cannot encrypt to one of them. Check each public key");
  }
}

async function library(): Promise<typeof Age> {
  try {
    return await loaded();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new FudoError(
      "config",
      `the library age-encryption, which seals links to \`recipients\`, could not be loaded (${code ?? "no code"}). Install ` +
        "the dependencies of pulumi-fudo again",
    );
  }
}

/** It is an ES module. Node.js loads it with `require`, except with --no-experimental-require-module. */
async function loaded(): Promise<typeof Age> {
  try {
    return require("age-encryption") as typeof Age;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_REQUIRE_ESM") throw error;
    return await import("age-encryption");
  }
}
