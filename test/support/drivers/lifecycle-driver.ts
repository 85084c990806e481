// Drives the lifecycle itself, in this process.
import { Pool, type Dispatcher } from "undici";
import { createClient, isFudoError, registerSecret } from "../../../provider/client";
import { createLifecycle, readRunFlags, readSettings, type CallContext } from "../../../provider/lifecycle";
import { systemClock, type Clock } from "../../../provider/time/clock";
import { VirtualClock } from "../virtual-clock";
import { OperationFailed, type Driver, type DriverOptions } from "./driver";

export async function startLifecycle(
  { config, environment = {} }: DriverOptions,
  clock: Clock = systemClock,
): Promise<Driver> {
  const warnings: string[] = [];
  const clients: { close(): Promise<void> }[] = [];
  const settings = readSettings({ config: (name) => config[name], environment: (name) => environment[name] });
  if (settings.apiKey !== undefined) registerSecret(settings.apiKey);
  const lifecycle = createLifecycle({
    settings,
    clock,
    createClient: (options) => {
      const client = createClient(options, clock instanceof VirtualClock ? trackedPool(options.url, clock) : undefined);
      clients.push(client);
      return client;
    },
    flags: readRunFlags(environment),
  });
  const warn = (text: string) => void warnings.push(text);
  const call: CallContext = {
    signal: new AbortController().signal,
    warn,
    info: warn,
    assertEngineAlive: () => undefined,
  };
  return Promise.resolve({
    check: (olds, news) => withOperationErrors(() => lifecycle.check(olds, news) as never),
    diff: (id, olds, news) =>
      withOperationErrors(() => {
        const { changes, properties } = lifecycle.diff(id, olds, news, call);
        return { changes, replaces: Object.keys(properties).filter((name) => properties[name] === "replace") };
      }),
    create: (inputs) => withOperationErrors(() => lifecycle.create(inputs, call)),
    read: (id, olds) => withOperationErrors(async () => (await lifecycle.read(id, olds, call)).outputs),
    update: (id, olds, news) => withOperationErrors(() => lifecycle.update(id, olds, news, call)),
    delete: (id, olds) => withOperationErrors(() => lifecycle.delete(id, olds, call)),
    warnings: () => warnings,
    addedInputs: { declarationTag: 4711 },
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  });
}

/** Connections that tell the clock which requests are in flight. */
function trackedPool(origin: string, clock: VirtualClock): Dispatcher {
  const pool = new Pool(origin, { connections: 16, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  return pool.compose((dispatch) => (options, handler) => {
    clock.requestStarted();
    return dispatch(options, {
      onRequestStart: (...args) => handler.onRequestStart?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => {
        handler.onResponseEnd?.(...args);
        clock.requestEnded();
      },
      onResponseError: (...args) => {
        handler.onResponseError?.(...args);
        clock.requestEnded();
      },
    });
  });
}

async function withOperationErrors<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (isFudoError(error)) throw new OperationFailed(error.code, error.message);
    throw error;
  }
}
