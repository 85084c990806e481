// Compares stacks and resources by organization, project and stack: two stacks of the same name in two projects, or of two
// organizations, are two. An older report, and an exported file, do not name the organization. Pure.
import { shareId } from "../../lifecycle";
import type { DeclaredShare } from "../collect/stack-state";
import type { LoadedState } from "../collect/stacks";

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

/** Whether the audit has the state of this stack. An empty state has no URNs: then the name on the command line counts. */
export function hasStack(states: readonly LoadedState[], stack: string): boolean {
  return states.some((loaded) => {
    const known = "state" in loaded ? loaded.state.stack : undefined;
    return known === undefined ? isNamed(loaded.source, stack) : isSameStack(known, stack);
  });
}

/** The command line may name a stack as `stack`, `organization/stack` or `organization/project/stack`. */
function isNamed(source: string, stack: string): boolean {
  const [organization = "", name = "", ...more] = source.split("/");
  const isShort = more.length === 0 && stack.startsWith(`${organization}/`) && stack.endsWith(`/${name}`);
  return isShort || isSameStack(source, stack);
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
