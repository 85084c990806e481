// Drives the plugin as the engine does: the process `pulumi-resource-fudo`, over gRPC.
import { configure, startPluginProcess } from "../plugin-process";
import type { Driver, DriverOptions, Values } from "./driver";
import { fill, messages, withoutSecret, type Ask } from "./rpc";

const urn = "urn:pulumi:dev::contract::fudo:index:SessionShare::share";

export async function startPlugin({ config, environment = {} }: DriverOptions): Promise<Driver> {
  const { ask, log, close } = await startPluginProcess(environment);
  await configure(
    ask,
    Object.fromEntries(Object.entries(config).map(([name, value]) => [name.slice("fudo:".length), value])),
  );
  return { ...operations(ask), warnings: () => log.map(({ message }) => message), repeatsWarnings: true, close };
}

function operations(ask: Ask): Omit<Driver, "warnings" | "close"> {
  const kinds = messages.DiffResponse.DiffChanges;
  return {
    check: async (olds, news) => {
      const response = await ask("check", fill(new messages.CheckRequest(), { Urn: urn, Olds: olds, News: news }));
      const failures = response
        .getFailuresList()
        .map((failure: any) => ({ property: failure.getProperty(), reason: failure.getReason() }));
      return { inputs: plain(response.getInputs()), failures };
    },
    diff: async (id, olds, news) => {
      const request = fill(new messages.DiffRequest(), { Id: id, Urn: urn, Olds: olds, News: news });
      const response = await ask("diff", request);
      if (response.getChanges() === kinds.DIFF_UNKNOWN) throw new Error("diff must say whether there are changes");
      return { changes: response.getChanges() === kinds.DIFF_SOME, replaces: response.getReplacesList() };
    },
    create: async (inputs) => {
      const response = await ask("create", fill(new messages.CreateRequest(), { Urn: urn, Properties: inputs }));
      return { id: response.getId(), outputs: plain(response.getProperties()) };
    },
    read: async (id, olds) =>
      plain(
        (await ask("read", fill(new messages.ReadRequest(), { Id: id, Urn: urn, Properties: olds }))).getProperties(),
      ),
    update: async (id, olds, news) =>
      plain(
        (
          await ask("update", fill(new messages.UpdateRequest(), { Id: id, Urn: urn, Olds: olds, News: news }))
        ).getProperties(),
      ),
    delete: async (id, olds) =>
      void (await ask("delete", fill(new messages.DeleteRequest(), { Id: id, Urn: urn, Properties: olds }))),
  };
}

function plain(properties: { toJavaScript(): object }): Values {
  const values = Object.entries(properties.toJavaScript());
  return Object.fromEntries(values.map(([name, value]) => [name, withoutSecret(name, value)]));
}
