// The dynamic face: what the engine's dynamic-provider process calls. It translates values, errors and notices, holds
// the one lifecycle of its process, and decides nothing.
import type * as pulumi from "@pulumi/pulumi";
import { createClient, demandNode, printable, protect, redact, systemClock } from "../client";
import {
  createLifecycle,
  readSettings,
  settingNames,
  unverified,
  type Lifecycle,
  type SessionShareInputs,
  type SessionShareOutputs,
  type RecordedShare,
} from "../lifecycle";
import { demandEngine, watchEngine } from "./engine";
import { asFailure } from "./failure";
import { fromEngine, toEngine, type Properties } from "./values";

let lifecycle: Lifecycle | undefined;
let config: Pick<pulumi.dynamic.Config, "get"> | undefined;

/**
 * Engine: called once for each provider text in the state, always with the same configuration, and not awaited by its
 * neighbours: so it must have ended when it returns, and must not part what the process shares (turns, claims, lists).
 */
export function configure(request: pulumi.dynamic.ConfigureRequest): void {
  watchEngine();
  config ??= request.config;
}

export function check(olds: Properties, news: Properties): Promise<pulumi.dynamic.CheckResult> {
  return guarded(() => {
    const { inputs, failures } = current().check(fromEngine(olds), fromEngine(news));
    return {
      inputs: toEngine(inputs),
      failures: failures.map(({ property, reason }) => ({ property, reason: redact(reason) })),
    };
  });
}

export function diff(id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.DiffResult> {
  return guarded(() => {
    const { changes, replaces } = current().diff(id, recorded(olds), fromEngine(news));
    return { changes, replaces: [...replaces] };
  });
}

export function create(inputs: Properties): Promise<pulumi.dynamic.CreateResult> {
  return guarded(async () => {
    const { id, outputs } = await current().create(fromEngine(inputs) as unknown as SessionShareInputs);
    return { id, outs: { ...outputs } };
  });
}

export function read(id: string, props: Properties | undefined): Promise<pulumi.dynamic.ReadResult> {
  return guarded(async () => ({ id, props: { ...(await current().read(id, recorded(props ?? {}))) } }));
}

export function update(_id: string, olds: Properties, news: Properties): Promise<pulumi.dynamic.UpdateResult> {
  return guarded(() => ({
    outs: { ...current().update(fromEngine(olds) as unknown as SessionShareOutputs, fromEngine(news)) },
  }));
}

function deleteShare(id: string, props: Properties): Promise<void> {
  return guarded(() => current().delete(id, recorded(props)));
}

export { deleteShare as delete };

function recorded(props: Properties): RecordedShare {
  return fromEngine(props);
}

function current(): Lifecycle {
  // Not in `configure`: what that throws only the first of parallel calls would see.
  demandNode();
  return (lifecycle ??= start());
}

function start(): Lifecycle {
  const settings = readSettings({ config: (name) => config?.get(name), environment: (name) => process.env[name] });
  if (settings.apiKey !== undefined) protect(settings.apiKey);
  if (settings.tls.insecureSkipVerify) notify(unverified);
  const abandonLive = process.env["FUDO_ABANDON_LIVE"] === "true";
  return createLifecycle({ settings, clock: systemClock, createClient, demandEngine, notify, abandonLive });
}

// Engine: what a dynamic provider writes to stderr is shown as information on the stack.
function notify(text: string): void {
  process.stderr.write(`fudo: ${printable(redact(text), 4000)}\n`);
}

async function guarded<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw asFailure(error, Boolean(config?.get(settingNames.apiKey.config)));
  }
}
