// The resource's operations, as an adapter calls them. Holds what one process must remember between calls (the run context,
// which shares are managed, what a refresh found); the operations decide.
import type { CallContext } from "./run/call-context";
import { createRunContext, type RunContext, type RunOptions } from "./run/run-context";
import { check } from "./operations/check";
import { createShare } from "./operations/create";
import { deleteShare } from "./operations/delete";
import { diff } from "./operations/diff";
import { getShare, parseId, refreshShare } from "./operations/read";
import type { Checked, Created, Difference, ReadResult } from "./operations/results";
import { updateShare } from "./operations/update";
import type { RawInputs } from "./share/inputs";
import { withInputs } from "./share/outputs";
import type { SessionShareOutputs } from "./share/schema";
import type { RecordedShare } from "./share/window";

export interface LifecycleOptions extends RunOptions {
  /** `FUDO_ABANDON_LIVE=true` in the environment. */
  readonly abandonLive: boolean;
}

export interface Lifecycle {
  check(olds: RawInputs, news: RawInputs): Checked;
  diff(id: string, olds: RecordedShare, news: RawInputs, call: CallContext): Difference;
  create(inputs: RawInputs, call: CallContext): Promise<Created>;
  /** `olds` are the recorded outputs; for `SessionShare.get` and import, nothing that names a share. */
  read(id: string, olds: RecordedShare, call: CallContext): Promise<ReadResult>;
  update(olds: RecordedShare, news: RawInputs): SessionShareOutputs;
  delete(id: string, olds: RecordedShare, call: CallContext): void;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { settings, clock, abandonLive } = options;
  const changedByRefresh = new Set<string>();
  const managedIds = new Set<string>();
  let context: RunContext | undefined;
  const run = () => (context ??= createRunContext(options, managedIds));
  const deletion = () => ({ settings, now: clock.now(), abandonLive });

  return {
    check: (olds, news) => check(olds, news, { settings, now: clock.now() }),

    diff: (id, olds, news, call) => {
      // Engine: a refresh shows an update only if the diff that follows the read of the same ID reports changes.
      if (changedByRefresh.delete(id)) return { changes: true, properties: {} };
      const difference = diff(id, olds, news, deletion(), call);
      if (!Object.values(difference.properties).includes("replace")) managedIds.add(id);
      return difference;
    },

    create: (inputs, call) => createShare(inputs, run(), call),

    read: async (id, olds, call) => {
      parseId(id);
      if (!isRecorded(olds)) {
        const { outputs, inputs } = await getShare(id, run(), call);
        return { outputs: withInputs(outputs, { labels: {}, ...olds }, settings), inputs };
      }
      const { outputs, changed } = await refreshShare(id, olds, run, clock.now(), call);
      if (changed) changedByRefresh.add(id);
      return { outputs };
    },

    update: (olds, news) => updateShare(olds, news, settings),

    delete: (id, olds, call) => deleteShare(id, olds, deletion(), call),
  };
}

// Engine: `get` and refresh are the same call. Only a recorded share has a key and a fingerprint.
function isRecorded(olds: RecordedShare): olds is SessionShareOutputs {
  return olds.key !== undefined && olds.fingerprint !== undefined;
}
