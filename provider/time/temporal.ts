// The Temporal polyfill, loaded when the first instant or duration is read: a run that needs none does not pay for it.
import type * as Polyfill from "temporal-polyfill" with { "resolution-mode": "import" };

let loaded: typeof Polyfill.Temporal | undefined;

/** The `Temporal` namespace: Node's own where it has one. */
export function temporal(): typeof Polyfill.Temporal {
  return (loaded ??= (require("temporal-polyfill") as typeof Polyfill).Temporal);
}
