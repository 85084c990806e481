// read: records what a valid list says about a share. Anything else is an error, never "gone": the engine would then create the
// share again. Absence from a list alone proves nothing.
import { FudoError } from "../../client/errors";
import type { Share } from "../../client/api";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { idShape } from "../share/id";
import { documentedLink, linkOf, publicUrlOf } from "../share/link";
import { listedElsewhere, liveAgain, recurringWarning, shareText, windowDiffers } from "../share/messages";
import { outputsOf, withListed } from "../share/outputs";
import type { SessionShareInputs, SessionShareOutputs } from "../share/schema";
import { absenceCounts } from "../share/status";
import { earlierEnd, hasExpired, laterStart, millisecondsOf } from "../share/window";
import type { ReadResult } from "./results";

/** What a refresh found. */
export interface Refreshed extends ReadResult {
  /** True where `removed` or `missing` came or went: the refresh must show it once. */
  readonly changed: boolean;
}

/** The two parts of a resource ID. Throws `rejected` before any request, without the value: it may be a link. */
export function parseId(id: string): { sessionId: string; fingerprint: string } {
  const [, sessionId, fingerprint] = idShape.exec(id) ?? [];
  if (sessionId === undefined || fingerprint === undefined) {
    throw new FudoError(
      "rejected",
      "a SessionShare ID has the form <sessionId>/<fingerprint>: decimal digits, a slash, 16 hex digits (for example 4665729213955833860/0123456789abcdef)",
    );
  }
  return { sessionId, fingerprint };
}

/** Refresh of a share that the state holds. An expired share is kept unchanged, without a request. */
export async function refreshShare(
  id: string,
  olds: SessionShareOutputs,
  run: () => RunContext,
  now: number,
  call: CallContext,
): Promise<Refreshed> {
  const { sessionId, fingerprint } = parseId(id);
  if (hasExpired(olds, now)) return { outputs: olds, changed: false };
  const context = run();
  const list = await context.lists.coalesced(sessionId, call.signal);
  const listed = find(list, id, fingerprint);
  return listed === undefined
    ? keepUnlisted(id, olds, list, context, call)
    : recordListed(id, olds, listed, context, call);
}

/** `SessionShare.get` and import: always sends a request. Throws `not-found` where the list does not show the share. */
export async function getShare(id: string, run: RunContext, call: CallContext): Promise<Required<ReadResult>> {
  const { sessionId, fingerprint } = parseId(id);
  const list = await run.lists.fetch(sessionId, call.signal);
  const listed = find(list, id, fingerprint);
  if (listed?.key === undefined) throw notFound(id, list);
  const [since, to] = [millisecondsOf(listed.validSince), millisecondsOf(listed.validTo)];
  if (since === undefined || to === undefined || listed.readonly === undefined) {
    throw new FudoError("protocol", `${shareText(id)}: the appliance does not list its window and mode`);
  }
  if (!Number.isFinite(to - since)) {
    throw new FudoError("refused", `${shareText(id)} has no start or no end, and a SessionShare needs both`);
  }
  const found: SessionShareInputs = { sessionId, readonly: listed.readonly, labels: {} };
  const outputs = outputsOf(found, { since, to }, listed.key, listed, run.settings);
  const { validSince, validTo } = outputs;
  return { outputs, inputs: { ...found, validSince, validTo } };
}

function notFound(id: string, { sessionFound }: ValidList): FudoError {
  const why = sessionFound ? "the session's list does not show it" : "the appliance shows no such session";
  return new FudoError(
    "not-found",
    `${shareText(id)}: ${why} to this API user. Check the ID, and that the API user may view the session.`,
  );
}

function find(list: ValidList, id: string, fingerprint: string): Share | undefined {
  const [listed, other] = list.byFingerprint(fingerprint);
  if (other !== undefined)
    throw new FudoError("protocol", `${shareText(id)}: two keys in the list have its fingerprint`);
  if (listed === undefined && list.shares.some(({ key }) => key === undefined)) {
    throw new FudoError(
      "protocol",
      `${shareText(id)}: the session's list does not show it, but the list has an entry without a key, which may be this share`,
    );
  }
  return listed;
}

function recordListed(
  id: string,
  olds: SessionShareOutputs,
  listed: Share,
  run: RunContext,
  call: CallContext,
): Refreshed {
  const read = withListed(olds, listed);
  // Appliance: `link` is documented as expensive, so a list without it does not take the recorded link away.
  const link = linkOf(listed.link, olds.link ?? documentedLink(read.sessionId, read.key));
  const moved = { ...read, link, appliance: run.client.origin };
  const outputs = { ...moved, url: publicUrlOf(moved, run.settings) ?? moved.url };
  const was = olds.removed ? "removed" : olds.missing ? "missing" : undefined;
  if (was !== undefined && !outputs.removed) call.warn(liveAgain(id, was, outputs, run.clock.now()));
  else warnAgain(id, outputs, run, call);
  const isOtherWindow = outputs.grantedTo !== olds.grantedTo || outputs.grantedSince !== olds.grantedSince;
  const warning = isOtherWindow ? windowDiffers(id, outputs) : undefined;
  if (warning !== undefined) call.warn(warning);
  return { outputs, changed: outputs.removed !== olds.removed || outputs.missing !== olds.missing };
}

function keepUnlisted(
  id: string,
  olds: SessionShareOutputs,
  list: ValidList,
  run: RunContext,
  call: CallContext,
): Refreshed {
  const { appliance = run.client.origin } = olds as Partial<SessionShareOutputs>;
  if (appliance !== run.client.origin) {
    call.warn(listedElsewhere(id, appliance, run.client.origin));
    return { outputs: olds, changed: false };
  }
  const counts = absenceCounts({ since: laterStart(olds), to: earlierEnd(olds) }, list.applianceTime);
  const isNewlyMissing = counts && !olds.removed && !olds.missing;
  const outputs: SessionShareOutputs = isNewlyMissing ? { ...olds, missing: true } : olds;
  warnAgain(id, outputs, run, call);
  return { outputs, changed: isNewlyMissing };
}

function warnAgain(id: string, outputs: SessionShareOutputs, run: RunContext, call: CallContext): void {
  const warning = recurringWarning(id, outputs, run.clock.now());
  if (warning !== undefined) call.warn(warning);
}
