// The resource's operations in the engine's words. What one process must remember between them (one client, turns,
// lists, what a refresh found) lives here; every decision is in the file named after its operation.
import { check, type Checked } from "./operations/check";
import { createShare, type Created } from "./operations/create";
import { deleteShare } from "./operations/delete";
import { diff, noDifference, type Difference } from "./operations/diff";
import type { RawInputs } from "./share/inputs";
import { withInputs } from "./share/outputs";
import { getShare, parseId, readShare } from "./operations/read";
import { startRun, type Run, type RunOptions } from "./run/run-context";
import type { SessionShareInputs, SessionShareOutputs } from "./share/schema";
import type { RecordedShare } from "./share/window";

export interface LifecycleOptions extends Omit<RunOptions, "owned"> {
  /** `FUDO_ABANDON_LIVE=true` in the environment. */
  readonly abandonLive: boolean;
}

export interface Lifecycle {
  check(olds: RawInputs, news: RawInputs): Checked;
  diff(id: string, olds: RecordedShare, news: RawInputs): Difference;
  create(inputs: SessionShareInputs): Promise<Created>;
  /** `olds` are the recorded outputs, or what `SessionShare.get` passes: nothing that names a share. */
  read(id: string, olds: RecordedShare): Promise<SessionShareOutputs>;
  update(olds: SessionShareOutputs, news: RawInputs): SessionShareOutputs;
  delete(id: string, olds: RecordedShare): void;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { settings, clock, notify, abandonLive } = options;
  const found = new Set<string>();
  const owned = new Set<string>();
  let started: Run | undefined;
  const run = () => (started ??= startRun({ ...options, owned }));
  const departure = () => ({ settings, now: clock.now(), abandonLive });

  return {
    check: (olds, news) => check(olds, news, { settings, now: clock.now() }),

    diff: (id, olds, news) => {
      // Engine: after a read, refresh shows an update only where the next diff of the same ID says so.
      if (found.delete(id)) return { ...noDifference, changes: true };
      const difference = diff(id, olds, news, departure());
      if (difference.replaces.length === 0) owned.add(id);
      difference.notices.forEach(notify);
      return difference;
    },

    create: async (inputs) => {
      const created = await createShare(inputs, run());
      created.notices.forEach(notify);
      return created;
    },

    read: async (id, olds) => {
      parseId(id);
      const read = isRecorded(olds) ? await readShare(id, olds, run, clock.now()) : await getShare(id, run());
      if (read.found) found.add(id);
      read.notices.forEach(notify);
      return isRecorded(olds) ? read.outputs : withInputs(read.outputs, { labels: {}, ...olds }, settings);
    },

    update: (olds, news) => withInputs(olds, news, settings),

    delete: (id, olds) => deleteShare(id, olds, departure()).forEach(notify),
  };
}

// Engine: `get` and refresh arrive as the same call; only a share of ours has a key and a fingerprint.
function isRecorded(olds: RecordedShare): olds is SessionShareOutputs {
  return olds.key !== undefined && olds.fingerprint !== undefined;
}
