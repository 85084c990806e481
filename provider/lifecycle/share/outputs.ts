// Builds what the state keeps of a share from what was asked and what the appliance listed. JSON-clean: an absent
// output is left out, never `undefined` (the engine would fail after the share was made).
import { formatMicroseconds, formatMilliseconds, parseInstant } from "../../time/instants";
import { fingerprintOf } from "../../client/fingerprint";
import type { Share } from "../../client/api";
import { documentedLink, linkOf, publicUrlOf } from "./link";
import { foreignIdShape, stateOnlyInputs } from "./id";
import type { SessionShareInputs, SessionShareOutputs } from "./schema";
import type { Settings } from "../settings";
import { millisecondsOf, minute } from "./window";
import type { RawInputs } from "./inputs";

/** The window that was asked for, milliseconds since the epoch. */
export interface AskedWindow {
  readonly since: number;
  readonly to: number;
  /** True where the program declared no start: `since` is now, with a random fraction of a second. */
  readonly drawn?: boolean;
}

/** Outputs of a share that this stack owns: `listed` is absent while no list has shown it. */
export function outputsOf(
  inputs: SessionShareInputs,
  window: AskedWindow,
  key: string,
  listed: Share | undefined,
  settings: Settings,
): SessionShareOutputs {
  const link = linkOf(listed?.link, documentedLink(inputs.sessionId, key));
  const asked: SessionShareOutputs = {
    ...inputs,
    validSince: formatMilliseconds(window.since),
    validTo: formatMilliseconds(window.to),
    key,
    link,
    url: "",
    fingerprint: fingerprintOf(key),
    appliance: settings.url ?? "",
  };
  return withListed({ ...asked, url: publicUrlOf(asked, settings) ?? link }, listed);
}

/** The recorded outputs with everything that the appliance tells of the share now. */
export function withListed(outputs: SessionShareOutputs, listed: Share | undefined): SessionShareOutputs {
  if (listed === undefined) return clean(outputs);
  const instant = (text: string | undefined) => {
    const parsed = text === undefined ? undefined : parseInstant(text);
    return parsed !== undefined && Number.isFinite(parsed.epochMs) ? formatMicroseconds(parsed) : undefined;
  };
  return clean({
    ...outputs,
    grantedSince: grantedInstead(outputs.validSince, listed.validSince, outputs.grantedSince),
    grantedTo: grantedInstead(outputs.validTo, listed.validTo, outputs.grantedTo),
    createdAt: instant(listed.createdAt) ?? outputs.createdAt,
    modifiedAt: instant(listed.modifiedAt) ?? outputs.modifiedAt,
    removed: listed.removed ? true : undefined,
    missing: undefined,
    userId: foreignId(listed.userId) ?? outputs.userId,
    shareId: foreignId(listed.id) ?? outputs.shareId,
  });
}

/** The recorded outputs with the state-only inputs of the program: what an update changes. */
export function withInputs(outputs: SessionShareOutputs, news: RawInputs, settings: Settings): SessionShareOutputs {
  const stateOnly = Object.fromEntries([...stateOnlyInputs, "duration"].map((name) => [name, news[name]]));
  return clean({ ...outputs, ...stateOnly, url: publicUrlOf(outputs, settings) ?? outputs.url });
}

function grantedInstead(asked: string, listed: string | undefined, before: string | undefined): string | undefined {
  if (listed === undefined) return before;
  const granted = millisecondsOf(listed);
  if (granted === undefined || Math.abs(granted - (millisecondsOf(asked) ?? granted)) < minute) return undefined;
  return Number.isFinite(granted) ? formatMilliseconds(granted) : granted > 0 ? "infinity" : "-infinity";
}

// In the state in clear, and printed by the engine as it is: whatever is not an ID stays outside.
function foreignId(id: string | undefined): string | undefined {
  return id !== undefined && foreignIdShape.test(id) ? id : undefined;
}

function clean<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
