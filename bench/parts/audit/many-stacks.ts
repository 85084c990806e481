// Measures `fudo-audit` on the exported states of many stacks, with an earlier report and every format, and in the same run a
// script that only reads the same states and lists.
import { createHash } from "node:crypto";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startAppliance, type Appliance } from "../../appliance";
import { atMost, number, type Table, type Threshold } from "../../part";
import type { Resource } from "../../stack";
import { growthExponent, summarize } from "../../statistics";
import type { Workspace } from "../../workspace";
import { runTimed, type Timed } from "./run-timed";

export interface ManyStacksSample {
  readonly stacks: number;
  readonly shares: number;
  readonly sessions: number;
  readonly gets: number;
  readonly reportBytes: number;
  /** One of each for each round. */
  readonly audit: readonly Pick<Timed, "ms" | "peakBytes">[];
  readonly reference: readonly Pick<Timed, "ms" | "peakBytes">[];
}

/** How much longer an audit may take than reading the same states and lists, and how much more memory it may need. */
const maxTimeRatio = 8;
const maxMemoryRatio = 2.5;

const sharesPerStack = 10;
/** Resources in a state that are no shares. */
const otherResources = 20;
const formats = ["json", "csv", "sarif", "markdown", "html"];

export async function auditManyStacks(workspace: Workspace, stacks: number, rounds: number): Promise<ManyStacksSample> {
  const appliance = await startAppliance(workspace, { sessions: stacks * 2 });
  const folder = workspace.stackFolder();
  const states: string[] = [];
  for (let index = 0; index < stacks; index++) states.push(await writeState(appliance, join(folder, "state"), index));
  const file = (name: string) => join(folder, name);
  writeFileSync(file("sessions.json"), JSON.stringify(appliance.sessions));
  const environment = { ...process.env, FUDO_URL: appliance.url, FUDO_API_KEY: appliance.apiKey };
  const command = workspace.installed("pulumi-fudo", "dist", "provider", "audit", "command.js");
  const run = async (args: readonly string[]) => {
    const { code, ms, peakBytes, output } = await runTimed(args, environment);
    if (code !== 0) throw new Error(`node ${args[0]} exited with code ${code}:\n${output.slice(-4000)}`);
    return { ms, peakBytes };
  };
  const stateOptions = states.flatMap((state) => ["--state", state]);
  await run([command, ...stateOptions, "--output", `json=${file("last.json")}`]);
  await appliance.takeCounts();
  const outputs = formats.flatMap((format) => ["--output", `${format}=${file(`report.${format}`)}`]);
  const script = join(__dirname, "..", "..", "load", "read-audit.cjs");
  const reading = [workspace.installed(), appliance.url, file("read.json"), file("sessions.json"), ...states];
  const audit: Pick<Timed, "ms" | "peakBytes">[] = [];
  const reference: Pick<Timed, "ms" | "peakBytes">[] = [];
  let gets = 0;
  for (let round = 0; round < rounds; round++) {
    audit.push(await run([command, ...stateOptions, "--previous", file("last.json"), ...outputs]));
    ({ gets } = await appliance.takeCounts());
    reference.push(await run([script, ...reading]));
    await appliance.takeCounts();
  }
  await appliance.close();
  const reportBytes = statSync(file("report.json")).size;
  const shares = stacks * sharesPerStack;
  return { stacks, shares, sessions: appliance.sessions.length, gets, reportBytes, audit, reference };
}

