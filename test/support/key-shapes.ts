// Share keys of every shape that an appliance may use. The redactor knows the first one by its pattern, the others only
// because they are registered.
import { Random } from "../../provider/emulator/random";

export const keyShapes: readonly (readonly [string, (letters: string) => string])[] = [
  ["64 letters and digits", (letters) => letters],
  ["21 characters", (letters) => letters.slice(0, 21)],
  ["with - and _", (letters) => `${letters.slice(0, 9)}-${letters.slice(9, 20)}_${letters.slice(20, 44)}`],
  ["base64", (letters) => `${letters.slice(0, 11)}+${letters.slice(11, 23)}/${letters.slice(23, 41)}==`],
  ["short words with dots", (letters) => `blue.${letters.slice(0, 5).toLowerCase()}.nine`],
];

/** From now on each new share of the emulators of this process has a key of the next shape. For a whole file. */
export function cycleKeyShapes(): void {
  const letters = Random.prototype.key;
  let count = 0;
  jest.spyOn(Random.prototype, "key").mockImplementation(function (this: Random) {
    const text = letters.call(this);
    if (text.length !== 64) return text;
    count += 1;
    return keyShapes[(count - 1) % keyShapes.length]![1](text);
  });
}

/** The key as it stands in a text, in a URL and in JSON. */
export function formsOf(key: string): string[] {
  return [...new Set([key, encodeURIComponent(key), key.replaceAll("/", "\\/")])];
}
