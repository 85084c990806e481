// The kinds of findings: name, severity and meaning. The table in docs/audit.md, the report's schema and the SARIF rules
// follow this list.

/** From the most severe to the least severe. */
export const severities = ["high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

interface KindDescription {
  /** The usual severity; a finding can have a lower one, and `meaning` says when. */
  readonly severity: Severity;
  readonly title: string;
  /** One to four sentences, Markdown without links. */
  readonly meaning: string;
}

/** In the order in which a report shows findings of one severity. */
export const findingKinds = {
  unmanaged: {
    severity: "high",
    title: "Live share that no audited stack declares",
    meaning:
      "The appliance lists a live share that no audited stack declares. Only an audit of all stacks of the backend proves that no stack declares it.",
  },
  orphaned: {
    severity: "high",
    title: "Live share that no stack declares any more",
    meaning:
      "A stack declared the share, according to the previous report. No audited stack declares it now, and the share is still live.",
  },
  reactivated: {
    severity: "high",
    title: "Share that works again",
    meaning:
      "The share was recorded as removed or missing, and the appliance lists it as live again. Possible causes: a restored backup, a failover, or restored rights of the API user.",
  },
  unidentified: {
    severity: "high",
    title: "Live share without a readable key",
    meaning:
      "The appliance lists a live share without its key, or with a masked one, so the audit cannot match it to a stack. The audit is incomplete.",
  },
  replaced: {
    severity: "medium",
    title: "Old link of a replaced share",
    meaning:
      "A resource managed the share before and manages another share now. The replacement did not revoke the old link, and it is still live.",
  },
  "window-differs": {
    severity: "medium",
    title: "Window or mode differs from the declaration",
    meaning:
      "The listed window differs from the declared window by a minute or more, or the listed mode differs from the declared mode.",
  },
  "too-long": {
    severity: "medium",
    title: "Window longer than allowed",
    meaning:
      "The share is live and its window is longer than `--max-duration`. The API cannot shorten a window. The severity is low when an earlier report shows that the limit allowed the window then.",
  },
  duplicate: {
    severity: "medium",
    title: "Share managed by several resources",
    meaning: "More than one resource manages the same share. Their declarations and states can contradict each other.",
  },
  removed: {
    severity: "medium",
    title: "Declared share that was revoked",
    meaning: "A stack declares the share, and the appliance reports that it was removed before its window ended.",
  },
  missing: {
    severity: "medium",
    title: "Declared share that is not listed",
    meaning:
      "A stack declares the share, or declared it when it was missing first. Its window is open, but the session's list does not contain it. It was revoked or removed, or this API user cannot see it. The link may still work.",
  },
  "missing-labels": {
    severity: "medium",
    title: "Required labels missing",
    meaning: "The share is live and its declaration does not have every label that `--require-label` names.",
  },
  unreadable: {
    severity: "medium",
    title: "Values encrypted in the state",
    meaning: "The state encrypts values that the audit needs to check the share. The audit is incomplete.",
  },
  interactive: {
    severity: "low",
    title: "Share that allows interaction",
    meaning:
      "The share is live and not readonly: anyone with the link can act in the session. The severity is info, which does not fail the command, when the declaration says so and has labels, including the required ones.",
  },
  "no-longer-listed": {
    severity: "low",
    title: "Share that is no longer listed",
    meaning:
      "An earlier report listed the share, no stack declares it, and a valid list does not contain it now. It was revoked, or this API user cannot see it. Only the first report has this finding; the share stays in the inventory until it expires.",
  },
  "expires-soon": {
    severity: "low",
    title: "Share that expires soon",
    meaning: "A stack declares the share, and it expires within `--ends-within`.",
  },
} as const satisfies Readonly<Record<string, KindDescription>>;

export type FindingKind = keyof typeof findingKinds;

export const findingKindNames = Object.keys(findingKinds) as readonly FindingKind[];

/** True when `--fail-on` with this threshold makes a finding of this severity fail the command. */
export function isAtLeast(severity: Severity, threshold: Severity | "none"): boolean {
  return threshold !== "none" && severities.indexOf(severity) <= severities.indexOf(threshold);
}