/** Creates the shares of one stack on the appliance and writes its state. Each session gets shares of several stacks. */
async function writeState(appliance: Appliance, folder: string, index: number): Promise<string> {
  const urn = (type: string, name: string) => `urn:pulumi:stack-${index}::bench::${type}::${name}`;
  const resources: Resource[] = Array.from({ length: otherResources }, (_, other) => ({
    urn: urn("aws:ec2/instance:Instance", `instance-${other}`),
    type: "aws:ec2/instance:Instance",
    custom: true,
    id: `i-${index}-${other}`,
    outputs: { tags: { owner: "bench" }, userData: "x".repeat(1000) },
  }));
  for (let count = 0; count < sharesPerStack; count++) {
    const sessionId = appliance.sessions[(index * 7 + count * 13) % appliance.sessions.length] ?? "";
    const { key, validSince, validTo, createdAt } = await appliance.addShare(sessionId);
    const type = "pulumi-nodejs:dynamic/fudo:SessionShare";
    const fingerprint = createHash("sha256").update(key).digest("hex").slice(0, 16);
    const inputs = { sessionId, validSince, validTo, readonly: true, labels: { vendor: `vendor-${index % 40}` } };
    const ciphertext = Buffer.from(fingerprint.repeat(6)).toString("base64");
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext };
    const outputs = { ...inputs, createdAt, fingerprint, appliance: appliance.url, key: secret, link: secret };
    const id = `${sessionId}/${fingerprint}`;
    resources.push({ urn: urn(type, `share-${count}`), custom: true, type, id, inputs, outputs });
  }
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `stack-${index}.json`);
  writeFileSync(file, JSON.stringify({ version: 3, deployment: { manifest: {}, resources } }));
  return file;
}

type Figure = "ms" | "peakBytes";

const medianOf = (values: readonly Pick<Timed, Figure>[], figure: Figure) =>
  summarize(values.map((value) => value[figure])).median;

/** Of the fastest rounds: what else runs on the machine only adds. */
const exponentOf = (samples: readonly ManyStacksSample[], figure: Figure) =>
  growthExponent(samples.map(({ shares, audit }) => [shares, summarize(audit.map((one) => one[figure])).least]));

export function manyStacksTable(samples: readonly ManyStacksSample[]): Table {
  const ratio = (sample: ManyStacksSample, figure: Figure) =>
    number(medianOf(sample.audit, figure) / medianOf(sample.reference, figure));
  const head = [
    "stacks",
    "shares",
    "sessions",
    "audit, s",
    "x reading",
    "peak RSS, MB",
    "x reading",
    "JSON report, MB",
  ];
  const rows = samples.map((sample) => [
    ...[sample.stacks, sample.shares, sample.sessions].map(String),
    number(medianOf(sample.audit, "ms") / 1000),
    ratio(sample, "ms"),
    number(medianOf(sample.audit, "peakBytes") / 1e6),
    ratio(sample, "peakBytes"),
    number(sample.reportBytes / 1e6),
  ]);
  const exponents = [
    "exponent of N",
    "",
    "",
    number(exponentOf(samples, "ms")),
    "",
    number(exponentOf(samples, "peakBytes")),
    "",
    "",
  ];
  return {
    title: `fudo-audit with --state for each stack, --previous and ${formats.length} formats; "x reading": compared with a script that only reads the same states and lists`,
    rows: [head, ...rows, exponents],
  };
}

export function manyStacksThresholds(samples: readonly ManyStacksSample[]): Threshold[] {
  const largest = samples.at(-1);
  if (largest === undefined) return [];
  const { shares, sessions, stacks, audit, reference, gets } = largest;
  const ratio = (figure: Figure) => medianOf(audit, figure) / medianOf(reference, figure);
  const of = `audit of ${stacks} stacks, ${shares} shares, ${sessions} sessions`;
  return [
    atMost(`GETs, ${of}`, gets, sessions, "one per session"),
    // An exponent of 1 is linear growth; a tenth for sorting and for the machine.
    atMost("growth of the time of an audit, exponent of N", exponentOf(samples, "ms"), 1.1),
    atMost("growth of the peak memory of an audit, exponent of N", exponentOf(samples, "peakBytes"), 1.1),
    atMost(`time, ${of}`, ratio("ms"), maxTimeRatio, "", "x reading"),
    atMost(`peak memory, ${of}`, ratio("peakBytes"), maxMemoryRatio, "", "x reading"),
  ];
}
