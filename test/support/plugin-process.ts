// Starts the plugin's executable as the engine does, with an engine that takes its log messages. Needs the build (`dist`).
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { connect, end, fill, firstLine, messages, type Ask } from "./drivers/rpc";

const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb");

const executable = join(__dirname, "..", "..", "pulumi-resource-fudo");

/** A log message that the engine received. */
export interface LogMessage {
  readonly severity: number;
  readonly urn: string;
  readonly message: string;
}

export interface PluginProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly port: string;
  readonly ask: Ask;
  readonly log: readonly LogMessage[];
  stderr(): string;
  close(): Promise<void>;
}

/** The environment of this process without its settings, and with these. */
export function pluginEnvironment(environment: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FUDO_"))),
    ...environment,
  };
}

/** The executable after its handshake, not configured yet. */
export async function startPluginProcess(environment: Record<string, string> = {}): Promise<PluginProcess> {
  const engine = await startEngineService();
  const child = spawn(executable, [engine.address], { env: pluginEnvironment(environment) });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
  const port = await firstLine(child);
  const { client, ask } = connect(port);
  await ask("handshake", fill(new messages.ProviderHandshakeRequest(), { EngineAddress: engine.address }));
  const close = async () => {
    await end(child, client);
    engine.close();
  };
  return { child, port, ask, log: engine.log, stderr: () => stderr, close };
}

/** Configures the plugin with these settings, without the prefix `fudo:`. */
export async function configure(ask: Ask, args: Record<string, unknown>): Promise<void> {
  await ask("configure", fill(new messages.ConfigureRequest(), { Args: args }));
}

/** An appliance, and the plugin that is configured for it. */
export interface ConfiguredPlugin {
  readonly emulator: Emulator;
  readonly plugin: PluginProcess;
  /** The first session of the appliance. */
  readonly sessionId: string;
  close(): Promise<void>;
}

export async function startConfiguredPlugin(): Promise<ConfiguredPlugin> {
  const emulator = await startEmulator({ seed: 1 });
  const plugin = await startPluginProcess();
  await configure(plugin.ask, { url: emulator.url, apiKey: secret(emulator.apiKey) });
  const close = async () => {
    await plugin.close();
    await emulator.close();
  };
  return { emulator, plugin, sessionId: emulator.sessions[0]!, close };
}

async function startEngineService(): Promise<{ address: string; log: LogMessage[]; close(): void }> {
  const log: LogMessage[] = [];
  const server = new grpc.Server();
  server.addService(EngineService, {
    log: ({ request }: { request: any }, respond: (error: null, response: Empty) => void) => {
      log.push({ severity: request.getSeverity(), urn: request.getUrn(), message: request.getMessage() });
      respond(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, log, close: () => server.forceShutdown() };
}

/** The engine's mark for a value that only the run knows. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const signatureKey = "4dabf18193072939515e22adb298388d";

/** A secret value, as the engine sends and receives it. */
export function secret(value: unknown): Record<string, unknown> {
  return { [signatureKey]: "1b47061264138c4ac30d75fd1eb44270", value };
}

export function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && signatureKey in value;
}
