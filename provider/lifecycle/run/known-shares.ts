// The shares that this process has met: which ones a resource manages, which ones a replacement replaces, and which ones a
// recovery took over. Lists show shares; only this knows whose they are.
import { isDeepStrictEqual } from "node:util";
import type { RawInputs } from "../share/inputs";
import type { RecordedShare } from "../share/window";

/** A share that a declaration of this run replaces, as the state knew it. */
export interface ReplacedShare {
  readonly id: string;
  /** The state knew that the share was removed or missing, so the preview has announced the new grant. */
  readonly announced: boolean;
  /** Start and end of its window, milliseconds: outside it, an appliance may hide the share. */
  readonly since: number;
  readonly end: number;
}

/** A share that diff has found changed and not replaced. */
export interface UpdatedShare {
  readonly id: string;
  readonly olds: RecordedShare;
}

export class KnownShares {
  private readonly met = new Set<string>();
  private readonly managed = new Set<string>();
  private readonly takenOver = new Set<string>();
  private readonly replaced = new Map<string, ReplacedShare>();
  private readonly updated = new Map<string, UpdatedShare & { readonly inputs: RawInputs }>();
  private readonly uncertain = new Set<string>();

  /** Records an ID that read, update or delete has received: the state holds it. */
  meet(id: string): void {
    this.met.add(id);
  }

  hasMet(id: string): boolean {
    return this.met.has(id);
  }

  /** Records that the share stays and is managed. */
  meetManaged(id: string): void {
    this.meet(id);
    this.managed.add(id);
  }

  /** Records that the declaration with these inputs replaces the share. Engine: the create does not get the old ID. */
  meetReplaced(replaced: ReplacedShare, inputs: RawInputs): void {
    this.meet(replaced.id);
    this.replaced.set(declarationKey(inputs), replaced);
  }

  /** Records that the declaration with these inputs updates the share, as far as diff knows. */
  meetUpdated(id: string, olds: RecordedShare, inputs: RawInputs): void {
    this.meetManaged(id);
    if (hasTag(inputs)) this.updated.set(declarationKey(inputs), { id, olds, inputs });
  }

  /**
   * The share that a create replaces although diff has found an update. Engine: `replaceOnChanges` turns an update into a
   * replacement, and the create gets the inputs that diff got.
   */
  updatedWith(inputs: RawInputs): UpdatedShare | undefined {
    const found = this.updated.get(declarationKey(inputs));
    return found !== undefined && isDeepStrictEqual(found.inputs, inputs) ? found : undefined;
  }

  /** True for a share of the state that stays. */
  isManaged(id: string): boolean {
    return this.managed.has(id);
  }

  /** Records a share that a create took over instead of a POST. */
  takeOver(id: string): void {
    this.takenOver.add(id);
  }

  isTakenOver(id: string): boolean {
    return this.takenOver.has(id);
  }

  /** The share that a declaration replaces. Absent for a new one, and under `--replace`, which calls no diff. */
  replacedBy(inputs: RawInputs): ReplacedShare | undefined {
    return this.replaced.get(declarationKey(inputs));
  }

  /**
   * Records that the outcome of this declaration's POST is not known. Without a tag nothing is recorded: other declarations
   * may have the same inputs, and their creates must not fail.
   */
  markUncertain(inputs: RawInputs): void {
    if (hasTag(inputs)) this.uncertain.add(declarationKey(inputs));
  }

  isUncertain(inputs: RawInputs): boolean {
    return hasTag(inputs) && this.uncertain.has(declarationKey(inputs));
  }
}

/** What identifies a declaration in this process: its tag, else its inputs (an older class sets no tag). */
function declarationKey(inputs: RawInputs): string {
  const { declarationTag, sessionId } = inputs;
  if (!hasTag(inputs)) return JSON.stringify(sorted(inputs));
  return `tag ${String(declarationTag)} of session ${String(sessionId)}`;
}

function hasTag({ declarationTag }: RawInputs): boolean {
  return typeof declarationTag === "number";
}

function sorted(inputs: RawInputs): [string, unknown][] {
  return Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
}
