// The engine's resource monitor for protocol tests: it records what a component registers, and answers as the test says.
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb");
const resources = require("@pulumi/pulumi/proto/resource_pb");

/** What the plugin registered. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly provider: string;
  readonly inputs: Record<string, any>;
}

export interface ResourceMonitor {
  readonly address: string;
  readonly registered: readonly Registered[];
  /** The outputs of each component, by URN. */
  readonly outputs: ReadonlyMap<string, Record<string, any>>;
  close(): void;
}

/** `share`: the outputs of a share. It may wait, and a rejection is an error of the engine. */
export async function startResourceMonitor(
  share: (inputs: Record<string, any>, name: string) => Promise<object> | object,
): Promise<ResourceMonitor> {
  const registered: Registered[] = [];
  const outputs = new Map<string, Record<string, any>>();
  const server = new grpc.Server();
  server.addService(ResourceMonitorService, {
    registerResource: ({ request }: any, respond: any) => {
      const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
      const inputs = request.getObject()?.toJavaScript() ?? {};
      registered.push({ type, name, parent, provider: request.getProvider(), inputs });
      const response = new resources.RegisterResourceResponse().setUrn(urnOf(type, name));
      const result = request.getCustom() ? Promise.resolve().then(() => share(inputs, name)) : Promise.resolve({});
      result.then(
        (values) => respond(null, response.setObject(Struct.fromJavaScript(values as never))),
        (error: grpc.ServiceError) => respond({ code: error.code, details: error.message }),
      );
    },
    registerResourceOutputs: ({ request }: any, respond: any) => {
      outputs.set(request.getUrn(), request.getOutputs().toJavaScript());
      respond(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, registered, outputs, close: () => server.forceShutdown() };
}

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::project::${type}::${name}`;
}
