// Compares our client with undici alone: requests per second and CPU time per request, for a list of ten shares.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startAppliance } from "../appliance";
import { onExit } from "../cleanup";
import { number, type Findings, type Part } from "../part";
import type { Workspace } from "../workspace";
import { summarize, type Summary } from "../statistics";

interface Load {
  readonly requests: number;
  readonly ms: number;
  readonly cpuMs: number;
}

type Loads = Readonly<Record<"raw" | "product", Load[]>>;

const typescript = ["-r", "ts-node/register/transpile-only"];
const script = (name: string) => join(__dirname, "..", "load", name);

export const client: Part = {
  name: "client",
  about:
    "GET of a list of ten shares, 64 in flight, 16 connections. A minimal server replays the emulator's list, in a different order each time.",
  async measure(workspace, { quick }, log) {
    const { file, session } = await listOfTen(workspace);
    const server = spawn("node", [...typescript, script("replay.ts"), file], { stdio: ["ignore", "pipe", "inherit"] });
    const stop = onExit(() => server.kill("SIGKILL"));
    const [port] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    const load = (which: keyof Loads) => {
      const url = `http://127.0.0.1:${port}`;
      const args = [...typescript, script("lists.ts"), which, workspace.installed(), url, session, quick ? "1" : "4"];
      return JSON.parse(execFileSync("node", args, { encoding: "utf8" })) as Load;
    };
    const loads: Loads = { raw: [], product: [] };
    for (let round = 0; round < (quick ? 3 : 9); round++) {
      loads.raw.push(load("raw"));
      loads.product.push(load("product"));
    }
    stop();
    return findings(loads, log);
  },
};

function findings(loads: Loads, log: (line: string) => void): Findings {
  const rate = (which: keyof Loads) => summarize(loads[which].map(({ requests, ms }) => requests / (ms / 1000)));
  const cpu = (which: keyof Loads) => summarize(loads[which].map(({ requests, cpuMs }) => (cpuMs / requests) * 1000));
  const shown = ({ median, least, most }: Summary) => `${number(median)} (${number(least)}–${number(most)})`;
  const rows = (["raw", "product"] as const).map((which) => [
    which === "raw" ? "undici with JSON.parse" : "product",
    shown(rate(which)),
    shown(cpu(which)),
  ]);
  rows.forEach((row) => log(row.join("  ")));
  const ratio = rate("product").median / rate("raw").median;
  return {
    tables: [
      {
        title: `Medians (least–most) of ${loads.raw.length}`,
        rows: [["", "requests per second", "CPU per request, µs"], ...rows],
      },
    ],
    thresholds: [
      {
        figure: "client throughput, list of 10 shares, 64 in flight",
        limit: ">= 0.75 x undici with JSON.parse",
        measured: `${number(ratio)} x`,
        met: ratio >= 0.75,
      },
    ],
    data: loads,
  };
}

async function listOfTen(workspace: Workspace): Promise<{ file: string; session: string }> {
  const appliance = await startAppliance(workspace, { sessions: 1 });
  const [session = ""] = appliance.sessions;
  for (let count = 0; count < 10; count++) await appliance.addShare(session);
  const response = await fetch(`${appliance.url}/api/v2/session/${session}/share`, {
    headers: { authorization: appliance.apiKey },
  });
  const file = join(workspace.folder, "ten-shares.json");
  writeFileSync(file, await response.text());
  await appliance.close();
  return { file, session };
}
