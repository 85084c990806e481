// Decides which inventory entries are findings, and writes their messages. Pure; one rule for each kind, and at most one
// finding of a kind for each entry.
import { lengthText } from "../../lifecycle";
import type { DeclaredShare } from "../collect/stack-state";
import { findingKindNames, findingKinds, type FindingKind, type Severity } from "../model/finding-kinds";
import { isLive } from "../model/status";
import { utcText } from "../model/wording";
import type { InventoryEntry } from "./inventory";
import { remediationFor } from "./remediation";
import { windowOutputs } from "./status-rules";

/** What the findings depend on besides the inventory. */
export interface Policy {
  /** Longest allowed window, milliseconds. */
  readonly maxDuration: number;
  readonly requiredLabels: readonly string[];
  /** The audit read every stack of a backend. */
  readonly everyStack: boolean;
  /** The audit could read the state of every stack in scope. */
  readonly allStatesRead: boolean;
  /** Whether a stack (`project/stack`) is in scope. */
  readonly isAudited: (stack: string) => boolean;
}

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly entry: InventoryEntry;
  /** What the audit found, one to three sentences. */
  readonly message: string;
  /** What to do about it, one alternative each. */
  readonly nextSteps: readonly string[];
}

const minute = 60_000;

/** The findings for one entry. A share that expired or that is on another appliance has none. */
export function findingsOf(entry: InventoryEntry, policy: Policy): Finding[] {
  if (entry.seen === "elsewhere" || entry.to <= entry.now) return [];
  return findingKindNames.flatMap((kind) => {
    const message = rules[kind](entry, policy);
    if (message === undefined) return [];
    return [{ kind, severity: findingKinds[kind].severity, entry, message, nextSteps: remediationFor(kind, entry) }];
  });
}

type Rule = (entry: InventoryEntry, policy: Policy) => string | undefined;

const rules: Readonly<Record<FindingKind, Rule>> = {
  unmanaged: (entry, { everyStack, allStatesRead }) => {
    if (!isUnmanaged(entry) || wasDeclared(entry)) return undefined;
    const audited = allStatesRead
      ? "No audited stack declares it (only an audit of all stacks proves that no stack does)."
      : "No stack that the audit could read declares it.";
    const where = everyStack ? "No stack of the backend declares it." : audited;
    const lookups = entry.lookedUpBy.map(({ urn }) => ` ${urn} only looks it up and does not manage it.`).join("");
    return `${accessText(entry)}. ${where}${lookups}`;
  },
  orphaned: (entry, { isAudited, allStatesRead }) => {
    if (!isUnmanaged(entry) || !wasDeclared(entry)) return undefined;
    const before = entry.previous?.declaredBy ?? [];
    const absent = [...new Set(before.map(({ stack }) => stack))].filter((stack) => !isAudited(stack));
    const hint =
      absent.length > 0 ? ` This audit did not include ${absent.join(", ")}: add it if it still exists.` : "";
    const now = allStatesRead
      ? "No audited stack declares it now."
      : "No stack that the audit could read declares it now.";
    return `${accessText(entry)}. It was previously declared by ${before.map(({ urn }) => urn).join(", ")}. ${now}${hint}`;
  },
  reactivated: (entry) => {
    const { listed, managedBy, previous } = entry;
    const before = managedBy.find(({ recorded }) => recorded !== undefined)?.recorded ?? previous?.status;
    if (listed === undefined || !isLive(entry) || (before !== "removed" && before !== "missing")) return undefined;
    return `The share was recorded as ${before}, and the appliance lists it as live again. The link works ${untilEnd(entry)}.`;
  },
  unidentified: (entry) =>
    entry.fingerprint === undefined && isLive(entry)
      ? `${accessText(entry)}. The appliance lists the share without a readable key, so the audit cannot match it to a stack.`
      : undefined,
  replaced: () => undefined,
  "no-longer-listed": () => undefined,
  "expires-soon": () => undefined,
  "window-differs": (entry) => {
    const differences = entry.managedBy.flatMap((share) => differencesOf(entry, share));
    return isLive(entry) && differences.length > 0
      ? `The appliance granted: ${[...new Set(differences)].join("; ")}.`
      : undefined;
  },
  "too-long": (entry, { maxDuration }) => {
    const since = entry.since ?? -Infinity;
    if (!isLive(entry) || entry.unknownEnd !== undefined || entry.to - since <= maxDuration) return undefined;
    const length = Number.isFinite(since) ? `is ${lengthText(entry.to - since)} long` : "has no start";
    return `The window ${Number.isFinite(entry.to) ? length : "has no end"}. The limit is ${lengthText(maxDuration)}.`;
  },
  duplicate: ({ managedBy }) => (managedBy.length > 1 ? `${managedBy.length} resources manage this share.` : undefined),
  removed: (entry) => {
    if (entry.status !== "removed" || entry.managedBy.length === 0) return undefined;
    const source = entry.listed === undefined ? "The state records" : "The appliance lists";
    return `The share is declared ${untilEnd(entry)}. ${source} it as removed: someone revoked the access.`;
  },
  missing: (entry) =>
    entry.status === "missing" && entry.managedBy.length > 0
      ? `The share is declared, but the session's list does not contain it. It was revoked or removed, or this API user cannot see it. The link may still work ${untilEnd(entry)}.`
      : undefined,
  "missing-labels": (entry, { requiredLabels }) => {
    const readable = entry.managedBy.filter(({ encryptedOutputs }) => !encryptedOutputs.includes("labels"));
    const absent = requiredLabels.filter((name) => readable.some(({ labels }) => !Object.hasOwn(labels, name)));
    return isLive(entry) && absent.length > 0
      ? `The declaration does not have the required label${absent.length > 1 ? "s" : ""} ${absent.join(", ")}.`
      : undefined;
  },
  unreadable: (entry, policy) => {
    const names = neededEncryptedOutputs(entry, policy);
    return names.length > 0 ? `The state encrypts values that the audit needs: ${names.join(", ")}.` : undefined;
  },
  interactive: (entry) => {
    const readonly = entry.listed?.readonly ?? entry.managedBy[0]?.readonly;
    return isLive(entry) && readonly === false
      ? `Anyone with the link can act in the session ${untilEnd(entry)}.`
      : undefined;
  },
};

