// Sends log messages to the engine, which prints each one beside its resource. Without an engine they go to stderr.
import { printable, redact } from "../client";
import { EngineService, engineMessages, grpc, messageLimits, type EngineClient } from "./protocol";

/** How long a response may wait for a message that the engine does not take. */
const patience = 5000;

export class EngineLog {
  #engine: EngineClient | undefined;
  readonly #sent = new Set<Promise<void>>();

  /** The address of the engine's service, from Handshake or Attach. */
  connect(address: string): void {
    this.#engine?.close();
    this.#engine =
      address === "" ? undefined : new EngineService(address, grpc.credentials.createInsecure(), messageLimits);
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
    const sending = new Promise<void>((resolve) => {
      // A message that the engine does not take is shown all the same.
      engine.log(request, { deadline: Date.now() + patience }, (error) => {
        if (error !== null) process.stderr.write(`fudo: ${message}\n`);
        resolve();
      });
    }).finally(() => this.#sent.delete(sending));
    this.#sent.add(sending);
  }
}
