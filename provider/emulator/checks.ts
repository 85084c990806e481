// Checks what callers hand to the emulator: options, faults, behaviour flags, arguments of the control API. A wrong name or
// value is refused by name before anything is stored, so that no misspelt fault makes a test pass.

/** Throws a RangeError that names the value if it is wrong. */
export type Check = (name: string, value: unknown) => void;

/** One check for each property. An absent or undefined property is not checked. */
export type Checks<Options> = { readonly [Name in keyof Options]-?: Check };

/** The largest delay that a timer of Node.js can wait for, in milliseconds. */
export const maxDelay = 2 ** 31 - 1;

/** Checks the properties of an object. `what` names the object in messages, for example `startEmulator`. */
export function checkProperties(what: string, given: unknown, checks: Readonly<Record<string, Check>>): void {
  if (!isPlainObject(given)) throw new RangeError(`${what} must be an object, not ${shown(given)}`);
  for (const [name, value] of Object.entries(given)) {
    requireKnown(`property of ${what}`, name, Object.keys(checks));
    if (value !== undefined) checks[name]?.(`${what}: ${name}`, value);
  }
}

/** Throws a RangeError that lists the known names, and the one that is probably meant. */
export function requireKnown(what: string, name: unknown, known: readonly string[]): void {
  if (typeof name === "string" && known.includes(name)) return;
  const similar = typeof name === "string" ? closest(name, known) : undefined;
  const hint = similar === undefined ? "" : `did you mean "${similar}"? `;
  const label = typeof name === "string" ? `"${name.slice(0, 100)}"` : shown(name);
  throw new RangeError(`unknown ${what} ${label}; ${hint}use one of ${known.join(", ")}`);
}

export function wholeNumber(min: number, max: number): Check {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  return (name, value) => {
    if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
    throw new RangeError(`${name} must be a whole number ${range}, not ${shown(value)}`);
  };
}

/** A finite number with a unit, for example milliseconds. */
export function quantity(unit: string, min: number, max: number): Check {
  return (name, value) => {
    if (typeof value === "number" && value >= min && value <= max) return;
    throw new RangeError(`${name} must be a number of ${unit} from ${min} to ${max}, not ${shown(value)}`);
  };
}

export const probability: Check = (name, value) => {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw new RangeError(`${name} must be a number from 0 to 1, not ${shown(value)}`);
};

export const text: Check = (name, value) => {
  if (typeof value !== "string") throw new RangeError(`${name} must be text, not ${shown(value)}`);
};

export const nonEmptyText: Check = (name, value) => {
  text(name, value);
  if (value === "") throw new RangeError(`${name} must not be empty`);
};

export const trueOrFalse: Check = (name, value) => {
  if (typeof value !== "boolean") throw new RangeError(`${name} must be true or false, not ${shown(value)}`);
};

export const textOrNumber: Check = (name, value) => {
  if (typeof value === "string" || Number.isFinite(value)) return;
  throw new RangeError(`${name} must be text or a number, not ${shown(value)}`);
};

export const aFunction: Check = (name, value) => {
  if (typeof value !== "function") throw new RangeError(`${name} must be a function, not ${shown(value)}`);
};

export const anything: Check = () => undefined;

export function oneOf(...values: readonly string[]): Check {
  return (name, value) => {
    if (typeof value === "string" && values.includes(value)) return;
    throw new RangeError(`${name} must be one of ${values.join(", ")}, not ${shown(value)}`);
  };
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A short text for a wrong value. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value === "string") return `"${value.slice(0, 100)}"`;
  return typeof value === "function" ? "a function" : String(value);
}

/** The known name with the fewest edits, if they are few compared with its length. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, edits: editCount(name.slice(0, 100), candidate) }));
  const [best] = ranked.sort((one, other) => one.edits - other.edits);
  return best !== undefined && best.edits <= Math.max(2, best.candidate.length / 3) ? best.candidate : undefined;
}

/** How many letters to insert, remove or replace (Levenshtein), independent of case. */
function editCount(one: string, other: string): number {
  const target = other.toLowerCase();
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one.toLowerCase()].entries()) {
    const next = [index + 1];
    for (let at = 0; at < target.length; at++) {
      const replaced = (row[at] ?? 0) + (target[at] === letter ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
