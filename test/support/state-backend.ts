// What the tests of shared state need from a backend: its address, how `pulumi` logs in, and what it has stored.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** A running server on loopback that keeps the state of stacks. */
export interface StateServer {
  /** An empty backend, for the tests that do not want to see the stacks of others. The name is lower-case letters. */
  backend(name: string): StateBackend;
  /** Ends the server by its process ID and removes its folder. */
  stop(): Promise<void>;
}

/** A bucket or a table. */
export interface StateBackend {
  /** PULUMI_BACKEND_URL, and the credentials of the server. */
  readonly env: Readonly<Record<string, string>>;
  /** What nothing may print: the secret part of the credentials. */
  readonly secret: string;
  /** Everything that the engine has stored, read past the engine: each object with its content. */
  objects(): Promise<StateObject[]>;
}

export interface StateObject {
  /** The path in the bucket: `.pulumi/stacks/project/dev.json`. */
  readonly name: string;
  readonly content: string;
}

/** A port of 127.0.0.1 that is free now, for a server that cannot choose one itself. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Resolves when the server answers. Rejects with its output if it ends before, or does not answer within half a minute. */
export async function answering(server: ChildProcess, connect: () => Promise<unknown>): Promise<void> {
  let output = "";
  for (const stream of [server.stdout, server.stderr])
    stream?.setEncoding("utf8").on("data", (part: string) => (output += part));
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await connect();
      return;
    } catch (error) {
      if (server.exitCode !== null || server.signalCode !== null || Date.now() > deadline) {
        // Nobody gets a server that did not start, so nobody else ends it.
        await end(server, "SIGKILL");
        throw new Error(`the server does not answer:\n${output}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Sends the signal and waits for the end of the process. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
