// Who is measured. A contender is a package and the program that uses it; another face of the product is one more row.
import { join } from "node:path";

export interface Contender {
  readonly name: string;
  /** What the program imports. */
  readonly package: string;
  /** The folder that npm packs. */
  readonly source: string;
  /** False for the floor: it calls nobody. */
  readonly calls: boolean;
  /** `index.js` with so many shares; `./sessions.json` beside it lists the sessions, which take turns. */
  program(shares: number): string;
  /** Whether a command line, as `ps` shows it, is the process in which the provider runs. */
  isProvider(command: string): boolean;
}

const root = join(__dirname, "..");

/** A dynamic resource with the product's constructor. */
const dynamic = (name: string, source: string, packageName: string): Contender => ({
  name,
  source,
  package: packageName,
  calls: name !== "floor",
  program: (shares) => `"use strict";
const { SessionShare } = require("${packageName}");
const sessions = require("./sessions.json");
for (let i = 0; i < ${shares}; i++) new SessionShare(\`share-\${i}\`, { sessionId: sessions[i % sessions.length], duration: "PT8H" });
`,
  isProvider: (command) => /^\S*node \S*dynamic-provider\S* /.test(command),
});

export const floor = dynamic("floor", join(__dirname, "packages", "baseline"), "bench-floor");
export const naive = dynamic("naive", join(__dirname, "packages", "naive"), "bench-naive");
export const product = dynamic("product", root, "pulumi-fudo");

export const contenders: readonly Contender[] = [floor, naive, product];
