// Drives the plugin as the engine does: the process `pulumi-resource-fudo` over gRPC, with an engine that takes its log
// messages. Needs the build (`dist`).
import { spawn } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Driver, DriverOptions, Values } from "./driver";
import { connect, end, fill, firstLine, messages, withoutSecret, type Ask } from "./rpc";

const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");

const root = join(__dirname, "..", "..", "..");
const urn = "urn:pulumi:dev::contract::fudo:index:SessionShare::share";

export async function startPlugin({ config, environment = {} }: DriverOptions): Promise<Driver> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FUDO_")));
  const { server, address, warnings } = await startEngineService();
  const child = spawn("node", [join(root, "dist/provider/plugin/command.js"), address], {
    cwd: root,
    env: { ...inherited, ...environment },
  });
  const { client, ask } = connect(await firstLine(child));
  await ask("handshake", fill(new messages.ProviderHandshakeRequest(), { EngineAddress: address }));
  const args = Object.fromEntries(Object.entries(config).map(([name, value]) => [name.slice("fudo:".length), value]));
  await ask("configure", fill(new messages.ConfigureRequest(), { Args: args }));
  const close = async () => {
    await end(child, client);
    server.forceShutdown();
  };
  return { ...operations(ask), warnings: () => warnings, close };
}

/** The engine's own service: it takes the log messages. */
async function startEngineService(): Promise<{ server: grpc.Server; address: string; warnings: string[] }> {
  const warnings: string[] = [];
  const server = new grpc.Server();
  server.addService(EngineService, {
    log: (call: { request: any }, respond: (error: null, response: Empty) => void) => {
      if (call.request.getUrn() !== urn && call.request.getUrn() !== "")
        throw new Error("a message of another resource");
      warnings.push(call.request.getMessage());
      respond(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { server, address: `127.0.0.1:${port}`, warnings };
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
