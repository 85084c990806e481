// Loads the Temporal polyfill with the first instant or duration, because it is slow to load and not every run needs it.
import type * as Polyfill from "temporal-polyfill" with { "resolution-mode": "import" };

let loaded: typeof Polyfill.Temporal | undefined;

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

/** The `Temporal` namespace of the polyfill, which uses the one of Node.js if that exists. Throws `LibraryError`. */
export function temporal(): typeof Polyfill.Temporal {
  return (loaded ??= load());
}

function load(): typeof Polyfill.Temporal {
  try {
    return (require("temporal-polyfill") as typeof Polyfill).Temporal;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Node: this library is an ES module, and an option in NODE_OPTIONS can switch off loading those with `require`.
    const advice =
      code === "ERR_REQUIRE_ESM"
        ? "Remove --no-experimental-require-module from NODE_OPTIONS"
        : "Install the dependencies of pulumi-fudo again";
    throw new LibraryError(`the library temporal-polyfill could not be loaded (${code ?? "no code"}). ${advice}`);
  }
}
