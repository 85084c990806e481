// The dynamic adapter: the functions that the engine's dynamic-provider process calls. Translates values, errors and
// warnings, and holds the one lifecycle of its process. Frozen path: users' states require this file.
import type * as pulumi from "@pulumi/pulumi";
import { assertNodeVersion, printable, redact } from "../client";
import { readSettings, settingNames, type CallContext, type Lifecycle, type Settings } from "../lifecycle";
import { assertEngineAlive, watchEngine } from "../adapter/engine";
import { toEngineError } from "../adapter/engine-error";
import { engineGone, handleSignals, stopSignal, whileRunning } from "../adapter/shutdown";
import { startLifecycle } from "../adapter/start-lifecycle";
import { fromEngine, outputsToEngine, toEngine, type Properties } from "./values";

let lifecycle: Lifecycle | undefined;
let config: Pick<pulumi.dynamic.Config, "get"> | undefined;

/**
 * Engine: it calls this once for each provider text in the state, always with the same configuration, and does not wait for
 * the result. So this must be synchronous, and a second call must keep what the process shares.
 */
export function configure(request: pulumi.dynamic.ConfigureRequest): void {
  handleSignals();
  watchEngine(engineGone);
  config ??= request.config;
}

export function check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
  return withEngineErrors(() => {
    const { inputs, failures } = currentLifecycle().check(fromEngine(olds), fromEngine(news));
    return {
      inputs: toEngine(inputs),
      failures: failures.map(({ property, reason }) => ({ property, reason: redact(reason) })),
    };
  });
}

export function diff(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.DiffResult> {
  return withEngineErrors(() => {
    const { changes, properties } = currentLifecycle().diff(id, fromEngine(olds), fromEngine(news), call);
    const replaces = Object.keys(properties).filter((name) => properties[name] === "replace");
    return { changes, replaces };
  });
}

export function create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
  return withEngineErrors(async () => {
    const { id, outputs } = await currentLifecycle().create(fromEngine(inputs), call);
    return { id, outs: outputsToEngine(outputs) };
  });
}

export function read(id: string, props: Properties | undefined): Promise<pulumi.dynamic.ReadResult> {
  return withEngineErrors(async () => {
    const { outputs } = await currentLifecycle().read(id, fromEngine(props ?? {}), call);
    return { id, props: outputsToEngine(outputs) };
  });
}

export function update(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
  return withEngineErrors(async () => ({
    outs: outputsToEngine(await currentLifecycle().update(id, fromEngine(olds), fromEngine(news), call)),
  }));
}

function deleteShare(id: string, props: Properties): Promise<void> {
  return withEngineErrors(() => currentLifecycle().delete(id, fromEngine(props), call));
}

export { deleteShare as delete };

// Engine: it does not report a cancellation to a dynamic provider. Only an operating system signal to this process does. What
// the process writes to stderr appears as information on the stack.
const call: CallContext = { signal: stopSignal(), warn: log, info: log, assertEngineAlive };

function log(text: string): void {
  process.stderr.write(`fudo: ${printable(redact(text), 4000)}\n`);
}

function currentLifecycle(): Lifecycle {
  // Not in `configure`: of several parallel calls, only the first would get its error.
  assertNodeVersion();
  return (lifecycle ??= startLifecycle(currentSettings(), call.warn));
}

function currentSettings(): Settings {
  return readSettings({
    process: "provider",
    config: (name) => config?.get(name),
    environment: (name) => process.env[name],
  });
}

async function withEngineErrors<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await whileRunning(operation);
  } catch (error) {
    throw toEngineError(error, Boolean(config?.get(settingNames.apiKey.config)));
  }
}
