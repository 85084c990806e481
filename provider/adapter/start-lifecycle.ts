// Starts the lifecycle of a provider process with its settings, and logs what is wrong with its environment.
import { createClient, registerSecret } from "../client";
import {
  createLifecycle,
  insecureWarning,
  misspelledVariables,
  readRunFlags,
  type CallContext,
  type Lifecycle,
  type Settings,
} from "../lifecycle";
import { systemClock } from "../time/clock";

/** Call it once for each configuration, because it repeats its warnings. */
export function startLifecycle(settings: Settings, warn: CallContext["warn"]): Lifecycle {
  if (settings.apiKey !== undefined) registerSecret(settings.apiKey);
  if (settings.tls.insecureSkipVerify) warn(insecureWarning);
  misspelledVariables(Object.keys(process.env)).forEach(warn);
  return createLifecycle({ settings, clock: systemClock, createClient, flags: readRunFlags(process.env) });
}
