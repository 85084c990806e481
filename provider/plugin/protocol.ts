// The SDK's protocol modules, in one place: the messages have types, the services do not.
import type * as grpcJs from "@grpc/grpc-js";
import type * as engine from "@pulumi/pulumi/proto/engine_pb";
import type * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
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

export type { engine as EngineMessages, plugin as PluginMessages, provider as Messages, struct as StructMessages };

/** As the SDK does it: a state may be large. */
export const messageLimits = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
};
