// Measures `fudo-audit` on one stack with many shares: requests, time and peak memory. `pulumi stack import` creates the state.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "../../../test/support/engine-workspace";
import { startAppliance, type Appliance } from "../../appliance";
import { product } from "../../candidates";
import { openStack, secretValue, type Resource } from "../../stack";
import type { Workspace } from "../../workspace";
import { runTimed } from "./run-timed";

export interface AuditSample {
  readonly shares: number;
  readonly sessions: number;
  readonly ms: number;
  readonly peakBytes: number;
  readonly gets: number;
  readonly listBytes: number;
  readonly reportBytes: number;
}

export const sharesPerSession = 20;

/** Measures one stack with this many shares, which `pulumi stack export` prints. */
export async function auditOneStack(workspace: Workspace, shares: number): Promise<AuditSample> {
  const sessions = Math.ceil(shares / sharesPerSession);
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
  const { code, ms, peakBytes, output } = await runTimed([command, ...args], environment);
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
