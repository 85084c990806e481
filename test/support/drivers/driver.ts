// How the contract's stories speak to an implementation: the engine's operations with plain values, and what was said
// to the operator. Every driver tells the same stories.
import type { ErrorCode } from "../../../provider/client";

export type Values = Record<string, unknown>;

export interface Driver {
  check(olds: Values, news: Values): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }>;
  diff(id: string, olds: Values, news: Values): Promise<{ changes: boolean; replaces: string[] }>;
  create(inputs: Values): Promise<{ id: string; outputs: Values }>;
  read(id: string, olds: Values): Promise<Values>;
  update(id: string, olds: Values, news: Values): Promise<Values>;
  delete(id: string, olds: Values): Promise<void>;
  /** Everything said to the operator so far, one sentence each. */
  notices(): string[];
  close(): Promise<void>;
}

export interface DriverOptions {
  /** Stack configuration, `fudo:` keys. */
  readonly config: Record<string, string>;
  readonly environment?: Record<string, string>;
}

export type StartDriver = (options: DriverOptions) => Promise<Driver>;

/** A failure as the operator meets it: the code and the sentence. */
export class OperationFailed extends Error {
  constructor(
    readonly code: ErrorCode | "internal",
    message: string,
  ) {
    super(message);
  }
}
