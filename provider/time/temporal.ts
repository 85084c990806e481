// Loads the Temporal polyfill with the first instant or duration, because it is slow to load and not every run needs it.
import type * as Polyfill from "temporal-polyfill" with { "resolution-mode": "import" };

let loaded: typeof Polyfill.Temporal | undefined;

/** The `Temporal` namespace of the polyfill, which uses the one of Node.js if that exists. */
export function temporal(): typeof Polyfill.Temporal {
  return (loaded ??= (require("temporal-polyfill") as typeof Polyfill).Temporal);
}
