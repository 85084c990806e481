// The SDK's protocol modules, in one place: the messages have types, the services do not.
import type * as grpcJs from "@grpc/grpc-js";
import type * as alias from "@pulumi/pulumi/proto/alias_pb";
import type * as engine from "@pulumi/pulumi/proto/engine_pb";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import type * as struct from "google-protobuf/google/protobuf/struct_pb";
import type * as empty from "google-protobuf/google/protobuf/empty_pb";
import { createRequire } from "node:module";

// From the SDK's own folder: a package manager may hide the dependencies of a dependency, and a message must be an instance
// of the very class that the SDK's service expects.
const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

export const grpc = sdk("@grpc/grpc-js") as typeof grpcJs;
export const { Struct, NullValue } = sdk("google-protobuf/google/protobuf/struct_pb.js") as typeof struct;
export const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js") as typeof empty;
export const messages = sdk("./proto/provider_pb.js") as typeof provider;
export const pluginMessages = sdk("./proto/plugin_pb.js") as typeof plugin;
export const engineMessages = sdk("./proto/engine_pb.js") as typeof engine;

export const { ResourceProviderService } = sdk("./proto/provider_grpc_pb.js") as {
  ResourceProviderService: grpcJs.ServiceDefinition;
};

/** The engine's own service. `log` prints a message with a resource. */
export interface EngineClient {
  log(
    request: engine.LogRequest,
    options: { deadline: number },
    callback: (error: grpcJs.ServiceError | null) => void,
  ): void;
  close(): void;
}
export const { EngineClient: EngineService } = sdk("./proto/engine_grpc_pb.js") as {
  EngineClient: new (address: string, credentials: grpcJs.ChannelCredentials, options: object) => EngineClient;
};

/** The engine's resource monitor: a component registers itself and its children there. */
export interface MonitorClient {
  registerResource(
    request: resource.RegisterResourceRequest,
    callback: (error: grpcJs.ServiceError | null, response: resource.RegisterResourceResponse) => void,
  ): grpcJs.ClientUnaryCall;
  registerResourceOutputs(
    request: resource.RegisterResourceOutputsRequest,
    callback: (error: grpcJs.ServiceError | null) => void,
  ): grpcJs.ClientUnaryCall;
  close(): void;
}

/** Loaded when it is called: only a component needs it. */
export function monitorProtocol() {
  const { ResourceMonitorClient } = sdk("./proto/resource_grpc_pb.js") as {
    ResourceMonitorClient: new (
      address: string,
      credentials: grpcJs.ChannelCredentials,
      options: object,
    ) => MonitorClient;
  };
  const { Alias } = sdk("./proto/alias_pb.js") as typeof alias;
  return { ResourceMonitorClient, Alias, messages: sdk("./proto/resource_pb.js") as typeof resource };
}

export type {
  engine as EngineMessages,
  plugin as PluginMessages,
  provider as Messages,
  resource as ResourceMessages,
  struct as StructMessages,
};

/** As the SDK does it: a state may be large. */
export const messageLimits = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};

/** gRPC: without the second option it would look for the engine, which is on this machine, behind the proxy of `http_proxy`. */
export const channelOptions = { ...messageLimits, "grpc.enable_http_proxy": 0 };
