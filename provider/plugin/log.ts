// Sends log messages to the engine, which prints each one with its resource. Without an engine they go to stderr.
import { printable, redact } from "../client";
import {
  channelOptions,
  EngineService,
  engineMessages,
  grpc,
  type EngineClient,
  type EngineMessages,
} from "./protocol";

/** How long a response waits for a message that the engine does not take: milliseconds. */
const logTimeout = 5000;

export class EngineLog {
  #engine: EngineClient | undefined;
  readonly #sent = new Set<Promise<void>>();

  /** The address of the engine's service, from Handshake or Attach. */
  connect(address: string): void {
    this.#engine?.close();
    this.#engine =
      address === "" ? undefined : new EngineService(address, grpc.credentials.createInsecure(), channelOptions);
  }

  warn(urn: string, text: string): void {
    this.#write("WARNING", urn, text);
  }

  info(urn: string, text: string): void {
    this.#write("INFO", urn, text);
  }

  /** The engine has every message so far. A response that arrives earlier could end the run before them. */
  async flushed(): Promise<void> {
    while (this.#sent.size > 0) await Promise.all(this.#sent);
  }

  #write(severity: "WARNING" | "INFO", urn: string, text: string): void {
    const message = printable(redact(text), 4000);
    const engine = this.#engine;
    if (engine === undefined) {
      process.stderr.write(`fudo: ${message}\n`);
      return;
    }
    const request = new engineMessages.LogRequest()
      .setSeverity(engineMessages.LogSeverity[severity])
      .setUrn(urn)
      .setMessage(message);
    // Nothing here throws or rejects: a message must not fail a create whose POST was sent.
    const sending = send(engine, request)
      .catch(() => void process.stderr.write(`fudo: ${message}\n`))
      .finally(() => this.#sent.delete(sending));
    this.#sent.add(sending);
  }
}

/** Rejects if the engine does not take the message. */
function send(engine: EngineClient, request: EngineMessages.LogRequest): Promise<void> {
  return new Promise((resolve, reject) =>
    engine.log(request, { deadline: Date.now() + logTimeout }, (error) => (error === null ? resolve() : reject(error))),
  );
}
