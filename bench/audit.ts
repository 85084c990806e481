// `fudo-audit` on many shares: calls, time and peak memory of the command, on a state made by `pulumi stack import`.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "../test/support/engine-workspace";
import { startAppliance, type Appliance } from "./appliance";
import { contenders } from "./candidates";
import { atMost, number, type Part } from "./part";
import type { Place } from "./workspace";
import { openStack, type Resource } from "./stack";

export interface AuditSample {
  readonly shares: number;
  readonly sessions: number;
  readonly ms: number;
  readonly peakBytes: number;
  readonly gets: number;
  readonly listBytes: number;
  readonly reportBytes: number;
}

const sharesPerSession = 20;

export const audit: Part = {
  name: "audit",
  about: `\`fudo-audit --stack\` with a JSON and an HTML report; ${sharesPerSession} shares on each session.`,
  async measure(place, { imported }, say) {
    const samples: AuditSample[] = [];
    for (const shares of imported) {
      const sample = await audited(place, shares, Math.ceil(shares / sharesPerSession));
      samples.push(sample);
      say(
        `${shares} shares on ${sample.sessions} sessions: ${number(sample.ms / 1000)} s, ${number(sample.peakBytes / 1e6)} MB, ${sample.gets} GET`,
      );
    }
    const bars = samples.map(({ shares, sessions, gets }) =>
      atMost(`GETs, audit of ${shares} shares on ${sessions} sessions`, gets, sessions, "one for each session"),
    );
    const head = ["shares", "sessions", "audit, s", "peak RSS, MB", "GETs", "lists, MB", "JSON report, MB"];
    const rows = samples.map((s) => [
      String(s.shares),
      String(s.sessions),
      ...[s.ms / 1000, s.peakBytes / 1e6].map(number),
      String(s.gets),
      ...[s.listBytes / 1e6, s.reportBytes / 1e6].map(number),
    ]);
    return {
      tables: [{ title: "fudo-audit, the Pulumi CLI's export included in the time", rows: [head, ...rows] }],
      bars,
      data: samples,
    };
  },
};

async function audited(place: Place, shares: number, sessions: number): Promise<AuditSample> {
  const [product] = contenders.filter(({ name }) => name === "product");
  if (product === undefined) throw new Error("there is no product among the contenders");
  const appliance = await startAppliance(place, { sessions });
  const stack = await openStack(place, product, appliance);
  await stack.import(await declaredShares(appliance, shares));
  await appliance.takeCalls();
  const project = join(stack.folder, "project");
  const report = join(stack.folder, "report.json");
  const args = [
    "--stack",
    "dev",
    "--cwd",
    project,
    "--output",
    `json=${report}`,
    "--output",
    `html=${join(stack.folder, "report.html")}`,
  ];
  const environment = {
    ...environmentOf(stack.folder),
    PULUMI_CONFIG_PASSPHRASE: undefined,
    FUDO_URL: appliance.url,
    FUDO_API_KEY: appliance.apiKey,
  };
  const { code, ms, peakBytes, output } = await timed(
    place.installed("pulumi-fudo", "dist", "provider", "audit", "command.js"),
    args,
    environment,
  );
  if (code !== 0) throw new Error(`fudo-audit ended with ${code}:\n${output.slice(-4000)}`);
  const { gets, listBytes } = await appliance.takeCalls();
  const reportBytes = readFileSync(report).length;
  stack.close();
  await appliance.close();
  return { shares, sessions, ms, peakBytes, gets, listBytes, reportBytes };
}

/** Shares of the panel, as a state holds them. */
async function declaredShares(appliance: Appliance, shares: number): Promise<Resource[]> {
  const resources: Resource[] = [
    { urn: "urn:pulumi:dev::bench::pulumi:pulumi:Stack::bench-dev", custom: false, type: "pulumi:pulumi:Stack" },
  ];
  for (let index = 0; index < shares; index++) {
    const sessionId = appliance.sessions[index % appliance.sessions.length] ?? "";
    const { key, validSince, validTo } = await appliance.addShare(sessionId);
    const fingerprint = createHash("sha256").update(key).digest("hex").slice(0, 16);
    const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
    const outputs = {
      sessionId,
      validSince,
      validTo,
      readonly: true,
      labels: { vendor: `vendor-${index % 40}` },
      fingerprint,
      appliance: appliance.url,
    };
    resources.push({
      urn: `urn:pulumi:dev::bench::${type}::share-${index}`,
      custom: true,
      type,
      id: `${sessionId}/${fingerprint}`,
      inputs: outputs,
      outputs: { ...outputs, key: secret(key) },
    });
  }
  return resources;
}

/** As `stack import` encrypts it. */
function secret(text: string): unknown {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(text) };
}

const tellMemory = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

async function timed(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; ms: number; peakBytes: number; output: string }> {
  const begun = performance.now();
  const child = spawn("node", ["--import", tellMemory, command, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number];
  const [, kilobytes = "NaN"] = /^peak (\d+)$/m.exec(output) ?? [];
  return { code, ms: Math.round(performance.now() - begun), peakBytes: Number(kilobytes) * 1024, output };
}
