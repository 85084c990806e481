// Compares stacks and resources by organization, project and stack: two stacks of the same name in two projects, or of two
// organizations, are two. An older report, and an exported file, do not name the organization. Pure.
import { shareId } from "../../../lifecycle";
import type { DeclaredShare } from "../../collect/stack-state";
import type { LoadedState } from "../../collect/stacks";

/** A resource of a stack, in a state or in an earlier report. */
export interface ResourceName {
  readonly stack: string;
  readonly urn: string;
}

/** True for one stack under two names: with its organization, and without. */
export function isSameStack(one: string, other: string): boolean {
  return one === other || one.endsWith(`/${other}`) || other.endsWith(`/${one}`);
}

/** The URN has project and stack, and no organization. */
export function isSameResource(one: ResourceName, other: ResourceName): boolean {
  return one.urn === other.urn && isSameStack(one.stack, other.stack);
}

/**
 * Tells whether the audit has the state of a stack. An empty state has no URNs: then the name on the command line counts, which
 * may be `stack`, `organization/stack` or `organization/project/stack`. A question takes as long for one stack as for thousands.
 */
export function auditedStacks(states: readonly LoadedState[]): (stack: string) => boolean {
  const unknown = states.filter((loaded) => knownName(loaded) === undefined).map(({ source }) => source);
  const names = [...states.flatMap((loaded) => knownName(loaded) ?? []), ...unknown];
  const exact = new Set(names);
  const endings = new Set(names.flatMap(endingsOf));
  const short = new Set(unknown.filter((source) => source.split("/").length === 2));
  return (stack) => {
    const parts = stack.split("/");
    const isShort = parts.length > 1 && short.has(`${parts[0]}/${parts.at(-1)}`);
    return isShort || endings.has(stack) || endingsOf(stack).some((ending) => exact.has(ending));
  };
}

function knownName(loaded: LoadedState): string | undefined {
  return "state" in loaded ? loaded.state.stack : undefined;
}

/** `a/b/c`, `b/c` and `c`. */
function endingsOf(name: string): string[] {
  const parts = name.split("/");
  return parts.map((_part, index) => parts.slice(index).join("/"));
}

/** The shares of all states. A stack that the command line names twice declares its shares once. */
export function declaredShares(states: readonly LoadedState[]): DeclaredShare[] {
  const found = new Map<string, DeclaredShare[]>();
  for (const loaded of states) {
    for (const share of "state" in loaded ? loaded.state.shares : []) {
      const id = `${share.urn} ${shareId(share.sessionId, share.fingerprint)} ${share.managed} ${share.pendingDelete}`;
      const same = found.get(id) ?? [];
      if (!same.some(({ stack }) => isSameStack(stack, share.stack))) found.set(id, [...same, share]);
    }
  }
  return [...found.values()].flat();
}
