// How the contract's stories call an implementation: the engine's operations with plain values, and the warnings. The same
// stories run with every driver.
import type { ErrorCode } from "../../../provider/client";

export type Values = Record<string, unknown>;

export interface Driver {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Values, news: Values): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Values): Promise<{ id: string; outputs: Values }>;
  read(id: string, olds: Values): Promise<Values>;
  update(id: string, olds: Values, news: Values): Promise<Values>;
  delete(id: string, olds: Values): Promise<void>;
  /** Every warning so far, one sentence each. */
  warnings(): string[];
  /** Whether the provider repeats a share's recurring warning at each run. Elsewhere the class in the program does it. */
  readonly repeatsWarnings?: boolean;
  /** What the class in the program adds to the inputs of a share. The plugin takes the tag from the URN. */
  readonly addedInputs?: Values;
  close(): Promise<void>;
}

export interface DriverOptions {
  /** Stack configuration, `fudo:` keys. */
  readonly config: Record<string, string>;
  readonly environment?: Record<string, string>;
}

export type StartDriver = (options: DriverOptions) => Promise<Driver>;

/** A failure as a user sees it: the code and the sentence. */
export class OperationFailed extends Error {
  constructor(
    readonly code: ErrorCode | "internal",
    message: string,
  ) {
    super(message);
  }
}
