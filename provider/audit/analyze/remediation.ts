// What to do about each kind of finding, in one or two sentences: the line to write, the command to run, the place in the
// admin panel. Pure.
import { formatMilliseconds } from "../../client";
import { whereToRevoke } from "../../lifecycle/share/messages";
import type { Kind } from "../model/finding-kinds";
import type { Entry } from "./inventory";

/** The advice for one finding, one way out each. Holds session, fingerprint and URN, never a credential. */
export function nextSteps(kind: Kind, entry: Entry): string[] {
  return steps[kind](entry).filter((step) => step !== "");
}

const end = `To end it: ${whereToRevoke}.`;

const steps: Readonly<Record<Kind, (entry: Entry) => string[]>> = {
  unmanaged: (entry) => [end, adoption("To own it instead", entry)],
  abandoned: (entry) => [end, adoption("To own it again", entry)],
  revived: (entry) => [
    end,
    entry.owners.length > 0 ? `If it may stay: \`pulumi refresh\` of ${stacks(entry)}, so that the state says so.` : "",
  ],
  unidentified: ({ sessionId }) => [
    `Look at the shares of session ${sessionId} in the admin panel, and end what nobody needs: ${whereToRevoke}.`,
  ],
  "granted-otherwise": () => [
    `If it is more than was wanted: ${whereToRevoke}.`,
    "Otherwise declare what the appliance grants.",
  ],
  "too-long": () => [end, "A shorter window in the declaration makes a new share, and does not end this one."],
  duplicate: () => [
    "Keep one declaration. `pulumi state delete URN` takes another out of its state and leaves the share as it is.",
  ],
  removed: (entry) => [`If this was meant, take it out of the program of ${stacks(entry)}.`, ...replacement(entry)],
  missing: (entry) => [
    `Look at the session in the admin panel, and run \`pulumi refresh\` of ${stacks(entry)}.`,
    ...replacement(entry),
  ],
  unlabelled: (entry) => [
    `Add it in the program of ${stacks(entry)}: labels change in the state alone, the share stays as it is.`,
  ],
  unreadable: (entry) => [`Do not make these inputs secret in the program of ${stacks(entry)}: they open nothing.`],
  interactive: () => ["If looking is enough, declare it with `readonly: true`: that makes a new share.", end],
};

function adoption(purpose: string, { sessionId, fingerprint, since, to, listed, earlier }: Entry): string {
  if (!Number.isFinite(to)) return "A share without an end cannot be declared.";
  const instant = (name: string, ms: number | undefined) =>
    ms !== undefined && Number.isFinite(ms) ? `, ${name}: "${formatMilliseconds(ms)}"` : "";
  const readonly = listed?.readonly ?? earlier?.readonly ?? true;
  return `${purpose}: new SessionShare("…", { sessionId: "${sessionId}"${instant("validSince", since)}${instant("validTo", to)}, readonly: ${readonly}, adopt: "${fingerprint ?? ""}" })`;
}

function replacement({ owners }: Entry): string[] {
  return owners.map(({ urn }) => `To grant again: pulumi up --replace '${urn}'`);
}

function stacks({ owners }: Entry): string {
  return [...new Set(owners.map(({ stack }) => stack))].join(", ");
}
