// What the warnings of this process have said already: one fact gets one warning, although several calls of the engine meet it.
// Engine: a preview and the update after it are two processes.
import type { Settings } from "../settings";
import { otherOrigin } from "../share/link";
import { configuredElsewhere } from "../share/messages";
import { mayBeLive, recordedFacts } from "../share/status";
import type { RecordedShare } from "../share/window";
import type { CallContext } from "./call-context";

export class WarnedFacts {
  private readonly replaced = new Set<string>();
  private readonly origins = new Set<string>();

  constructor(private readonly settings: Settings) {}

  /** Records that a diff has said until when the replaced share's link works. */
  addReplaced(id: string): void {
    this.replaced.add(id);
  }

  hasReplaced(id: string): boolean {
    return this.replaced.has(id);
  }

  /** Records that a refresh has named both origins. */
  addOrigin(share: RecordedShare): void {
    if (share.appliance && otherOrigin(share, this.settings) !== undefined) this.origins.add(share.appliance);
  }

  /** Warns where live shares belong to another appliance than the configured one: once for each appliance. */
  warnOfOrigin(id: string, share: RecordedShare, now: number, call: CallContext): void {
    const { appliance } = share;
    const configured = otherOrigin(share, this.settings);
    if (!appliance || configured === undefined || this.origins.has(appliance)) return;
    if (!mayBeLive(recordedFacts(share), now)) return;
    call.warn(configuredElsewhere(id, appliance, configured));
    this.addOrigin(share);
  }
}
