// adopt: at creation take over exactly the share that the program names, or refuse; never a POST.
import { FudoError } from "../../client/errors";
import type { Share } from "../../client/api";
import type { Created } from "./create";
import { grantedOtherwise, naming } from "../share/messages";
import { outputsOf, type AskedWindow } from "../share/outputs";
import type { Run } from "../run/run-context";
import { shareId } from "../share/id";
import type { SessionShareInputs } from "../share/schema";
import { lengthOf, lengthText, millisecondsOf, minute } from "../share/window";

/** Throws `refused` where the share is not there, is removed, is owned already in this process, or does not fit. */
export async function adoptShare(inputs: SessionShareInputs & { readonly adopt: string }, run: Run): Promise<Created> {
  const { sessionId, adopt } = inputs;
  const id = shareId(sessionId, adopt);
  const refuse = (why: string) =>
    new FudoError(
      "refused",
      `refused to adopt ${naming(id)}: ${why}. Remove \`adopt\` to make a new one, or name another fingerprint.`,
    );

  const list = await run.lists.fresh(sessionId);
  const [listed, other] = list.byFingerprint(adopt);
  if (listed?.key === undefined) throw refuse("the session's list does not show it");
  if (other !== undefined) throw refuse("two shares have this fingerprint");
  if (listed.removed) throw refuse("it was removed on the appliance");
  const shown = { since: millisecondsOf(listed.validSince), to: millisecondsOf(listed.validTo) };
  const misfit = misfitOf(inputs, listed, shown);
  if (misfit !== undefined) throw refuse(misfit);
  if (run.owned.has(id) || !run.lists.claim(sessionId, listed.key))
    throw refuse("another resource of this program owns it");

  const outputs = outputsOf(inputs, adoptedWindow(inputs, shown), listed.key, listed, run.settings);
  return { id, outputs, notices: grantedOtherwise(id, outputs) };
}

interface ShownWindow {
  readonly since: number | undefined;
  readonly to: number | undefined;
}

// The list's window, but what is declared stays as declared (they are less than a minute apart): diff compares with
// these outputs, and an adopted share must not be replaced for some seconds.
function adoptedWindow(inputs: SessionShareInputs, shown: ShownWindow): AskedWindow {
  const since = millisecondsOf(inputs.validSince) ?? shown.since ?? NaN;
  const length = lengthOf(inputs.duration);
  const to = millisecondsOf(inputs.validTo) ?? (length !== undefined ? since + length : (shown.to ?? NaN));
  return { since, to };
}

/** Why the listed share is not the declared one; `undefined` where mode and window fit within a minute. */
function misfitOf(inputs: SessionShareInputs, listed: Share, window: ShownWindow): string | undefined {
  const { since, to } = window;
  if (since === undefined || to === undefined || listed.readonly === undefined)
    return "the appliance does not tell its window and mode";
  if (!Number.isFinite(to - since)) return "it has no end, or no start, which a SessionShare cannot have";
  if (listed.readonly !== inputs.readonly)
    return `it is ${listed.readonly ? "readonly" : "interactive"}, the program declares readonly: ${inputs.readonly}`;
  const apart = (declared: string | undefined, actual: number) =>
    Math.abs((millisecondsOf(declared) ?? actual) - actual);
  if (apart(inputs.validSince, since) >= minute)
    return `it begins at ${listed.validSince}, the program declares validSince ${inputs.validSince}`;
  if (apart(inputs.validTo, to) >= minute)
    return `it ends at ${listed.validTo}, the program declares validTo ${inputs.validTo}`;
  const length = lengthOf(inputs.duration);
  if (length !== undefined && Math.abs(to - since - length) >= minute) {
    return `its window is ${lengthText(to - since)} long, the program declares duration ${inputs.duration}`;
  }
  return undefined;
}
