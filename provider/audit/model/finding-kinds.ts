// The kinds of findings: how severe each is and what it means. The one place where they are listed; the documentation's
// table, the report's schema and the SARIF rules follow it.

/** From the most severe down. */
export const severities = ["high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

interface Description {
  readonly severity: Severity;
  readonly title: string;
  /** One or two sentences, Markdown without links. */
  readonly meaning: string;
}

/** In the order in which findings of one severity are shown. */
export const kinds = {
  unmanaged: {
    severity: "high",
    title: "Live share that no stack knows",
    meaning:
      "The appliance lists a live share that is in none of the stacks given. Only all stacks of a backend prove that nobody declared it.",
  },
  abandoned: {
    severity: "high",
    title: "Forgotten share, still live",
    meaning:
      "A stack declared the share once, as an earlier report says. No stack given does now, and its link can still be opened.",
  },
  revived: {
    severity: "high",
    title: "Share that works again",
    meaning:
      "The share was known as removed or missing, and is listed as live again: a restored backup, a fail-over, or rights given back.",
  },
  unidentified: {
    severity: "high",
    title: "Live share without a key",
    meaning: "The appliance lists a live entry without its key, so it cannot be told whether a stack declares it.",
  },
  "granted-otherwise": {
    severity: "medium",
    title: "Granted otherwise than declared",
    meaning:
      "The window that the appliance lists differs by a minute or more from the declared one, or the mode differs.",
  },
  "too-long": {
    severity: "medium",
    title: "Window longer than allowed",
    meaning: "The share is live and its window is longer than `--max-duration`. The API cannot shorten it.",
  },
  duplicate: {
    severity: "medium",
    title: "One share in several declarations",
    meaning: "More than one resource owns the same share: what one of them says of it, the others do not know.",
  },
  removed: {
    severity: "medium",
    title: "Declared, but withdrawn on the appliance",
    meaning: "A stack declares the share, and the appliance says that it was removed before its end.",
  },
  missing: {
    severity: "medium",
    title: "Declared, but not listed",
    meaning:
      "A stack declares the share, its window is open, and the session's list does not show it: revoked, removed, or not visible to this API user. The link may still work.",
  },
  unlabelled: {
    severity: "medium",
    title: "Required labels absent",
    meaning: "The share is live and its declaration lacks a label that `--require-label` asks for.",
  },
  unreadable: {
    severity: "medium",
    title: "Facts encrypted in the state",
    meaning: "What is needed to judge the share is encrypted in the state: the audit is incomplete.",
  },
  interactive: {
    severity: "low",
    title: "Share that allows to take part",
    meaning: "The share is live and not readonly: whoever opens its link can act in the session.",
  },
} as const satisfies Readonly<Record<string, Description>>;

export type Kind = keyof typeof kinds;

export const kindNames = Object.keys(kinds) as readonly Kind[];

/** True when a finding of that severity makes the run fail. */
export function isAtLeast(severity: Severity, threshold: Severity | "none"): boolean {
  return threshold !== "none" && severities.indexOf(severity) <= severities.indexOf(threshold);
}
