// adopt: takes over exactly the share that the program names, or refuses. Never sends a POST.
import { FudoError } from "../../client/errors";
import type { Share } from "../../client/api";
import { formatMilliseconds } from "../../time/instants";
import type { CallContext } from "../run/call-context";
import type { RunContext } from "../run/run-context";
import type { ValidList } from "../run/share-lists";
import { shareId } from "../share/id";
import { listedWarnings, shareText } from "../share/messages";
import { outputsOf } from "../share/outputs";
import type { SessionShareInputs } from "../share/schema";
import { mayBeRemoved } from "../share/status";
import { lengthText } from "../share/times";
import { lengthOf, millisecondsOf, minute } from "../share/window";
import { whyUnclear } from "./read";
import type { OpenCreated } from "./results";

/** Throws `refused` where the share is not listed, is removed, does not match, or is managed already in this process. */
export async function adoptShare(
  inputs: SessionShareInputs & { readonly adopt: string },
  run: RunContext,
  call: CallContext,
): Promise<OpenCreated> {
  const { sessionId, adopt } = inputs;
  const id = shareId(sessionId, adopt);
  const list = await run.lists.fetch(sessionId, call.signal);
  run.lists.reportProblems(sessionId, list, call.warn);
  const [listed, other] = list.byFingerprint(adopt);
  if (listed?.key === undefined) throw refused(id, notListed(list));
  if (other !== undefined) throw refused(id, "two shares have this fingerprint");
  if (listed.removed) throw refused(id, "it was removed on the appliance");
  if (mayBeRemoved(listed)) throw refused(id, "its `removed` cannot be read, so it may be removed");
  const window = { since: millisecondsOf(listed.validSince), to: millisecondsOf(listed.validTo) };
  const mismatch = mismatchOf(inputs, listed, window);
  if (mismatch !== undefined) throw refused(id, mismatch, ", or declare the window and the mode of this share");
  if (run.known.isManaged(id) || !run.lists.manage(sessionId, listed.key)) {
    throw refused(id, "another resource of this program manages it");
  }
  const outputs = outputsOf(inputs, adoptedWindow(inputs, window), listed.key, listed, run.settings);
  listedWarnings(id, outputs, listed).forEach((warning) => call.warn(warning));
  return { id, outputs };
}

function notListed(list: ValidList): string {
  const unclear = whyUnclear(list);
  return `the session's list does not show it${unclear === undefined ? "" : `, but ${unclear}`}`;
}

function refused(id: string, why: string, otherwise = ", or name another fingerprint"): FudoError {
  return new FudoError(
    "refused",
    `refused to adopt ${shareText(id)}: ${why}. Remove \`adopt\` to create a new share${otherwise}.`,
  );
}

interface ListedWindow {
  readonly since: number | undefined;
  readonly to: number | undefined;
}

// The listed window, but a declared end stays as declared (they differ by less than a minute): diff compares with these
// outputs, and a difference of seconds must not replace an adopted share.
function adoptedWindow(inputs: SessionShareInputs, listed: ListedWindow): { since: number; to: number } {
  const since = millisecondsOf(inputs.validSince) ?? listed.since ?? NaN;
  const length = lengthOf(inputs.duration);
  const to = millisecondsOf(inputs.validTo) ?? (length !== undefined ? since + length : (listed.to ?? NaN));
  return { since, to };
}

/** Why the listed share is not the declared one. `undefined` where the mode is equal and the window matches to a minute. */
export function mismatchOf(inputs: SessionShareInputs, listed: Share, { since, to }: ListedWindow): string | undefined {
  if (since === undefined || to === undefined || listed.readonly === undefined) {
    return "the appliance does not list its window and mode";
  }
  if (!Number.isFinite(to - since)) return "it has no start or no end, and a SessionShare needs both";
  if (listed.readonly !== inputs.readonly) {
    return `it is ${listed.readonly ? "readonly" : "interactive"}, the program declares readonly: ${inputs.readonly}`;
  }
  const apart = (declared: string | undefined, actual: number) =>
    Math.abs((millisecondsOf(declared) ?? actual) - actual);
  if (apart(inputs.validSince, since) >= minute) {
    return `it starts at ${formatMilliseconds(since)}, the program declares validSince ${inputs.validSince}`;
  }
  if (apart(inputs.validTo, to) >= minute) {
    return `it ends at ${formatMilliseconds(to)}, the program declares validTo ${inputs.validTo}`;
  }
  const length = lengthOf(inputs.duration);
  if (length !== undefined && Math.abs(to - since - length) >= minute) {
    return `its window is ${lengthText(to - since)} long, the program declares duration ${inputs.duration}`;
  }
  return undefined;
}
