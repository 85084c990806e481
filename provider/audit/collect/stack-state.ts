// Reads the shares of a stack from the JSON that `pulumi stack export` prints. No passphrase is needed: a share's ID
// contains session and fingerprint. What cannot be read is a problem of the state and never hides the rest.
import { parseInstant } from "../../time/instants";
import { readDeclaredShare, type DeclaredShare } from "./declared-share";
import { readPendingCreates, type PendingCreate } from "./pending-creates";
import { isNamed, list, object, shareEvidence, urnOf, urnParts, type Json } from "./state-json";

export type { DeclaredShare } from "./declared-share";
export type { PendingCreate } from "./pending-creates";

export interface StackState {
  /** `organization/project/stack`, or `project/stack` when the organization is not known; absent for an empty state. */
  readonly stack?: string;
  /** When the engine wrote the state, milliseconds. */
  readonly writtenAt?: number;
  readonly shares: readonly DeclaredShare[];
  readonly pendingCreates: readonly PendingCreate[];
  /** Everything in the state that cannot be read: one sentence each, without a full stop. */
  readonly problems: readonly string[];
}

/** Deployments of other versions have another structure. */
const knownVersions: readonly unknown[] = [3, 4];

/** Reads the JSON of `pulumi stack export`, parsed; `undefined` for any other value. */
export function readState(json: unknown, organization?: string): StackState | undefined {
  const exported = object(json);
  if (exported === undefined || !("deployment" in exported)) return undefined;
  const deployment = object(exported["deployment"]) ?? {};
  const nameOf = (stack: string) => (organization === undefined ? stack : `${organization}/${stack}`);
  const writtenAt = writtenAtOf(deployment);
  const resources = readResources(deployment["resources"], nameOf);
  const pending = readPendingCreates(deployment["pending_operations"], nameOf, writtenAt);
  const stack = resources.stack ?? pending.creates[0]?.stack;
  return {
    ...(stack !== undefined && { stack }),
    ...(writtenAt !== undefined && { writtenAt }),
    shares: resources.shares,
    pendingCreates: pending.creates,
    problems: [...deploymentProblems(exported), ...resources.problems, ...pending.problems],
  };
}

function deploymentProblems({ version, deployment }: Json): string[] {
  return [
    ...(object(deployment) === undefined ? ["its deployment is not an object"] : []),
    ...(isOtherStructure(object(deployment)) ? ["its deployment has no manifest and no resources"] : []),
    ...(knownVersions.includes(version)
      ? []
      : ["it is not a deployment of version 3 or 4, so the audit may have missed shares in it"]),
  ];
}

// Engine: the deployment of an empty stack has a manifest.
function isOtherStructure(deployment: Json | undefined): boolean {
  return deployment !== undefined && !("manifest" in deployment) && !("resources" in deployment);
}

interface Resources {
  readonly stack?: string;
  readonly shares: readonly DeclaredShare[];
  readonly problems: readonly string[];
}

function readResources(value: unknown, nameOf: (stack: string) => string): Resources {
  const entries = list(value);
  if (entries === undefined) return { shares: [], problems: ["its resources are not a list"] };
  const resources = entries.map(object).filter((entry) => entry !== undefined);
  const missing = entries.length - resources.filter(isNamed).length;
  const problems = missing > 0 ? [`${missing} of its resources cannot be read`] : [];
  const name = resources.map((resource) => urnParts(urnOf(resource))?.stack).find((stack) => stack !== undefined);
  const shares: DeclaredShare[] = [];
  for (const resource of resources) {
    const { byType, byUrn } = shareEvidence(resource);
    if (!byType && !byUrn) continue;
    const { share, problems: own } = readDeclaredShare(resource, nameOf);
    if (share !== undefined) shares.push(share);
    if (byType !== byUrn) own.push("its type and its URN disagree on whether it is a share");
    if (byUrn && urnParts(urnOf(resource))?.stack !== name) own.push("its URN names another stack");
    problems.push(...own.map((problem) => `resource ${urnOf(resource) || "without a URN"}: ${problem}`));
  }
  return { ...(name !== undefined && { stack: nameOf(name) }), shares, problems };
}

function writtenAtOf(deployment: Json): number | undefined {
  const time = object(deployment["manifest"])?.["time"];
  const written = typeof time === "string" ? parseInstant(time)?.epochMs : undefined;
  return written !== undefined && Number.isFinite(written) ? written : undefined;
}
