// Which entries of the register are findings, and in which words. Pure: one rule for each kind, and each kind at most once
// for an entry.
import { formatMilliseconds } from "../../client";
import { lengthText, untilText } from "../../lifecycle";
import type { Declared } from "../collect/stack-state";
import { kindNames, type Kind } from "../model/finding-kinds";
import { nextSteps } from "./remediation";
import { windowFacts, type Entry } from "./inventory";

/** What the findings depend on besides the register. */
export interface Policy {
  /** Longest window allowed, milliseconds. */
  readonly maxDuration: number;
  readonly requiredLabels: readonly string[];
  /** True when every stack of a backend was read. */
  readonly everyStack: boolean;
  /** False when a stack that was given could not be read. */
  readonly allRead: boolean;
  /** Whether a stack (`project/stack`) is among those that were given. */
  readonly isGiven: (stack: string) => boolean;
}

export interface Finding {
  readonly kind: Kind;
  readonly entry: Entry;
  /** What is true, one or two sentences. */
  readonly message: string;
  /** What to do about it, one way out each. */
  readonly nextSteps: readonly string[];
}

const minute = 60_000;

/** Everything that is to be said of one entry; nothing of a share that has ended or lives elsewhere. */
export function findingsOf(entry: Entry, policy: Policy): Finding[] {
  if (entry.seen === "elsewhere" || entry.to <= entry.now) return [];
  return kindNames.flatMap((kind) => {
    const message = rules[kind](entry, policy);
    return message === undefined ? [] : [{ kind, entry, message, nextSteps: nextSteps(kind, entry) }];
  });
}

type Rule = (entry: Entry, policy: Policy) => string | undefined;

const rules: Readonly<Record<Kind, Rule>> = {
  unmanaged: (entry, { everyStack, allRead }) => {
    if (!isNobodys(entry) || onceDeclared(entry)) return undefined;
    const given = allRead
      ? "not in the stacks given (only all stacks of a backend prove more)"
      : "in none of the stacks that could be read";
    const where = everyStack ? "in no stack of the backend" : given;
    const looked = entry.lookedUpBy.map(({ urn }) => ` ${urn} looks it up and does not own it.`).join("");
    return `${openness(entry)}, and ${where}.${looked}`;
  },
  abandoned: (entry, { isGiven, allRead }) => {
    if (!isNobodys(entry) || !onceDeclared(entry)) return undefined;
    const before = entry.earlier?.declaredBy ?? [];
    const absent = [...new Set(before.map(({ stack }) => stack))].filter((stack) => !isGiven(stack));
    const doubt = absent.length > 0 ? ` ${absent.join(", ")} is not among them: give it too, if it still exists.` : "";
    const now = allRead ? "is not in the stacks given now" : "is in none of the stacks that could be read now";
    return `${openness(entry)}. It was declared once by ${before.map(({ urn }) => urn).join(", ")}, and ${now}.${doubt}`;
  },
  revived: (entry) => {
    const { listed, owners, earlier } = entry;
    const before = owners.find(({ recorded }) => recorded !== undefined)?.recorded ?? earlier?.status;
    if (listed === undefined || !isLive(entry) || (before !== "removed" && before !== "missing")) return undefined;
    return `Known as ${before}, and listed as live again: its link works ${until(entry)}.`;
  },
  unidentified: (entry) =>
    entry.fingerprint === undefined && isLive(entry)
      ? `${openness(entry)}, and listed without a key: whose it is cannot be told.`
      : undefined,
  "granted-otherwise": (entry) => {
    const differences = entry.owners.flatMap((owner) => differencesOf(entry, owner));
    return isLive(entry) && differences.length > 0
      ? `The appliance granted ${[...new Set(differences)].join("; ")}.`
      : undefined;
  },
  "too-long": (entry, { maxDuration }) => {
    const since = entry.since ?? -Infinity;
    if (!isLive(entry) || entry.hiddenEnd || entry.to - since <= maxDuration) return undefined;
    const length = Number.isFinite(entry.to)
      ? Number.isFinite(since)
        ? lengthText(entry.to - since)
        : "without a start"
      : "without an end";
    return `Its window is ${length}; ${lengthText(maxDuration)} are allowed.`;
  },
  duplicate: ({ owners }) => (owners.length > 1 ? `One share, owned by ${owners.length} resources.` : undefined),
  removed: (entry) => {
    if (entry.status !== "removed" || entry.owners.length === 0) return undefined;
    const source = entry.listed === undefined ? "recorded in the state as removed" : "removed on the appliance";
    return `Declared ${until(entry)}, and ${source}: access was withdrawn.`;
  },
  missing: (entry) =>
    entry.status === "missing" && entry.owners.length > 0
      ? `Declared, and not in the session's list: revoked, removed or not visible to this API user. Its link may still work ${until(entry)}.`
      : undefined,
  unlabelled: (entry, { requiredLabels }) => {
    const readable = entry.owners.filter(({ encrypted }) => !encrypted.includes("labels"));
    const absent = requiredLabels.filter((name) => readable.some(({ labels }) => !Object.hasOwn(labels, name)));
    return isLive(entry) && absent.length > 0
      ? `Its declaration lacks the label${absent.length > 1 ? "s" : ""} ${absent.join(", ")}.`
      : undefined;
  },
  unreadable: (entry, policy) => {
    const facts = unreadableFacts(entry, policy);
    return facts.length > 0 ? `Encrypted in the state, so it could not be judged: ${facts.join(", ")}.` : undefined;
  },
  interactive: (entry) => {
    const readonly = entry.listed?.readonly ?? entry.owners[0]?.readonly;
    return isLive(entry) && readonly === false
      ? `Whoever opens its link can act in the session ${until(entry)}.`
      : undefined;
  },
};

