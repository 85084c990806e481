// What a part of the bench is, what it gets and what it gives back. It must not know how anything is measured.
import type { Place } from "./workspace";

/** How much to measure. */
export interface Size {
  readonly quick: boolean;
  /** The number of shares that the bars speak of. */
  readonly shares: number;
  /** Numbers of shares from which growth is fitted, ascending; `shares` is one of them. */
  readonly growth: readonly number[];
  /** How often each command is measured at `shares`. */
  readonly rounds: number;
  /** Numbers of shares in an imported state, ascending. */
  readonly imported: readonly number[];
}

/** A table as it is printed: the first row names the columns. */
export interface Table {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** A figure that must be reached. */
export interface Bar {
  readonly figure: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a part found. `data` is kept in JSON as it is. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly bars: readonly Bar[];
  readonly data: unknown;
}

/** Findings of earlier parts of this run, else of the last one: undefined where a part never ran. */
export type Earlier = (part: string) => Findings | undefined;

export interface Part {
  readonly name: string;
  readonly about: string;
  measure(place: Place, size: Size, say: (line: string) => void, earlier: Earlier): Promise<Findings>;
}

/** A bar that compares two numbers; `unit` is printed behind both. */
export function atMost(figure: string, measured: number, limit: number, how: string, unit = ""): Bar {
  const shown = (value: number) => `${number(value)}${unit && ` ${unit}`}`;
  return { figure, limit: `${how} = ${shown(limit)}`, measured: shown(measured), met: measured <= limit };
}

/** Three significant digits at least, thousands separated. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", {
    maximumFractionDigits: digits,
    minimumFractionDigits: Number.isInteger(value) ? 0 : digits,
  });
}
