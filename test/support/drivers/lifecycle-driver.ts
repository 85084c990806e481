// Drives the lifecycle itself, in this process.
import { createClient, isFudoError, protect, systemClock, type Clock } from "../../../provider/client";
import { createLifecycle, readSettings } from "../../../provider/lifecycle";
import { OperationFailed, type Driver, type DriverOptions } from "./driver";

export async function startLifecycle(
  { config, environment = {} }: DriverOptions,
  clock: Clock = systemClock,
): Promise<Driver> {
  const said: string[] = [];
  const clients: { close(): Promise<void> }[] = [];
  const settings = readSettings({ config: (name) => config[name], environment: (name) => environment[name] });
  if (settings.apiKey !== undefined) protect(settings.apiKey);
  const lifecycle = createLifecycle({
    settings,
    clock,
    createClient: (options) => {
      const client = createClient(options);
      clients.push(client);
      return client;
    },
    demandEngine: () => undefined,
    notify: (text) => said.push(text),
    abandonLive: environment["FUDO_ABANDON_LIVE"] === "true",
  });
  return Promise.resolve({
    check: (olds, news) => guarded(() => lifecycle.check(olds, news) as never),
    diff: (id, olds, news) =>
      guarded(() => {
        const { changes, replaces } = lifecycle.diff(id, olds, news);
        return { changes, replaces: [...replaces] };
      }),
    create: (inputs) => guarded(() => lifecycle.create(inputs as never)),
    read: (id, olds) => guarded(() => lifecycle.read(id, olds)),
    update: (_id, olds, news) => guarded(() => lifecycle.update(olds as never, news)),
    delete: (id, olds) => guarded(() => lifecycle.delete(id, olds)),
    notices: () => said,
    close: async () => void (await Promise.all(clients.map((client) => client.close()))),
  });
}

async function guarded<T>(operation: () => T | Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (isFudoError(error)) throw new OperationFailed(error.code, error.message);
    throw error;
  }
}
