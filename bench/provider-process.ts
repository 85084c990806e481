// The SDK's dynamic-provider process, started and asked as the engine does it, with the moments of its answers. It must
// not know what the provider is.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import { atEnd } from "./ending";
import type { Place } from "./workspace";

// The SDK ships its protocol without types.
const services = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");

type Values = Record<string, unknown>;

/** Milliseconds from the start of the process to its port, and to its first answers. */
export interface Start {
  readonly port: number;
  readonly check: number;
  readonly create: number;
}

/** Starts the process, checks and creates one resource, ends it. */
export async function startOnce(place: Place, providerText: string, config: Values, inputs: Values): Promise<Start> {
  const begun = performance.now();
  const since = () => performance.now() - begun;
  const script = place.installed("@pulumi", "pulumi", "cmd", "dynamic-provider", "index.js");
  const child = spawn("node", [script, "127.0.0.1:1"], {
    cwd: place.folder,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PULUMI_NODEJS_PROJECT: "bench" },
  });
  const kill = atEnd(() => child.kill("SIGKILL"));
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const start: { -readonly [Name in keyof Start]: Start[Name] } = { port: since(), check: NaN, create: NaN };
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const call = (method: string, request: unknown) =>
    new Promise<any>((resolve, reject) =>
      client[method](request, (error: Error | null, answer: unknown) => (error ? reject(error) : resolve(answer))),
    );
  const own = { ...inputs, __provider: providerText };
  await call("configure", fill(new messages.ConfigureRequest(), { Args: config }));
  const checked = await call("check", fill(new messages.CheckRequest(), { Olds: {}, News: own }));
  start.check = since();
  if (checked.getFailuresList().length > 0)
    throw new Error(`check failed: ${checked.getFailuresList()[0].getReason()}`);
  await call("create", new messages.CreateRequest().setProperties(checked.getInputs()));
  start.create = since();
  client.close();
  kill();
  return start;
}

function fill(request: any, values: Record<string, Values>): unknown {
  for (const [name, value] of Object.entries(values))
    request[`set${name}`](struct.Struct.fromJavaScript(value as never));
  return request;
}
