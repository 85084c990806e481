// The rules about a share's window: whether it differs from the declaration, and whether it is too long. Pure.
import { lengthText } from "../../../lifecycle";
import type { DeclaredShare } from "../../collect/stack-state";
import { isLive } from "../../model/status";
import { utcText } from "../../model/wording";
import { isInUse, type Rule } from "./rule";
import type { InventoryEntry } from "../inventory/inventory";

/** Appliance: it may store a window with low precision. A smaller difference means nothing. */
const tolerance = 60_000;

export const windowDiffers: Rule = (entry) => {
  const differences = entry.managedBy.flatMap((share) => differencesOf(entry, share));
  return isLive(entry) && differences.length > 0
    ? `The appliance granted: ${[...new Set(differences)].join("; ")}.`
    : undefined;
};

function differencesOf({ listed }: InventoryEntry, declared: DeclaredShare): string[] {
  if (listed === undefined) return [];
  const text = (ms: number) => (Number.isFinite(ms) ? utcText(ms) : "none");
  const window = (
    [
      ["start", listed.since, declared.since],
      ["end", listed.to, declared.to],
    ] as const
  ).flatMap(([name, granted, requested]) =>
    requested === undefined ||
    granted === undefined ||
    granted === requested ||
    Math.abs(granted - requested) < tolerance
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

export const tooLong: Rule = (entry, { maxDuration }) => {
  if (!isInUse(entry) || entry.unknownEnd !== undefined) return undefined;
  const { since, to } = windowOf(entry);
  const length = to - since;
  if (!exceeds(length, maxDuration)) return undefined;
  const noStart = entry.since === undefined ? "has no known start" : "has no start";
  const text = Number.isFinite(since) ? `is ${lengthText(length)} long` : noStart;
  const message = `The window ${Number.isFinite(to) ? text : "has no end"}. The limit is ${lengthText(maxDuration)}.`;
  if (!wasAllowed(entry, length)) return message;
  return { message: `${message} An earlier limit allowed this window.`, severity: "low" };
};

function exceeds(length: number, limit: number): boolean {
  return length - limit >= tolerance;
}

/** Whether an earlier report shows that the limit was lowered since then. */
function wasAllowed({ previous }: InventoryEntry, length: number): boolean {
  if (previous === undefined) return false;
  const severity = previous.findings.get("too-long");
  return severity === undefined ? !exceeds(length, previous.maxDuration) : severity === "low";
}

interface Window {
  readonly since: number;
  readonly to: number;
}

/**
 * Both ends from one source: as listed, else as declared, else as granted, else as an earlier report saw them. A start from
 * the list and an end from the state differ by what the appliance rounds. Without such a source, the longest window counts.
 */
function windowOf({ listed, managedBy, lookedUpBy, previous, since, to }: InventoryEntry): Window {
  const declared = [...managedBy, ...lookedUpBy];
  const sources = [
    listed,
    ...declared,
    ...declared.map(({ grantedSince, grantedTo }) => ({ since: grantedSince, to: grantedTo })),
    previous,
  ];
  const complete = sources.find((source) => source?.since !== undefined && source.to !== undefined);
  return { since: complete?.since ?? since ?? -Infinity, to: complete?.to ?? to };
}
