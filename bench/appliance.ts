// The emulator as a separate process, so that it shares no event loop with what is measured, and a count of its requests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onExit } from "./cleanup";
import type { Workspace } from "./workspace";

/** API requests that the appliance received since the last count. */
export interface RequestCounts {
  readonly gets: number;
  readonly posts: number;
  /** Bytes of the responses to GET, bodies only. */
  readonly listBytes: number;
}

export interface Appliance {
  readonly url: string;
  readonly apiKey: string;
  readonly sessions: readonly string[];
  /** PEM to trust, over HTTPS. */
  readonly certificate?: string;
  /** Delays every request from now on, in milliseconds. */
  setLatency(milliseconds: number): Promise<void>;
  /** Returns the counts since the last call, and resets them. */
  takeCounts(): Promise<RequestCounts>;
  /** Creates a share as an administrator does in the panel. */
  addShare(sessionId: string): Promise<PanelShare>;
  close(): Promise<void>;
}

export interface PanelShare {
  readonly key: string;
  readonly link: string;
  readonly validSince: string;
  readonly validTo: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly responseBytes?: number;
}

/** Starts the emulator of the installed product. */
export async function startAppliance(
  workspace: Workspace,
  { sessions, https = false }: { readonly sessions: number; readonly https?: boolean },
): Promise<Appliance> {
  const command = workspace.installed("pulumi-fudo", "dist", "provider", "emulator", "command.js");
  const options = [
    "--json",
    "--control",
    "--seed",
    "bench",
    "--sessions",
    String(sessions),
    ...(https ? ["--https"] : []),
  ];
  const child = spawn("node", [command, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = onExit(() => child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const started = JSON.parse(line) as Pick<Appliance, "url" | "apiKey" | "sessions" | "certificate">;
  const control = async <T>(name: string, ...parameters: unknown[]): Promise<T> => {
    const response = await fetch(`${started.url}/emulator/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(parameters),
    });
    if (!response.ok) throw new Error(`emulator: ${await response.text()}`);
    return ((await response.json()) as { value: T }).value;
  };
  return {
    ...started,
    setLatency: (milliseconds) => control("latency", milliseconds),
    takeCounts: async () => {
      const requests = await control<RecordedRequest[]>("requests");
      await control("resetRequests");
      return count(requests.filter(({ path }) => path.startsWith("/api/")));
    },
    addShare: (sessionId) => control("addShare", sessionId),
    close: async () => {
      const closed = once(child, "close");
      kill();
      await closed;
    },
  };
}

function count(requests: readonly RecordedRequest[]): RequestCounts {
  const gets = requests.filter(({ method }) => method === "GET");
  const listBytes = gets.reduce((sum, { responseBytes = 0 }) => sum + responseBytes, 0);
  return { gets: gets.length, posts: requests.filter(({ method }) => method === "POST").length, listBytes };
}
