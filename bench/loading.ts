// What single modules of the installed product cost to load, each in a fresh process.
import { execFileSync } from "node:child_process";
import type { Place } from "./workspace";

export interface LoadingCost {
  readonly what: string;
  /** One value for each process. */
  readonly ms: readonly number[];
}

interface Load {
  readonly what: string;
  /** Loaded before the clock starts. */
  readonly before?: readonly string[];
  readonly module: string;
}

const own = (file: string) => `./node_modules/pulumi-fudo/dist/${file}`;
const face = own("provider/dynamic/face.js");

const loads: readonly Load[] = [
  {
    what: "SDK + the face (`face.js` and what it needs)",
    before: ["@grpc/grpc-js", "@pulumi/pulumi/runtime"],
    module: face,
  },
  { what: "face + `temporal-polyfill` (first instant or duration)", before: [face], module: "temporal-polyfill" },
  { what: "face + `undici` (first request)", before: [face], module: "undici" },
  {
    what: "face + wire schemas with `zod` (first answer)",
    before: [face],
    module: own("provider/client/share-schema.js"),
  },
  { what: "program: `@pulumi/pulumi`", module: "@pulumi/pulumi" },
  { what: "program: `@pulumi/pulumi` + `pulumi-fudo`", before: ["@pulumi/pulumi"], module: "pulumi-fudo" },
];

/** Loads each module in so many processes, in turns. */
export function loadingCosts(place: Place, rounds: number): LoadingCost[] {
  const costs = loads.map(({ what }) => ({ what, ms: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, load] of loads.entries()) costs[index]?.ms.push(loadOnce(place, load));
  }
  return costs;
}

function loadOnce(place: Place, { before = [], module }: Load): number {
  const required = (name: string) => `require(${JSON.stringify(name)});`;
  const script = `${before.map(required).join("")} const begun = performance.now(); ${required(module)} console.log(performance.now() - begun);`;
  return Number(execFileSync("node", ["-e", script], { cwd: place.folder, encoding: "utf8" }));
}
