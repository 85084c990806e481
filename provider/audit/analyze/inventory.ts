// The register: one entry for each share that a stack declares, the appliance lists, or an earlier report knew as not yet
// ended, with its status. Pure; every time is milliseconds since the epoch.
import { shareId } from "../../lifecycle";
import type { Declared } from "../collect/stack-state";
import type { Listed, SessionAnswer } from "../collect/appliance-shares";

export const statuses = ["scheduled", "active", "ended", "removed", "missing"] as const;
/** `scheduled` = its window has not begun, `active` = its window is open, `missing` = it should be listed and is not. */
export type Status = (typeof statuses)[number];

export const sightings = ["listed", "absent", "not-looked", "elsewhere"] as const;
/** What the session's list shows of the share; `elsewhere` = it lives on another appliance, and this one does not show it. */
export type Sighting = (typeof sightings)[number];

/** A resource that declares a share. */
export interface Owner {
  /** `project/stack`. */
  readonly stack: string;
  readonly urn: string;
}

/** A share of an earlier report that had not ended then. */
export interface Earlier {
  readonly sessionId: string;
  readonly fingerprint: string;
  readonly status: Status;
  readonly since?: number;
  readonly to: number;
  readonly readonly?: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** Who declared it then, or before. */
  readonly declaredBy: readonly Owner[];
}

/** What is known of one share, before it is judged. */
interface Subject {
  readonly sessionId: string;
  /** Absent for an entry that the appliance lists without a key. */
  readonly fingerprint?: string;
  readonly declared: Declared[];
  listed?: Listed;
  earlier?: Earlier;
}

export interface Entry extends Omit<Readonly<Subject>, "declared"> {
  /** Resources that own the share. */
  readonly owners: readonly Declared[];
  /** Resources that only look it up. */
  readonly lookedUpBy: readonly Declared[];
  readonly status: Status;
  readonly seen: Sighting;
  /** Start of the window, listed or else declared. */
  readonly since?: number;
  /** The later of all ends that are known; Infinity where there is none, and where it cannot be read. */
  readonly to: number;
  /** The end is encrypted in the state and not listed. */
  readonly hiddenEnd: boolean;
  /** The appliance's clock where it answered, else the local one. */
  readonly now: number;
}

export interface RegisterSources {
  readonly declared: readonly Declared[];
  readonly answers: readonly SessionAnswer[];
  readonly earlier: readonly Earlier[];
  /** Origin of the appliance that was asked. */
  readonly origin: string;
  readonly now: number;
}

/** One entry for each share. A share that only an earlier report knows is left out when its end is over. */
export function makeRegister(sources: RegisterSources): Entry[] {
  const answers = new Map(sources.answers.map((answer) => [answer.sessionId, answer]));
  return collect(sources)
    .map((subject) => judge(subject, answers.get(subject.sessionId), sources))
    .filter(
      ({ listed, owners, lookedUpBy, to, now }) =>
        listed !== undefined || owners.length + lookedUpBy.length > 0 || to > now,
    );
}

function collect({ declared, answers, earlier }: RegisterSources): Subject[] {
  const subjects = new Map<string, Subject>();
  const keyless: Subject[] = [];
  const subject = (sessionId: string, fingerprint: string) => {
    const id = shareId(sessionId, fingerprint);
    const known = subjects.get(id) ?? { sessionId, fingerprint, declared: [] };
    subjects.set(id, known);
    return known;
  };
  for (const share of declared) subject(share.sessionId, share.fingerprint).declared.push(share);
  for (const share of earlier) subject(share.sessionId, share.fingerprint).earlier = share;
  for (const answer of answers) {
    for (const listed of answer.outcome === "answered" ? answer.shares : []) {
      if (listed.fingerprint === undefined) keyless.push({ sessionId: answer.sessionId, declared: [], listed });
      else subject(answer.sessionId, listed.fingerprint).listed = listed;
    }
  }
  return [...subjects.values(), ...keyless];
}

function judge(subject: Subject, answer: SessionAnswer | undefined, { origin, now: localNow }: RegisterSources): Entry {
  const { declared, ...facts } = subject;
  const { listed, earlier } = facts;
  const now = answer?.outcome === "answered" ? answer.now : localNow;
  const seen = sightingOf(subject, answer, origin);
  const since = listed?.since ?? (declared.length > 0 ? greatest(startsOf(declared)) : earlier?.since);
  const end = greatest([
    ...known([listed?.to]),
    ...endsOf(declared),
    ...(listed || declared.length > 0 ? [] : known([earlier?.to])),
  ]);
  const to = end ?? Infinity;
  return {
    ...facts,
    owners: declared.filter(({ owned }) => owned),
    lookedUpBy: declared.filter(({ owned }) => !owned),
    status: statusOf(subject, { seen, since: since ?? -Infinity, to, now }),
    seen,
    ...(since !== undefined && { since }),
    to,
    hiddenEnd: end === undefined && declared.some(({ encrypted }) => encrypted.includes("validTo")),
    now,
  };
}

function sightingOf({ declared, listed }: Subject, answer: SessionAnswer | undefined, origin: string): Sighting {
  if (listed !== undefined) return "listed";
  const isElsewhere = declared.length > 0 && declared.every(({ appliance = origin }) => appliance !== origin);
  if (isElsewhere || answer === undefined) return "elsewhere";
  return answer.outcome === "answered" || answer.outcome === "unknown" ? "absent" : "not-looked";
}

interface Circumstances {
  readonly seen: Sighting;
  readonly since: number;
  readonly to: number;
  readonly now: number;
}

function statusOf(subject: Subject, { seen, since, to, now }: Circumstances): Status {
  const { declared, listed, earlier } = subject;
  const before = declared.length > 0 ? declared.map(({ recorded }) => recorded) : [earlier?.status];
  if (listed?.removed === true || (listed === undefined && before.includes("removed"))) return "removed";
  if (to <= now) return "ended";
  if (seen === "absent" && (before.includes("missing") || isToBeListed(subject, now))) return "missing";
  if (seen === "not-looked" && before.includes("missing")) return "missing";
  return since > now ? "scheduled" : "active";
}

const margin = 5 * 60_000;

/**
 * Whether absence from a list means something: between the later start and the earlier end, five minutes inside both.
 * Appliance: ended and scheduled shares may be hidden, and clocks differ.
 */
function isToBeListed({ declared, earlier }: Subject, now: number): boolean {
  if (declared.some(({ encrypted }) => encrypted.some((name) => windowFacts.includes(name)))) return false;
  const starts = declared.length > 0 ? startsOf(declared) : known([earlier?.since]);
  const ends = declared.length > 0 ? endsOf(declared) : known([earlier?.to]);
  return (greatest(starts) ?? -Infinity) + margin <= now && now <= Math.min(Infinity, ...ends) - margin;
}

/** The facts of a state that hold a share's window. */
export const windowFacts = ["validSince", "validTo", "grantedSince", "grantedTo"];

function startsOf(declared: readonly Declared[]): number[] {
  return known(declared.flatMap(({ since, grantedSince }) => [since, grantedSince]));
}

function endsOf(declared: readonly Declared[]): number[] {
  return known(declared.flatMap(({ to, grantedTo }) => [to, grantedTo]));
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function greatest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
