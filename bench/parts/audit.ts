// Measures `fudo-audit` on many shares: requests, time and peak memory, on a state created with `pulumi stack import`.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "../../test/support/engine-workspace";
import { startAppliance, type Appliance } from "../appliance";
import { product } from "../candidates";
import { atMost, number, type Part } from "../part";
import { openStack, secretValue, type Resource } from "../stack";
import type { Workspace } from "../workspace";

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
  about: `\`fudo-audit --stack\` with a JSON and an HTML report, ${sharesPerSession} shares per session.`,
  async measure(workspace, { imported }, log) {
    const samples: AuditSample[] = [];
    for (const shares of imported) {
      const sample = await runAudit(workspace, shares, Math.ceil(shares / sharesPerSession));
      samples.push(sample);
      log(
        `${shares} shares on ${sample.sessions} sessions: ${number(sample.ms / 1000)} s, ${number(sample.peakBytes / 1e6)} MB, ${sample.gets} GET`,
      );
    }
    const thresholds = samples.map(({ shares, sessions, gets }) =>
      atMost(`GETs of an audit, ${shares} shares on ${sessions} sessions`, gets, sessions, "one per session"),
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
      tables: [{ title: "fudo-audit; the time includes the Pulumi CLI's export", rows: [head, ...rows] }],
      thresholds,
      data: samples,
    };
  },
};

async function runAudit(workspace: Workspace, shares: number, sessions: number): Promise<AuditSample> {
  const appliance = await startAppliance(workspace, { sessions });
  const stack = await openStack(workspace, product, appliance);
  await stack.import(await stateOf(appliance, shares));
  await appliance.takeCounts();
  const report = join(stack.folder, "report.json");
  const outputs = [`json=${report}`, `html=${join(stack.folder, "report.html")}`].flatMap((one) => ["--output", one]);
  const args = ["--stack", "dev", "--cwd", join(stack.folder, "project"), ...outputs];
  const environment = {
    ...environmentOf(stack.folder),
    PULUMI_CONFIG_PASSPHRASE: undefined,
    FUDO_URL: appliance.url,
    FUDO_API_KEY: appliance.apiKey,
  };
  const command = workspace.installed("pulumi-fudo", "dist", "provider", "audit", "command.js");
  const { code, ms, peakBytes, output } = await runTimed(command, args, environment);
  if (code !== 0) throw new Error(`fudo-audit exited with code ${code}:\n${output.slice(-4000)}`);
  const { gets, listBytes } = await appliance.takeCounts();
  const reportBytes = readFileSync(report).length;
  stack.close();
  await appliance.close();
  return { shares, sessions, ms, peakBytes, gets, listBytes, reportBytes };
}

/** Creates shares on the appliance and returns them as a state holds them. */
async function stateOf(appliance: Appliance, shares: number): Promise<Resource[]> {
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
      outputs: { ...outputs, key: secretValue(key) },
    });
  }
  return resources;
}

const printPeakMemory =
  'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';

async function runTimed(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; ms: number; peakBytes: number; output: string }> {
  const begun = performance.now();
  const child = spawn("node", ["--import", printPeakMemory, command, ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number];
  const [, kilobytes = "NaN"] = /^peak (\d+)$/m.exec(output) ?? [];
  return { code, ms: Math.round(performance.now() - begun), peakBytes: Number(kilobytes) * 1024, output };
}
