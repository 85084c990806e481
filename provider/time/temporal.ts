// Finds Temporal: the one of Node.js, else a library that is loaded with the first instant or duration, because it is slow
// to load and not every run needs it.
import type * as Library from "@js-temporal/polyfill";

// This library and no other, because `require` loads it everywhere without configuration: in Jest, which cannot `require`
// ES modules, with Yarn's Plug'n'Play and with --no-experimental-require-module.
const library = "@js-temporal/polyfill";

type Temporal = Pick<typeof Library.Temporal, "Instant" | "Duration" | "PlainDateTime">;

let loaded: Temporal | undefined;

const brand = Symbol.for("pulumi-fudo.error");

/**
 * A library of this package cannot be loaded. The brand makes it a FudoError of code `config` for `isFudoError`: this layer
 * cannot import the class.
 */
export class LibraryError extends Error {
  readonly [brand] = true;
  override readonly name = "FudoError";
  readonly code = "config";
  readonly executed = "no";
  readonly fromAppliance = false;
}

/** `Temporal` with the classes that this project uses. Throws `LibraryError`, at each call, if it cannot be loaded. */
export function temporal(): Temporal {
  return (loaded ??= native() ?? load());
}

/** Undefined in Node.js 24 and older, and if something else in this process has replaced `Temporal` by a part of it. */
function native(): Temporal | undefined {
  const { Temporal: found } = globalThis as { Temporal?: Partial<Temporal> };
  const isWhole = [found?.Instant, found?.Duration, found?.PlainDateTime].every(
    (one) => typeof one?.from === "function",
  );
  return isWhole ? (found as Temporal) : undefined;
}

function load(): Temporal {
  try {
    return (require("@js-temporal/polyfill") as typeof Library).Temporal;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const advice = "Install the dependencies of pulumi-fudo again";
    throw new LibraryError(`the library ${library} could not be loaded (${code ?? "no code"}). ${advice}`);
  }
}
