// The Temporal polyfill, loaded when the first instant or duration is read: a run that needs none does not pay for it.
type Polyfill = typeof import("temporal-polyfill", { with: { "resolution-mode": "import" } });

let loaded: Polyfill["Temporal"] | undefined;

/** The `Temporal` namespace: Node's own where it has one. */
export function temporal(): Polyfill["Temporal"] {
  return (loaded ??= (require("temporal-polyfill") as Polyfill).Temporal);
}
