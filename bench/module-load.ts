// Measures how long single modules of the installed product take to load, each in a new process.
import { execFileSync } from "node:child_process";
import type { Workspace } from "./workspace";

export interface LoadTimes {
  readonly what: string;
  /** One value per process. */
  readonly ms: readonly number[];
}

interface Load {
  readonly what: string;
  /** Modules that are loaded before the clock starts. */
  readonly before?: readonly string[];
  readonly module: string;
}

const own = (file: string) => `./node_modules/pulumi-fudo/dist/${file}`;
const adapter = own("provider/dynamic/face.js");

const loads: readonly Load[] = [
  {
    what: "SDK + the adapter (`face.js` and its imports)",
    before: ["@grpc/grpc-js", "@pulumi/pulumi/runtime"],
    module: adapter,
  },
  {
    what: "adapter + `@js-temporal/polyfill` (first instant or duration)",
    before: [adapter],
    module: "@js-temporal/polyfill",
  },
  { what: "adapter + `undici` (first request)", before: [adapter], module: "undici" },
  {
    what: "adapter + wire schemas (first response)",
    before: [adapter],
    module: own("provider/client/schema/share-schema.js"),
  },
  { what: "program: `@pulumi/pulumi`", module: "@pulumi/pulumi" },
  { what: "program: `@pulumi/pulumi` + `pulumi-fudo`", before: ["@pulumi/pulumi"], module: "pulumi-fudo" },
];

/** Loads each module once per round, each time in a new process. */
export function measureLoadTimes(workspace: Workspace, rounds: number): LoadTimes[] {
  const times = loads.map(({ what }) => ({ what, ms: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, load] of loads.entries()) times[index]?.ms.push(loadOnce(workspace, load));
  }
  return times;
}

function loadOnce(workspace: Workspace, { before = [], module }: Load): number {
  const required = (name: string) => `require(${JSON.stringify(name)});`;
  const script = `${before.map(required).join("")} const begun = performance.now(); ${required(module)} console.log(performance.now() - begun);`;
  return Number(execFileSync("node", ["-e", script], { cwd: workspace.folder, encoding: "utf8" }));
}