/** The encrypted outputs of a share's declarations that the audit needs; none for a removed share. */
export function neededEncryptedOutputs(entry: InventoryEntry, { requiredLabels }: Policy): string[] {
  if (entry.status === "removed") return [];
  const needed = [...windowOutputs, "readonly", "appliance", ...(requiredLabels.length > 0 ? ["labels"] : [])];
  return needed.filter((name) => entry.managedBy.some(({ encryptedOutputs }) => encryptedOutputs.includes(name)));
}

function isUnmanaged(entry: InventoryEntry): boolean {
  return entry.managedBy.length === 0 && entry.fingerprint !== undefined && isLive(entry);
}

function wasDeclared({ previous }: InventoryEntry): boolean {
  return previous !== undefined && previous.declaredBy.length > 0;
}

function accessText(entry: InventoryEntry): string {
  const { status, seen, since, previous } = entry;
  const from = status === "scheduled" && since !== undefined ? `from ${utcText(since)} ` : "";
  const access = `The link works ${from}${untilEnd(entry)}`;
  if (seen === "listed") return access;
  const source = previous === undefined ? "the state" : "the previous report";
  const now =
    seen === "absent"
      ? "the session's list does not contain the share now"
      : "the audit could not read the whole list of the session";
  return `${access}, according to ${source} (${now})`;
}

/** `until 2026-11-25 14:07 UTC (in 3 h)`. */
function untilEnd({ to, now, unknownEnd }: InventoryEntry): string {
  if (unknownEnd === "encrypted") return "until an end that is encrypted in the state";
  if (unknownEnd === "not-listed") return "until an end that the appliance does not show";
  return Number.isFinite(to) ? `until ${utcText(to)} (in ${lengthText(to - now)})` : "without an end date";
}

function differencesOf({ listed }: InventoryEntry, declared: DeclaredShare): string[] {
  if (listed === undefined) return [];
  const text = (ms: number) => (Number.isFinite(ms) ? utcText(ms) : "none");
  const window = (
    [
      ["start", listed.since, declared.since],
      ["end", listed.to, declared.to],
    ] as const
  ).flatMap(([name, granted, requested]) =>
    requested === undefined || granted === undefined || granted === requested || Math.abs(granted - requested) < minute
      ? []
      : [`${name} ${text(granted)} instead of ${text(requested)}`],
  );
  const mode = (readonly: boolean) => (readonly ? "readonly" : "interactive");
  const differs =
    listed.readonly !== undefined && declared.readonly !== undefined && listed.readonly !== declared.readonly;
  return [
    ...window,
    ...(differs ? [`mode ${mode(listed.readonly === true)} instead of ${mode(declared.readonly === true)}`] : []),
  ];
}
