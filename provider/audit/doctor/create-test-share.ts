// Makes the one share of `doctor --test-share` with the create operation of the resource, so that all its rules hold: one
// POST, never repeated, and a lost response is looked up in lists. No other file of the audit may import that operation.
import { FudoError, type Client } from "../../client";
import { createLifecycle, millisecondsOf, type Settings } from "../../lifecycle";
import type { Clock } from "../../time/clock";

/** The length of the share's window in milliseconds, and as the input says it. */
export const testShareLength = 60_000;
const duration = "PT60S";

/** The share that the appliance created. `key` is a credential: nothing prints or writes it. */
export interface TestShare {
  readonly key: string;
  readonly fingerprint: string;
  /** The requested window, milliseconds. */
  readonly since: number;
  readonly to: number;
}

export interface TestShareRequest {
  readonly client: Client;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly session: string;
  /** Called right before each attempt of the POST. From then on the share may exist. */
  readonly beforePost: () => void;
}

/** Throws the errors of the resource's create, and `config` where the settings do not allow such a share. */
export async function createTestShare(request: TestShareRequest): Promise<TestShare> {
  const { client, settings, clock, session, beforePost } = request;
  const flags = { abandonLive: false, recover: "off" } as const;
  const lifecycle = createLifecycle({ settings, clock, createClient: () => client, flags });
  const declarationTag = startTag(clock);
  const { inputs, failures } = lifecycle.check({}, { sessionId: session, duration, readonly: true, declarationTag });
  if (failures.length > 0) throw new FudoError("config", failures.map(({ reason }) => reason).join("; "));
  // The warnings of a create are for the user of a stack. The observations say the same of what doctor did.
  const ignore = () => undefined;
  const call = { signal: new AbortController().signal, warn: ignore, info: ignore, assertEngineAlive: beforePost };
  const { outputs } = await lifecycle.create(inputs, call);
  // Without recipients, a create returns the key.
  const { key = "", fingerprint, validSince, validTo } = outputs;
  return { key, fingerprint, since: millisecondsOf(validSince) ?? NaN, to: millisecondsOf(validTo) ?? NaN };
}

/**
 * Decides the seconds and milliseconds of the start. It lies 5 to 55 seconds ago, so that it is in the past for an appliance
 * whose clock is a little behind, and it is no full second or minute, so that a cut window shows.
 */
function startTag(clock: Clock): number {
  const start = clock.now() - 5_000 - Math.floor(clock.random() * 50_000);
  const inMinute = start % 60_000;
  const inSecond = Math.max(1, inMinute % 1000);
  return Math.max(1, Math.floor(inMinute / 1000)) * 1000 + inSecond;
}
