// What to do about each kind of finding, in one or two sentences: the line to write, the command to run, the place in the
// admin panel. Pure.
import { formatMilliseconds } from "../client";
import { whereToRevoke } from "../lifecycle/notices";
import type { Kind } from "./kinds";
import type { Entry } from "./register";

/** The advice for one finding. Holds session, fingerprint and URN, never a credential. */
export function nextStep(kind: Kind, entry: Entry): string {
  return steps[kind](entry);
}

const steps: Readonly<Record<Kind, (entry: Entry) => string>> = {
  unmanaged: (entry) => `${end(entry)} ${adoption("To own it instead, declare it", entry)}`,
  abandoned: (entry) => `${end(entry)} ${adoption("To own it again, declare it", entry)}`,
  revived: (entry) => `${end(entry)} If it may stay, run \`pulumi refresh\` on its stack, so that the state says so.`,
  unidentified: (entry) => `Look at the shares of session ${entry.sessionId} in the admin panel, and end what nobody needs: ${whereToRevoke}.`,
  "granted-otherwise": (entry) => `If it is more than was wanted: ${end(entry)} Otherwise declare what the appliance grants.`,
  "too-long": (entry) => `${end(entry)} Then declare a shorter window: shortening the declaration alone does not end the old link.`,
  duplicate: () => "Keep one declaration. Take the others out of their states with `pulumi state delete URN`, which leaves the share as it is.",
  removed: (entry) => `If this was meant, take it out of the program of ${stacks(entry)}. To grant again: ${replace(entry)}`,
  missing: (entry) => `Look at session ${entry.sessionId} in the admin panel, and run \`pulumi refresh\` on ${stacks(entry)}. To grant again: ${replace(entry)}`,
  unlabelled: (entry) => `Add the labels in the program of ${stacks(entry)}: they change in the state alone, the share stays as it is.`,
  unreadable: (entry) => `Do not make these inputs secret in the program of ${stacks(entry)}: they open nothing.`,
  interactive: (entry) => `If looking is enough: ${end(entry)} Then declare it with \`readonly: true\`, which makes a new share.`,
};

function end({ sessionId, fingerprint }: Entry): string {
  return `To end share ${fingerprint ?? "?"} of session ${sessionId}: ${whereToRevoke}.`;
}

function adoption(purpose: string, { sessionId, fingerprint, since, to, listed, earlier }: Entry): string {
  if (!Number.isFinite(to)) return "A share without an end cannot be declared.";
  const instant = (name: string, ms: number | undefined) => (ms !== undefined && Number.isFinite(ms) ? `, ${name}: "${formatMilliseconds(ms)}"` : "");
  const readonly = listed?.readonly ?? earlier?.readonly ?? true;
  return `${purpose}: new SessionShare("…", { sessionId: "${sessionId}"${instant("validSince", since)}${instant("validTo", to)}, readonly: ${readonly}, adopt: "${fingerprint ?? ""}" })`;
}

function replace({ owners }: Entry): string {
  return owners.map(({ urn }) => `\`pulumi up --replace '${urn}'\``).join(", ");
}

function stacks({ owners }: Entry): string {
  return [...new Set(owners.map(({ stack }) => stack))].join(", ");
}
