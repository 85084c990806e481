// Starts the plugin's gRPC server on a loopback port, and turns each failure into the error that the engine prints.
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  sendUnaryData,
  ServerUnaryCall,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { watchEngine } from "../adapter/engine";
import { toEngineError } from "../adapter/engine-error";
import { engineGone, handleSignals, whileRunning } from "../adapter/shutdown";
import { grpc, messageLimits, messages, ResourceProviderService, type Messages } from "./protocol";
import { Provider } from "./provider";

/** Serves until the process ends, and returns the port. `engineAddress` is the engine's own service, if it passes one. */
export async function serve(engineAddress = ""): Promise<number> {
  const server = new grpc.Server(messageLimits);
  // Engine: at the end of a run it waits until its plugins have ended.
  handleSignals((closed) => server.tryShutdown(closed));
  watchEngine(engineGone);
  server.addService(ResourceProviderService, implementation(new Provider(engineAddress)));
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

type Method = (request: never) => unknown;

function implementation(provider: Provider): UntypedServiceImplementation {
  const methods: Record<string, Method> = {
    handshake: (request) => provider.handshake(request),
    attach: (request) => provider.attach(request),
    getPluginInfo: () => provider.getPluginInfo(),
    getSchema: () => provider.getSchema(),
    checkConfig: (request) => provider.checkConfig(request),
    diffConfig: (request) => provider.diffConfig(request),
    configure: (request) => provider.configure(request),
    check: (request) => provider.check(request),
    diff: (request) => provider.diff(request),
    create: (request) => provider.create(request),
    read: (request) => provider.read(request),
    update: (request) => provider.update(request),
    delete: (request) => provider.delete(request),
    invoke: (request) => provider.invoke(request),
    construct: (request) => provider.construct(request),
    cancel: () => provider.cancel(),
  };
  // SDK: the messages of its oldest versions cannot say that the plugin takes secrets. The engine then asks Configure.
  if (!("setAcceptSecrets" in messages.ProviderHandshakeResponse.prototype)) delete methods["handshake"];
  // Call, Parameterize and GetMapping are for methods and for converted packages: not implemented.
  const unary = Object.entries(methods).map(([name, method]) => [name, answering(provider, method)]);
  return { ...(Object.fromEntries(unary) as UntypedServiceImplementation), list: listing(provider) };
}

function answering(provider: Provider, method: Method): handleUnaryCall<unknown, unknown> {
  return ({ request }: ServerUnaryCall<unknown, unknown>, respond: sendUnaryData<unknown>) => {
    running(provider, () => method(request as never)).then(
      (response) => respond(null, response),
      (error: unknown) => respond(serviceError(error, provider)),
    );
  };
}

function listing(provider: Provider): handleServerStreamingCall<Messages.ListRequest, Messages.ListResponse> {
  return (call) => {
    running(provider, () => provider.list(call.request)).then(
      (responses) => {
        for (const response of responses) call.write(response);
        call.end();
      },
      // gRPC: this event, and not `destroy`, ends the call with a status.
      (error: unknown) => call.emit("error", serviceError(error, provider)),
    );
  };
}

function running<T>(provider: Provider, method: () => T | Promise<T>): Promise<T> {
  return whileRunning(async () => {
    try {
      return await method();
    } finally {
      await provider.flushed();
    }
  });
}

function serviceError(error: unknown, provider: Provider): Error & { code: number; details: string } {
  const { message } = toEngineError(error, provider.isKeyInConfig);
  // Engine: it takes other codes for a broken plugin or for a method that is not implemented.
  return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message });
}
