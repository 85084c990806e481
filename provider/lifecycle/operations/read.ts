// read: records what a valid list says about a share. Anything else is an error, never "gone": the engine would then create the
// share again. Absence from a list alone proves nothing.
import { FudoError } from "../../client/errors";
import type { Share } from "../../client/api";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { idShape } from "../share/id";
import {
  absenceUnclear,
  foreignLink,
  listedElsewhere,
  listedWarnings,
  liveAgain,
  movedHere,
  notListedYet,
  recurringWarning,
  removalUnclear,
  sealingWarnings,
  shareText,
  windowDiffers,
} from "../share/messages";
import { opened, outputsOf, withListed, withMissing } from "../share/outputs";
import type { SessionShareInputs, SessionShareOutputs } from "../share/schema";
import { absenceCounts, mayBeRemoved } from "../share/status";
import { earlierEnd, hasExpired, laterStart, millisecondsOf, type RecordedShare } from "../share/window";
import { listedSharesText } from "./listed-shares";
import type { KeyedShare } from "./recover";
import type { ReadResult } from "./results";
import { sealAsDeclared } from "./seal";

/** What a refresh found. */
export interface Refreshed extends ReadResult {
  /** True where `removed`, `missing` or `appliance` changed: the refresh must show it once. */
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

/** Throws `rejected` for a state that no SessionShare has written: an alias onto another provider's resource, for example. */
export function assertOwnState(id: string): void {
  if (idShape.test(id)) return;
  throw new FudoError(
    "rejected",
    "the state of this resource comes from another provider, because its ID is not <sessionId>/<fingerprint>: remove the " +
      "alias, or declare `adopt` with the fingerprint of an existing share",
  );
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
  context.lists.reportProblems(sessionId, list, call.warn);
  const listed = findListed(list, id, fingerprint);
  return listed === undefined
    ? keepUnlisted(id, olds, list, context, call)
    : recordListed(id, olds, listed, context, call);
}

/** `SessionShare.get` and import: always sends a request. Throws `not-found` where the list does not show the share. */
export async function getShare(id: string, run: RunContext, call: CallContext): Promise<Required<ReadResult>> {
  const { sessionId, fingerprint } = parseId(id);
  const list = await run.lists.fetch(sessionId, call.signal);
  run.lists.reportProblems(sessionId, list, call.warn);
  const listed = findListed(list, id, fingerprint);
  if (listed === undefined) throw notFound(id, list);
  const [since, to] = [millisecondsOf(listed.validSince), millisecondsOf(listed.validTo)];
  if (since === undefined || to === undefined || listed.readonly === undefined) {
    throw new FudoError("protocol", `${shareText(id)}: the appliance does not list its window and mode`);
  }
  if (!Number.isFinite(to - since)) {
    throw new FudoError("refused", `${shareText(id)} has no start or no end, and a SessionShare needs both`);
  }
  const found: SessionShareInputs = { sessionId, readonly: listed.readonly, labels: {} };
  const outputs = outputsOf(found, { since, to }, listed.key, listed, run.settings);
  listedWarnings(id, outputs, listed).forEach((warning) => call.warn(warning));
  const { validSince, validTo } = outputs;
  return { outputs, inputs: { ...found, validSince, validTo } };
}

function notFound(id: string, list: ValidList): FudoError {
  const unclear = whyUnclear(list);
  if (unclear !== undefined) {
    return new FudoError("protocol", `${shareText(id)}: the session's list does not show it, but ${unclear}`);
  }
  const [why, shown] = list.sessionFound
    ? ["the session's list does not show it", ` ${listedSharesText(list)}.`]
    : ["the appliance shows no such session", ""];
  return new FudoError(
    "not-found",
    `${shareText(id)}: ${why} to this API user. Check the ID, and that the API user may view the session.${shown}`,
  );
}

/** Why a share that the list does not show may exist all the same. `undefined` where the list is clear. */
export function whyUnclear({ shares, provesAbsence }: ValidList): string | undefined {
  if (shares.some(({ key }) => key === undefined)) {
    return "the list has an entry without a readable key, which may be this share";
  }
  return provesAbsence ? undefined : "the response is no proof that the share is gone";
}

/** Throws `protocol` where two keys have this fingerprint. */
export function findListed(list: ValidList, id: string, fingerprint: string): KeyedShare | undefined {
  const [listed, other] = list.byFingerprint(fingerprint);
  if (other === undefined) return listed?.key === undefined ? undefined : { ...listed, key: listed.key };
  throw new FudoError("protocol", `${shareText(id)}: two keys in the list have its fingerprint`);
}

async function recordListed(
  id: string,
  olds: SessionShareOutputs,
  listed: KeyedShare,
  run: RunContext,
  call: CallContext,
): Promise<Refreshed> {
  const key = typeof olds.key === "string" ? olds.key : listed.key;
  const read = { ...withListed(olds, listed), appliance: run.client.origin };
  const outputs = await sealAsDeclared(opened(read, key, listed, run.settings), run.settings);
  const isMoved = recordedOrigin(olds, run) !== run.client.origin;
  if (isMoved) call.warn(movedHere(id, olds.appliance, run.client.origin));
  const isOtherWindow = outputs.grantedTo !== olds.grantedTo || outputs.grantedSince !== olds.grantedSince;
  const warnings = [
    statusWarning(id, olds, outputs, listed, run),
    isOtherWindow ? windowDiffers(id, outputs) : undefined,
    foreignLink(id, key, listed),
    ...sealingWarnings(id, olds, outputs, run.clock.now()),
  ];
  warnings.forEach((warning) => warning !== undefined && call.warn(warning));
  return { outputs, changed: isMoved || outputs.removed !== olds.removed || outputs.missing !== olds.missing };
}

function statusWarning(
  id: string,
  olds: SessionShareOutputs,
  outputs: SessionShareOutputs,
  listed: Share,
  { clock }: RunContext,
): string | undefined {
  if (!listed.removed && olds.removed && mayBeRemoved(listed)) return removalUnclear(id);
  const was = olds.removed ? "removed" : olds.missing ? "missing" : undefined;
  if (was !== undefined && !outputs.removed) return liveAgain(id, was, outputs, clock.now());
  return recurringWarning(id, outputs, clock.now());
}

function keepUnlisted(
  id: string,
  olds: SessionShareOutputs,
  list: ValidList,
  run: RunContext,
  call: CallContext,
): Refreshed {
  const isNewlyMissing = provesMissing(olds, list, run);
  const outputs: SessionShareOutputs = isNewlyMissing ? withMissing(olds) : olds;
  const warning = recurringWarning(id, outputs, run.clock.now()) ?? unlistedWarning(id, olds, list, run);
  if (warning !== undefined) call.warn(warning);
  return { outputs, changed: isNewlyMissing };
}

function provesMissing(olds: SessionShareOutputs, list: ValidList, run: RunContext): boolean {
  if (olds.removed || olds.missing || recordedOrigin(olds, run) !== run.client.origin) return false;
  if (whyUnclear(list) !== undefined) return false;
  const facts = { createdAt: millisecondsOf(olds.createdAt), since: laterStart(olds), to: earlierEnd(olds) };
  return absenceCounts(facts, list.applianceTime);
}

/** Why a share that is neither listed nor known to be removed or missing stays as it is. */
function unlistedWarning(id: string, olds: SessionShareOutputs, list: ValidList, run: RunContext): string | undefined {
  const recorded = recordedOrigin(olds, run);
  if (recorded !== run.client.origin) return listedElsewhere(id, recorded, run.client.origin);
  const unclear = whyUnclear(list);
  if (unclear !== undefined) return absenceUnclear(id, unclear);
  return olds.createdAt === undefined ? notListedYet(id) : undefined;
}

/** A state without an origin belongs to the configured appliance. */
function recordedOrigin({ appliance }: RecordedShare, { client }: RunContext): string {
  return appliance || client.origin;
}
