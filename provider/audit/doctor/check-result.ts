// The result of one check of `fudo-audit doctor`.

/** `note`: nothing was checked. */
export type Outcome = "ok" | "warn" | "fail" | "note";

/** One line of output: what doctor checked, the result, and what to do. */
export interface CheckResult {
  readonly outcome: Outcome;
  readonly subject: string;
  readonly text: string;
  readonly advice?: string;
}
