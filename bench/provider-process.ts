// Starts a provider process, calls it as the engine does, and measures when it responds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import { onExit } from "./cleanup";
import type { Workspace } from "./workspace";

// The SDK publishes its protocol without types.
const services = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");

type Values = Record<string, unknown>;

/** Milliseconds from the start of the process to its port and to its first responses. */
export interface StartTimes {
  readonly port: number;
  readonly check: number;
  readonly create: number;
}

/** Starts the SDK's process for dynamic providers, checks and creates one resource, ends the process. */
export function startDynamicProvider(
  workspace: Workspace,
  providerText: string,
  config: Values,
  inputs: Values,
): Promise<StartTimes> {
  const script = workspace.installed("@pulumi", "pulumi", "cmd", "dynamic-provider", "index.js");
  const command = ["node", script, "127.0.0.1:1"];
  return startOnce(workspace, command, config, { ...inputs, __provider: providerText });
}

/** Starts the plugin of an installed package, checks and creates one resource, ends the process. */
export function startPlugin(
  workspace: Workspace,
  packageName: string,
  config: Values,
  inputs: Values,
): Promise<StartTimes> {
  return startOnce(workspace, [workspace.installed(packageName, "pulumi-resource-fudo")], config, inputs);
}

async function startOnce(
  workspace: Workspace,
  [command = "", ...args]: readonly string[],
  config: Values,
  inputs: Values,
): Promise<StartTimes> {
  const begun = performance.now();
  const since = () => performance.now() - begun;
  const child = spawn(command, args, {
    cwd: workspace.folder,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PULUMI_NODEJS_PROJECT: "bench" },
  });
  const kill = onExit(() => child.kill("SIGKILL"));
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const times: { -readonly [Name in keyof StartTimes]: StartTimes[Name] } = { port: since(), check: NaN, create: NaN };
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method: string, request: unknown) =>
    new Promise<any>((resolve, reject) =>
      client[method](request, (error: Error | null, response: unknown) => (error ? reject(error) : resolve(response))),
    );
  await call("configure", fill(new messages.ConfigureRequest(), { Args: config }));
  const checked = await call("check", fill(new messages.CheckRequest(), { Olds: {}, News: inputs }));
  times.check = since();
  if (checked.getFailuresList().length > 0)
    throw new Error(`check failed: ${checked.getFailuresList()[0].getReason()}`);
  await call("create", new messages.CreateRequest().setProperties(checked.getInputs()));
  times.create = since();
  client.close();
  kill();
  return times;
}

function fill(request: any, values: Record<string, Values>): unknown {
  for (const [name, value] of Object.entries(values))
    request[`set${name}`](struct.Struct.fromJavaScript(value as never));
  return request;
}
