// The resource's operations, as an adapter calls them. Holds what one process must remember between calls (the run context,
// which shares are managed, what a refresh found); the operations decide.
import type { Client } from "../client/api";
import { FudoError, isFudoError } from "../client/errors";
import type { Clock } from "../time/clock";
import type { CallContext } from "./run/call-context";
import { KnownShares, type ReplacedShare } from "./run/known-shares";
import { createRunContext, type RunContext, type RunOptions } from "./run/run-context";
import { WarnedFacts } from "./run/warned-facts";
import { check } from "./operations/check";
import { createShare } from "./operations/create";
import { deleteShare, type DeletionOptions } from "./operations/delete";
import { announceReplacement, diff } from "./operations/diff";
import { assertOwnState, getShare, parseId, refreshShare } from "./operations/read";
import type { Checked, Created, Difference, ReadResult } from "./operations/results";
import { previewShare, previewUpdate } from "./operations/preview";
import { sealAsDeclared } from "./operations/seal";
import { updateShare } from "./operations/update";
import type { Settings } from "./settings";
import { parseInputs, type RawInputs } from "./share/inputs";
import { immutableInputs, stateOnlyInputs } from "./share/id";
import { shareText } from "./share/messages";
import { withInputs } from "./share/outputs";
import type { SessionShareOutputs } from "./share/schema";
import { holdsUnknown } from "./share/unknown";
import { earlierEnd, hasExpired, laterStart, type RecordedShare } from "./share/window";

export interface Lifecycle {
  check(olds: RawInputs, news: RawInputs): Checked;
  diff(id: string, olds: RecordedShare, news: RawInputs, call: CallContext): Difference;
  create(inputs: RawInputs, call: CallContext): Promise<Created>;
  /** What a create would return, with the mark for what only the create itself knows. Sends no request. */
  previewCreate(inputs: RawInputs, call: CallContext): Readonly<Record<string, unknown>>;
  /** `olds` are the recorded outputs; for `SessionShare.get` and import, nothing that names a share. */
  read(id: string, olds: RecordedShare, call: CallContext): Promise<ReadResult>;
  update(id: string, olds: RecordedShare, news: RawInputs, call: CallContext): Promise<SessionShareOutputs>;
  /** What an update would return, with the mark for what only the update itself knows. Sends no request. */
  previewUpdate(id: string, olds: RecordedShare, news: RawInputs): Readonly<Record<string, unknown>>;
  delete(id: string, olds: RecordedShare, call: CallContext): void;
  /** The client that the operations use, for the functions. Throws `config` where the settings do not suffice. */
  client(): Client;
}

export function createLifecycle(options: RunOptions): Lifecycle {
  const { settings, clock, flags } = options;
  const known = new KnownShares();
  const warned = new WarnedFacts(settings);
  const changedByRefresh = new Set<string>();
  let context: RunContext | undefined;
  const run = () => (context ??= createRunContext(options, known));
  const deletion = () => {
    // The earlier of the two clocks, as far as this run knows them: a link must not count as expired too early.
    const now = clock.now() + (context?.lists.clockBehind() ?? 0);
    return { settings, now, abandonLive: flags.abandonLive };
  };
  // The file is read in the preview, so that a run does not fail in the middle. Once, because check is called for each share.
  let withFiles: Settings | undefined;
  const withFileProblems = () =>
    (withFiles ??= { ...settings, problems: [...settings.problems, ...fileProblems(settings)] });
  const memory = { settings, clock, known, warned, changedByRefresh, run, deletion };

  return {
    check: (olds, news) => check(olds, news, { settings: withFileProblems(), now: clock.now() }),
    diff: (id, olds, news, call) => diffOnce(memory, id, olds, news, call),
    create: async (inputs, call) => {
      announceForcedReplacement(memory, inputs, call);
      return createShare(inputs, run(), call);
    },
    previewCreate: (inputs, call) => {
      announceForcedReplacement(memory, inputs, call);
      return previewShare(inputs);
    },
    read: (id, olds, call) => readOrRefresh(memory, id, olds, call),
    update: async (id, olds, news, call) => {
      meetState(known, id);
      return updateShare(id, olds, news, { settings, clock, run }, call);
    },
    previewUpdate: (id, olds, news) => {
      meetState(known, id);
      return previewUpdate(olds, news, settings);
    },
    delete: (id, olds, call) => deleteUnlessTakenOver(memory, id, olds, call),
    client: () => run().client,
  };
}

function fileProblems({ tls: { caCertificate } }: Settings): string[] {
  if (caCertificate === undefined) return [];
  // Loaded here because most stacks have no such setting.
  const { readCaCertificates } =
    require("../client/tls/ca-certificates") as typeof import("../client/tls/ca-certificates");
  try {
    readCaCertificates(caCertificate);
    return [];
  } catch (error) {
    if (!isFudoError(error)) throw error;
    return [error.message];
  }
}

