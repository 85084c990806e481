// Finds the name that a user probably meant: for misspelled inputs, settings, arguments, and names on the appliance.

/** ` Did you mean duration?`, or an empty text where no name is close. To be appended to a sentence. */
export function didYouMean(given: string, names: readonly string[]): string {
  const meant = closestName(given, names);
  return meant === undefined ? "" : `. Did you mean ${meant}?`;
}

/** A name from a program, in quotes: cut, and without characters that could do harm in a message. */
export function shownName(name: string): string {
  return JSON.stringify(name.slice(0, 40).replace(/[^\w.-]/g, "?"));
}

/** The closest of the names, if it is close enough that the given one is probably a spelling mistake. */
export function closestName(given: string, names: readonly string[]): string | undefined {
  // A longer text is no misspelled name, and comparing it would take long.
  if (given.length > 60) return undefined;
  let closest: { name: string; mistakes: number } | undefined;
  const plainGiven = plain(given);
  for (const name of names) {
    const plainName = plain(name);
    const allowed = Math.min(3, Math.ceil(plainName.length / 4));
    // An appliance may have thousands of names. Most of them are too long or too short.
    if (plainName === "" || Math.abs(plainName.length - plainGiven.length) > allowed) continue;
    const mistakes = mistakesBetween(plainGiven, plainName);
    if (mistakes <= allowed && mistakes < (closest?.mistakes ?? Infinity)) closest = { name, mistakes };
  }
  return closest?.name;
}

/** Upper case, underscores and hyphens are the most frequent mistakes, and count as none. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** How many letters are missing, added, wrong or swapped with their neighbour (optimal string alignment distance). */
function mistakesBetween(given: string, name: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: name.length + 1 }, (_, index) => index);
  for (let i = 1; i <= given.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= name.length; j += 1) {
      const isSame = given[i - 1] === name[j - 1];
      const isSwapped = i > 1 && j > 1 && given[i - 1] === name[j - 2] && given[i - 2] === name[j - 1];
      row[j] = Math.min(
        last[j]! + 1,
        row[j - 1]! + 1,
        last[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? beforeLast[j - 2]! + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[name.length]!;
}
