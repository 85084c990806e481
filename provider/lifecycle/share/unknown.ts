// The mark for a value that only the run itself will know. The adapters translate the engine's mark into this one.

export const unknown: unique symbol = Symbol("unknown until the run");
export type Unknown = typeof unknown;

/** True for the mark itself and for an object that holds it at any depth. */
export function holdsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
