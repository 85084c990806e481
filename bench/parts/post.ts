// Measures what a fresh connection costs a POST over TLS: our client sends a POST only on a connection that is new or answered
// within the last second, undici alone reuses older ones.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAppliance } from "../appliance";
import { number, type Part } from "../part";
import { summarize, type Summary } from "../statistics";

const typescript = ["-r", "ts-node/register/transpile-only"];
const script = join(__dirname, "..", "load", "posts.ts");

export const post: Part = {
  name: "post",
  about: "POST of a share over TLS, one at a time, back to back and after 1.2 s without a request.",
  async measure(workspace, { quick }, log) {
    const appliance = await startAppliance(workspace, { sessions: 1, https: true });
    const caFile = join(workspace.folder, "appliance-ca.pem");
    writeFileSync(caFile, appliance.certificate ?? "");
    const [session = ""] = appliance.sessions;
    const times = (which: string, count: number, idleMs: number) => {
      const { url, apiKey } = appliance;
      const args = [script, which, workspace.installed(), url, apiKey, caFile, String(count), String(idleMs), session];
      return JSON.parse(execFileSync("node", [...typescript, ...args], { encoding: "utf8" })) as number[];
    };
    const cases = [
      ["back to back", quick ? 50 : 300, 0],
      ["after 1.2 s", quick ? 3 : 15, 1200],
    ] as const;
    const data = cases.map(([name, count, idleMs]) => ({
      name,
      raw: times("raw", count, idleMs),
      product: times("product", count, idleMs),
    }));
    await appliance.close();
    const rows = data.map(({ name, raw, product }) => {
      const [alone, ours] = [summarize(raw), summarize(product)];
      return [name, shown(alone), shown(ours), number(ours.median / alone.median)];
    });
    rows.forEach((row) => log(row.join("  ")));
    return {
      tables: [
        { title: "ms, medians (least–most)", rows: [["", "undici alone", "product", "product / undici"], ...rows] },
      ],
      thresholds: [],
      data,
    };
  },
};

function shown({ median, least, most }: Summary): string {
  return `${number(median)} (${number(least)}–${number(most)})`;
}
