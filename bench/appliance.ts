// The emulator as a process of its own, so that it shares no event loop with what is measured, and what it was asked.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { atEnd } from "./ending";
import type { Place } from "./workspace";

/** What came in at the API since the last count. */
export interface Calls {
  readonly gets: number;
  readonly posts: number;
  /** Bytes of the answers to GET, bodies only. */
  readonly listBytes: number;
}

export interface Appliance {
  readonly url: string;
  readonly apiKey: string;
  readonly sessions: readonly string[];
  /** The delay of every request from now on, in milliseconds. */
  setLatency(milliseconds: number): Promise<void>;
  /** The calls since the last time. */
  takeCalls(): Promise<Calls>;
  /** A share as an administrator makes it; answers what the appliance keeps of it. */
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

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly answerBytes?: number;
}

/** The emulator of the installed product. */
export async function startAppliance(place: Place, { sessions }: { readonly sessions: number }): Promise<Appliance> {
  const command = place.installed("pulumi-fudo", "dist", "provider", "emulator", "command.js");
  const child = spawn("node", [command, "--json", "--control", "--seed", "bench", "--sessions", String(sessions)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = atEnd(() => child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const about = JSON.parse(line) as Pick<Appliance, "url" | "apiKey" | "sessions">;
  const control = async <T>(name: string, ...parameters: unknown[]): Promise<T> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${about.url}/emulator/${name}`, {
      method: "POST",
      headers,
      body: JSON.stringify(parameters),
    });
    if (!response.ok) throw new Error(`emulator: ${await response.text()}`);
    return ((await response.json()) as { value: T }).value;
  };
  return {
    ...about,
    setLatency: (milliseconds) => control("latency", milliseconds),
    takeCalls: async () => {
      const requests = await control<Recorded[]>("requests");
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

function count(requests: readonly Recorded[]): Calls {
  const gets = requests.filter(({ method }) => method === "GET");
  const listBytes = gets.reduce((sum, { answerBytes = 0 }) => sum + answerBytes, 0);
  return { gets: gets.length, posts: requests.filter(({ method }) => method === "POST").length, listBytes };
}
