// Our client against undici alone: requests per second and CPU time per request, for a list of ten shares.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startAppliance } from "../appliance";
import { atEnd } from "../ending";
import { number, type Part } from "../part";
import type { Place } from "../workspace";
import { summarize } from "../statistics";

interface Load {
  readonly requests: number;
  readonly ms: number;
  readonly cpuMs: number;
}

const typescript = ["-r", "ts-node/register/transpile-only"];
const script = (name: string) => join(__dirname, "..", "load", name);

export const client: Part = {
  name: "client",
  about:
    "GET of a list of ten shares, 64 in flight, 16 connections. The list is the emulator's, replayed in another order each time by a server that does nothing else.",
  async measure(place, { quick }, say) {
    const rounds = quick ? 3 : 9;
    const { file, session } = await answerOfTen(place);
    const server = spawn("node", [...typescript, script("replay.ts"), file], { stdio: ["ignore", "pipe", "inherit"] });
    const stop = atEnd(() => server.kill("SIGKILL"));
    const [port] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    const load = (which: string) => {
      const args = [
        ...typescript,
        script("lists.ts"),
        which,
        place.installed(),
        `http://127.0.0.1:${port}`,
        session,
        quick ? "1" : "4",
      ];
      return JSON.parse(execFileSync("node", args, { encoding: "utf8" })) as Load;
    };
    const loads: Record<"raw" | "product", Load[]> = { raw: [], product: [] };
    for (let round = 0; round < rounds; round++) {
      loads.raw.push(load("raw"));
      loads.product.push(load("product"));
    }
    stop();
    const rate = (which: keyof typeof loads) =>
      summarize(loads[which].map(({ requests, ms }) => requests / (ms / 1000)));
    const cpu = (which: keyof typeof loads) =>
      summarize(loads[which].map(({ requests, cpuMs }) => (cpuMs / requests) * 1000));
    const shown = ({ median, least, most }: ReturnType<typeof rate>) =>
      `${number(median)} (${number(least)}–${number(most)})`;
    const rows = (["raw", "product"] as const).map((which) => [
      which === "raw" ? "undici with JSON.parse" : "product",
      shown(rate(which)),
      shown(cpu(which)),
    ]);
    rows.forEach((row) => say(row.join("  ")));
    const ratio = rate("product").median / rate("raw").median;
    return {
      tables: [
        {
          title: `Medians (least–most) of ${rounds}`,
          rows: [["", "requests per second", "CPU per request, µs"], ...rows],
        },
      ],
      bars: [
        {
          figure: "client throughput, list of 10 shares, 64 in flight",
          limit: ">= 0.75 x undici with JSON.parse",
          measured: `${number(ratio)} x`,
          met: ratio >= 0.75,
        },
      ],
      data: loads,
    };
  },
};

async function answerOfTen(place: Place): Promise<{ file: string; session: string }> {
  const appliance = await startAppliance(place, { sessions: 1 });
  const [session = ""] = appliance.sessions;
  for (let count = 0; count < 10; count++) await appliance.addShare(session);
  const answer = await fetch(`${appliance.url}/api/v2/session/${session}/share`, {
    headers: { authorization: appliance.apiKey },
  });
  const file = join(place.folder, "ten-shares.json");
  writeFileSync(file, await answer.text());
  await appliance.close();
  return { file, session };
}
