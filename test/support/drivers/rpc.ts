// What the drivers of a provider process share: one client of the engine's protocol, its values and its errors.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import * as struct from "google-protobuf/google/protobuf/struct_pb";
import { OperationFailed, type Values } from "./driver";

// The SDK ships its protocol without types.
const services = require("@pulumi/pulumi/proto/provider_grpc_pb");
export const messages = require("@pulumi/pulumi/proto/provider_pb");

/** Sends one request of the protocol; a failure of the provider is an `OperationFailed`. */
export type Ask = (method: string, request: unknown) => Promise<any>;

export function connect(port: string): { client: { close(): void }; ask: Ask } {
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const ask: Ask = (method, request) =>
    new Promise((resolve, reject) =>
      client[method](request, (error: grpc.ServiceError | null, response: unknown) =>
        error ? reject(failureOf(error)) : resolve(response),
      ),
    );
  return { client, ask };
}

export function fill(request: any, values: Record<string, string | boolean | Values>): unknown {
  for (const [name, value] of Object.entries(values)) {
    request[`set${name}`](
      typeof value !== "object" ? value : struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value))),
    );
  }
  return request;
}

const credentials = new Set(["key", "link", "url"]);

/** Throws where a credential is not a secret value, or another value is one. */
export function withoutSecret(name: string, value: unknown): unknown {
  const { "4dabf18193072939515e22adb298388d": signature, value: inner } = (value ?? {}) as Values;
  const isSecret = signature === "1b47061264138c4ac30d75fd1eb44270";
  if (isSecret !== (credentials.has(name) && value !== undefined)) throw new Error(`${name}: secret is ${isSecret}`);
  return isSecret ? inner : value;
}

function failureOf({ details }: grpc.ServiceError): Error {
  const [, code, message] = /^fudo\[([a-z-]+)\] (.*)$/s.exec(details) ?? [];
  return code === undefined ? new Error(details) : new OperationFailed(code as never, message ?? "");
}

export function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      stdout += part;
      if (stdout.includes("\n")) resolve(stdout.split("\n")[0]!);
    });
    child.once("exit", () => reject(new Error("the provider process ended")));
  });
}

export function end(child: ChildProcessWithoutNullStreams, client: { close(): void }): Promise<void> {
  client.close();
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}
