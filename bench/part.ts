// What a part of the bench is: what it gets, what it returns, and how thresholds are compared and printed.
import type { Workspace } from "./workspace";

/** How much to measure. */
export interface Size {
  readonly quick: boolean;
  /** The number of shares that the thresholds apply to. */
  readonly shares: number;
  /** Numbers of shares that growth is fitted through, ascending; `shares` is one of them. */
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

/** A measured figure and the limit that it must keep. */
export interface Threshold {
  readonly figure: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What a part found. `data` is saved as JSON, unchanged. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly thresholds: readonly Threshold[];
  readonly data: unknown;
}

/** Findings of another part: of this run, else of the last run that measured it. Undefined if it never ran. */
export type FindingsOf = (part: string) => Findings | undefined;

export interface Part {
  readonly name: string;
  readonly about: string;
  measure(workspace: Workspace, size: Size, log: (line: string) => void, findingsOf: FindingsOf): Promise<Findings>;
}

/** A threshold that compares two numbers. `formula` is printed before the limit, `unit` after both numbers. */
export function atMost(figure: string, measured: number, limit: number, formula = "", unit = ""): Threshold {
  const shown = (value: number) => `${number(value)}${unit && ` ${unit}`}`;
  return {
    figure,
    limit: `${formula && `${formula} = `}${shown(limit)}`,
    measured: shown(measured),
    met: measured <= limit,
  };
}

/** Three significant digits at least, thousands separated. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", {
    maximumFractionDigits: digits,
    minimumFractionDigits: Number.isInteger(value) ? 0 : digits,
  });
}
