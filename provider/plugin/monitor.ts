// The engine's resource monitor, where a component registers itself and its children. Loaded with the first component only.
import { FudoError, redact } from "../client";
import {
  channelOptions,
  grpc,
  monitorProtocol,
  type MonitorClient,
  type ResourceMessages,
  type StructMessages,
} from "./protocol";

const { ResourceMonitorClient, Alias, messages } = monitorProtocol();

export { Alias, messages as resourceMessages };

export class Monitor {
  readonly #client: MonitorClient;
  readonly #signal: AbortSignal;

  /** When `signal` is aborted, each registration fails with `cancelled`. The engine still finishes the operations in flight. */
  constructor(address: string, signal: AbortSignal) {
    this.#client = new ResourceMonitorClient(address, grpc.credentials.createInsecure(), channelOptions);
    this.#signal = signal;
  }

  register(request: ResourceMessages.RegisterResourceRequest): Promise<ResourceMessages.RegisterResourceResponse> {
    return this.#send((respond) => this.#client.registerResource(request, respond));
  }

  async registerOutputs(urn: string, outputs: StructMessages.Struct): Promise<void> {
    const request = new messages.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(outputs);
    await this.#send<unknown>((respond) => this.#client.registerResourceOutputs(request, (error) => respond(error, 0)));
  }

  close(): void {
    this.#client.close();
  }

  #send<T>(start: (respond: (error: Error | null, response: T) => void) => { cancel(): void }): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call = start((error, response) => {
        this.#signal.removeEventListener("abort", stop);
        if (error === null) resolve(response);
        else reject(this.#failure(error));
      });
      const stop = () => call.cancel();
      if (this.#signal.aborted) stop();
      else this.#signal.addEventListener("abort", stop);
    });
  }

  // Engine: when the run ends early, it answers with UNAVAILABLE, and it has printed the reason.
  #failure(error: Error): FudoError {
    const { code, details } = error as Partial<{ code: number; details: string }>;
    const hasEnded = code === grpc.status.UNAVAILABLE || code === grpc.status.CANCELLED;
    if (this.#signal.aborted || hasEnded)
      return new FudoError(
        "cancelled",
        "the run ended before the component was complete. Another message says why. Run the command again",
      );
    return new FudoError(
      "rejected",
      `the Pulumi engine did not accept a resource: ${redact(details ?? error.message)}`,
    );
  }
}
