// read: what a good list says of a share. Anything but a good list is an error, never "gone", and absence alone proves
// nothing: a share is never reported as gone to the engine, so it is never granted again by itself.
import { FudoError } from "../../client/errors";
import type { Share } from "../../client/api";
import { documentedLink, linkOf, publicUrlOf } from "../share/link";
import { grantedOtherwise, movedAway, naming, standingNotice, worksAgain } from "../share/messages";
import { outputsOf, withListed } from "../share/outputs";
import type { Run } from "../run/run-context";
import type { Listed } from "../run/share-lists";
import { idShape } from "../share/id";
import type { SessionShareOutputs } from "../share/schema";
import { earlierEnd, hasEnded, laterStart, millisecondsOf, minute } from "../share/window";

export interface ReadShare {
  readonly outputs: SessionShareOutputs;
  readonly notices: readonly string[];
  /** True where `removed` or `missing` came or went: what a refresh has to show, once. */
  readonly found: boolean;
}

const margin = 5 * minute;

/** The two parts of a resource ID. Throws `rejected` before any call; the value is not repeated: it may be a link. */
export function parseId(id: string): { sessionId: string; fingerprint: string } {
  const [, sessionId, fingerprint] = idShape.exec(id) ?? [];
  if (sessionId === undefined || fingerprint === undefined) {
    throw new FudoError(
      "rejected",
      "a SessionShare's ID must be <sessionId>/<fingerprint>: decimal digits, a slash, 16 hex digits (for example 4665729213955833860/0123456789abcdef)",
    );
  }
  return { sessionId, fingerprint };
}

/** Refresh of a share that the state holds. Ended shares are kept as they are, without a call. */
export async function readShare(
  id: string,
  olds: SessionShareOutputs,
  run: () => Run,
  now: number,
): Promise<ReadShare> {
  const { sessionId, fingerprint } = parseId(id);
  if (hasEnded(olds, now)) return { outputs: olds, notices: [], found: false };
  const active = run();
  const list = await active.lists.shared(sessionId);
  const listed = find(list, id, fingerprint);
  return listed === undefined ? notListed(id, olds, list, active) : nowListed(id, olds, listed, active);
}

/** `SessionShare.get`: always looks. Throws `not-found` where the list does not show the share. */
export async function getShare(id: string, run: Run): Promise<ReadShare> {
  const { sessionId, fingerprint } = parseId(id);
  const list = await run.lists.fresh(sessionId);
  const listed = find(list, id, fingerprint);
  if (listed?.key === undefined) {
    const why = list.sessionFound ? "the session's list does not show it" : "the appliance shows no such session";
    throw new FudoError(
      "not-found",
      `${naming(id)}: ${why} to this API user. Check the ID, and that the user behind the API key may see the session.`,
    );
  }
  const [since, to] = [millisecondsOf(listed.validSince), millisecondsOf(listed.validTo)];
  if (since === undefined || to === undefined || listed.readonly === undefined) {
    throw new FudoError("protocol", `${naming(id)}: the appliance does not tell its window and mode`);
  }
  if (!Number.isFinite(to - since))
    throw new FudoError("refused", `${naming(id)} has no end, or no start, which a SessionShare cannot have`);
  const inputs = { sessionId, readonly: listed.readonly, labels: {} };
  const outputs = outputsOf(inputs, { since, to }, listed.key, listed, run.settings);
  return { outputs, notices: [], found: false };
}

function find(list: Listed, id: string, fingerprint: string): Share | undefined {
  const [listed, other] = list.byFingerprint(fingerprint);
  if (other !== undefined) throw new FudoError("protocol", `${naming(id)}: two keys in the list have its fingerprint`);
  if (listed === undefined && list.shares.some(({ key }) => key === undefined)) {
    throw new FudoError(
      "protocol",
      `${naming(id)}: it is not in the session's list, but an entry there has no key and could be it`,
    );
  }
  return listed;
}

function nowListed(id: string, olds: SessionShareOutputs, listed: Share, run: Run): ReadShare {
  const read = withListed(olds, listed);
  // Appliance: `link` is documented as expensive: a list without it takes nothing back.
  const link = linkOf(listed.link, olds.link ?? documentedLink(read.sessionId, read.key));
  const moved = { ...read, link, appliance: run.client.origin };
  const outputs = { ...moved, url: publicUrlOf(moved, run.settings) ?? moved.url };
  const was = olds.removed ? "removed" : olds.missing ? "missing" : undefined;
  const again = was !== undefined && !outputs.removed;
  const news = outputs.grantedTo !== olds.grantedTo || outputs.grantedSince !== olds.grantedSince;
  return {
    outputs,
    found: outputs.removed !== olds.removed || outputs.missing !== olds.missing,
    notices: [
      ...(again ? [worksAgain(id, was, outputs, run.clock.now())] : standing(id, outputs, run)),
      ...(news ? grantedOtherwise(id, outputs) : []),
    ],
  };
}

function notListed(id: string, olds: SessionShareOutputs, list: Listed, run: Run): ReadShare {
  const kept = { outputs: olds, found: false };
  const { appliance = run.client.origin } = olds as Partial<SessionShareOutputs>;
  if (appliance !== run.client.origin) {
    return { ...kept, notices: [movedAway(id, appliance, run.client.origin)] };
  }
  // Ended and scheduled shares may be hidden, and clocks differ: absence counts only well inside the window.
  const counts = list.applianceTime >= laterStart(olds) + margin && list.applianceTime <= earlierEnd(olds) - margin;
  if (!counts || olds.removed || olds.missing) return { ...kept, notices: standing(id, olds, run) };
  const outputs: SessionShareOutputs = { ...olds, missing: true };
  return { outputs, found: true, notices: standing(id, outputs, run) };
}

function standing(id: string, outputs: SessionShareOutputs, run: Run): string[] {
  const notice = standingNotice(id, outputs, run.clock.now());
  return notice === undefined ? [] : [notice];
}
