// What the findings depend on besides the inventory: the limits of the command line, and which stacks the audit read.

export interface Policy {
  /** Longest allowed window, milliseconds. */
  readonly maxDuration: number;
  readonly requiredLabels: readonly string[];
  /** A declared share that expires sooner is a finding: milliseconds. */
  readonly endsWithin?: number;
  /** The audit read every stack of a backend. */
  readonly everyStack: boolean;
  /** The audit could read the state of every stack in scope. */
  readonly allStatesRead: boolean;
  /** Whether a stack is in scope. */
  readonly isAudited: (stack: string) => boolean;
}
