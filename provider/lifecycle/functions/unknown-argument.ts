// The error for an argument that a function does not have. Without it, a misspelled filter would select everything.
import { FudoError } from "../../client/errors";
import { didYouMean, shownName } from "../did-you-mean";

/** Throws `rejected` if `args` has a name that is not in `names`. */
export function assertKnownArguments(called: string, args: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined || names.includes(name)) continue;
    throw new FudoError(
      "rejected",
      `${called}: there is no argument named ${shownName(name)}${didYouMean(name, names) || `. ${listText(names)}`}`,
    );
  }
}

function listText(names: readonly string[]): string {
  if (names.length === 0) return "The function has no arguments";
  return names.length === 1 ? `The argument is ${names[0]}` : `The arguments are ${names.join(", ")}`;
}
