// What the appliance lists, one GET for each session, several at a time. Keys become fingerprints here and go no further.
import {
  fingerprintOf,
  formatMicroseconds,
  isFudoError,
  parseInstant,
  printable,
  type Client,
  type FudoError,
  type Share,
} from "../../client";

/** An entry of a session's list. Instants are milliseconds since the epoch, ±Infinity where there is none. */
export interface Listed {
  /** Absent for an entry without a key. */
  readonly fingerprint?: string;
  readonly removed: boolean;
  readonly since: number;
  readonly to: number;
  readonly readonly?: boolean;
  /** UTC, with microseconds. */
  readonly createdAt?: string;
}

/**
 * What became of a session's question. `unknown`: the appliance itself says that there is no such session, or none that this
 * API user may see. `not-asked`: the audit gave up before.
 */
export type SessionAnswer = { readonly sessionId: string } & (
  | {
      readonly outcome: "answered";
      readonly shares: readonly Listed[];
      /** The appliance's clock, milliseconds. */ readonly now: number;
    }
  | { readonly outcome: "unknown" }
  | { readonly outcome: "failed"; readonly reason: string }
  | { readonly outcome: "not-asked" }
);

export interface Questions {
  readonly client: Pick<Client, "listShares">;
  readonly now: () => number;
  /** Called after each answer with the number of sessions done. */
  readonly onAnswer: (done: number) => void;
}

const atOnce = 8;
/** So many failures one after the other mean that the appliance is gone: each costs minutes of patience. */
const mostFailuresInARow = 2 * atOnce;

/** One answer for each session, in their order. Never throws for what the appliance does. */
export async function askSessions(sessionIds: readonly string[], questions: Questions): Promise<SessionAnswer[]> {
  const answers = new Map<string, SessionAnswer>();
  const waiting = sessionIds[Symbol.iterator]();
  let heard = false;
  let failures = 0;
  let givenUp = false;
  const work = async () => {
    for (const sessionId of waiting) {
      if (givenUp) return;
      const [answer, error] = await ask(sessionId, questions);
      answers.set(sessionId, answer);
      questions.onAnswer(answers.size);
      failures = error === undefined ? 0 : failures + 1;
      heard ||= error === undefined || error.status !== undefined;
      givenUp ||= error !== undefined && (isHopeless(error, heard) || failures >= mostFailuresInARow);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return sessionIds.map((sessionId) => answers.get(sessionId) ?? { sessionId, outcome: "not-asked" });
}

/** What would fail in the same way for every other session. */
function isHopeless(error: FudoError, heard: boolean): boolean {
  return error.status === 401 || error.code === "config" || (error.code === "unreachable" && !heard);
}

async function ask(sessionId: string, { client, now }: Questions): Promise<[SessionAnswer, FudoError?]> {
  try {
    const { shares, applianceTime = now() } = await client.listShares(sessionId);
    const entries = withoutRepeats(shares);
    const fingerprints = entries.flatMap(({ key }) => (key === undefined ? [] : [fingerprintOf(key)]));
    if (new Set(fingerprints).size < fingerprints.length) {
      return [
        {
          sessionId,
          outcome: "failed",
          reason: "two keys of the list have one fingerprint, so its shares cannot be told apart",
        },
      ];
    }
    return [{ sessionId, outcome: "answered", now: applianceTime, shares: entries.map(toListed) }];
  } catch (error) {
    if (!isFudoError(error)) throw error;
    // Appliance: its own 404 is an answer; anybody else's (a proxy, a wrong path) says nothing about the session.
    if (error.code === "not-found" && error.fromAppliance) return [{ sessionId, outcome: "unknown" }];
    return [{ sessionId, outcome: "failed", reason: printable(error.message) }, error];
  }
}

function withoutRepeats(shares: readonly Share[]): Share[] {
  const seen = new Set<string>();
  return shares.filter(({ key }) => key === undefined || (!seen.has(key) && seen.add(key)));
}

function toListed(share: Share): Listed {
  const created = share.createdAt === undefined ? undefined : parseInstant(share.createdAt);
  return {
    ...(share.key !== undefined && { fingerprint: fingerprintOf(share.key) }),
    removed: share.removed,
    since: parseInstant(share.validSince ?? "")?.epochMs ?? -Infinity,
    to: parseInstant(share.validTo ?? "")?.epochMs ?? Infinity,
    ...(share.readonly !== undefined && { readonly: share.readonly }),
    ...(created !== undefined && { createdAt: formatMicroseconds(created) }),
  };
}