/** Needed facts of a live share's declarations that are encrypted. */
export function unreadableFacts(entry: Entry, { requiredLabels }: Policy): string[] {
  if (entry.status === "removed") return [];
  const needed = [...windowFacts, "readonly", "appliance", ...(requiredLabels.length > 0 ? ["labels"] : [])];
  return needed.filter((name) => entry.owners.some(({ encrypted }) => encrypted.includes(name)));
}

/** Its link can be opened, now or later, as far as is known. */
function isLive({ status }: Entry): boolean {
  return status === "active" || status === "scheduled";
}

function isNobodys(entry: Entry): boolean {
  return entry.owners.length === 0 && entry.fingerprint !== undefined && isLive(entry);
}

function onceDeclared({ earlier }: Entry): boolean {
  return earlier !== undefined && earlier.declaredBy.length > 0;
}

function openness(entry: Entry): string {
  const { status, seen, since } = entry;
  const from = status === "scheduled" && since !== undefined ? `from ${formatMilliseconds(since)} ` : "";
  const source =
    seen === "listed"
      ? ""
      : `, as an earlier report says (${seen === "absent" ? "not listed now" : "not looked at now"})`;
  return `Can be opened ${from}${until(entry)}${source}`;
}

function until({ to, now, hiddenEnd }: Entry): string {
  if (hiddenEnd) return "until an end that is encrypted in the state";
  return Number.isFinite(to) ? `until ${untilText(to, now)}` : "without end";
}

function differencesOf({ listed }: Entry, owner: Declared): string[] {
  if (listed === undefined) return [];
  const instant = (ms: number) => (Number.isFinite(ms) ? formatMilliseconds(ms) : "none");
  const window = (
    [
      ["the start", listed.since, owner.since],
      ["the end", listed.to, owner.to],
    ] as const
  ).flatMap(([name, granted, asked]) =>
    asked === undefined || granted === asked || Math.abs(granted - asked) < minute
      ? []
      : [`${name} ${instant(granted)} instead of ${instant(asked)}`],
  );
  const mode = (readonly: boolean) => (readonly ? "readonly" : "interactive");
  const differs = listed.readonly !== undefined && owner.readonly !== undefined && listed.readonly !== owner.readonly;
  return [
    ...window,
    ...(differs ? [`mode ${mode(listed.readonly === true)} instead of ${mode(owner.readonly === true)}`] : []),
  ];
}