/** What the operations of one process share. */
interface Memory {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly known: KnownShares;
  readonly warned: WarnedFacts;
  readonly changedByRefresh: Set<string>;
  readonly run: () => RunContext;
  readonly deletion: () => DeletionOptions;
}

function diffOnce(memory: Memory, id: string, olds: RecordedShare, news: RawInputs, call: CallContext): Difference {
  const { known, warned, changedByRefresh } = memory;
  const options = memory.deletion();
  // Engine: a refresh shows an update only if the diff that follows the read of the same ID reports changes.
  if (changedByRefresh.delete(id)) return { changes: true, properties: {} };
  assertOwnState(id);
  if (known.isTakenOver(id)) throw managedTwice(id);
  warned.warnOfOrigin(id, olds, options.now, call);
  const difference = diff(id, olds, news, options, call);
  if (Object.values(difference.properties).includes("replace")) recordReplaced(memory, id, olds, news);
  else if (difference.changes) known.meetUpdated(id, olds, news);
  else known.meetManaged(id);
  return difference;
}

function recordReplaced({ known, warned }: Memory, id: string, olds: RecordedShare, news: RawInputs): void {
  warned.addReplaced(id);
  known.meetReplaced(replacedShare(id, olds), news);
}

function meetState(known: KnownShares, id: string): void {
  assertOwnState(id);
  known.meet(id);
}

function deleteUnlessTakenOver(memory: Memory, id: string, olds: RecordedShare, call: CallContext): void {
  const { known, warned, deletion } = memory;
  meetState(known, id);
  // The resource that replaces this one has taken over the same share, so the link stays managed.
  if (!known.isTakenOver(id)) deleteShare(id, olds, { ...deletion(), announced: warned.hasReplaced(id) }, call);
}

/** The rules of a replacement, for one that diff has not seen: `replaceOnChanges` turns an update into it. */
function announceForcedReplacement(memory: Memory, inputs: RawInputs, call: CallContext): void {
  const updated = memory.known.updatedWith(inputs);
  if (updated === undefined) return;
  const { id, olds } = updated;
  announceReplacement(id, olds, inputs, memory.deletion(), call);
  recordReplaced(memory, id, olds, inputs);
}

async function readOrRefresh(memory: Memory, id: string, olds: RecordedShare, call: CallContext): Promise<ReadResult> {
  const { settings, clock, known, warned, changedByRefresh, run } = memory;
  if (isState(olds)) assertOwnState(id);
  parseId(id);
  known.meet(id);
  if (!isRecorded(olds)) {
    const declared = { labels: {}, ...olds, recipients: givenRecipients(olds) };
    const { outputs, inputs } = await getShare(id, run(), call);
    return { outputs: await foundOutputs(outputs, declared, settings), inputs };
  }
  const { outputs, changed } = await refreshShare(id, olds, run, clock.now(), call);
  if (changed) changedByRefresh.add(id);
  if (!hasExpired(olds, clock.now())) warned.addOrigin(outputs);
  return { outputs };
}

/** What a `get` returns. Engine: in a preview it can pass recipients that are not known yet. */
async function foundOutputs(
  outputs: SessionShareOutputs,
  declared: RawInputs,
  settings: Settings,
): Promise<SessionShareOutputs> {
  if (holdsUnknown(declared["recipients"])) return previewUpdate(outputs, declared, settings) as SessionShareOutputs;
  return sealAsDeclared(withInputs(outputs, declared, settings), settings);
}

function replacedShare(id: string, olds: RecordedShare): ReplacedShare {
  const announced = olds.removed === true || olds.missing === true;
  return { id, announced, since: laterStart(olds), end: earlierEnd(olds) };
}

function managedTwice(id: string): FudoError {
  return new FudoError(
    "refused",
    `${shareText(id)} is managed by two resources: one in the state, and one that took it over in this run (FUDO_RECOVER). ` +
      "Remove one of the two declarations, or run `pulumi state delete` for one of them.",
  );
}

/** False for `get` and import, which pass inputs at most. */
function isState(olds: RecordedShare): boolean {
  const inputs: readonly string[] = [...immutableInputs, ...stateOnlyInputs];
  return Object.keys(olds).some((name) => !inputs.includes(name));
}

// Engine: `get` and refresh are the same call. Only a recorded share has a fingerprint; a sealed one has no key.
function isRecorded(olds: RecordedShare): olds is SessionShareOutputs {
  return olds.fingerprint !== undefined;
}

/** The recipients that a `get` passes. No check has seen them. */
function givenRecipients({ recipients }: RecordedShare): unknown {
  const { inputs, failures } = parseInputs({ recipients });
  if (failures.length === 0) return inputs["recipients"];
  throw new FudoError("rejected", failures.map(({ reason }) => reason).join("; "));
}
