// The candidates that the bench measures: for each one a package and the program that uses it.
import { join } from "node:path";

export interface Candidate {
  readonly name: string;
  /** The package that the program imports. */
  readonly package: string;
  /** The folder that npm packs. */
  readonly source: string;
  /** False for the baseline, which sends no request. */
  readonly sendsRequests: boolean;
  /** `index.js` with this many shares, spread evenly over the sessions in `./sessions.json`. */
  program(shares: number): string;
  /** Whether a command line, as `ps` prints it, is the process in which the provider runs. */
  isProvider(command: string): boolean;
}

const root = join(__dirname, "..");

/** A dynamic resource with the product's constructor. */
const dynamic = (name: string, source: string, packageName: string): Candidate => ({
  name,
  source,
  package: packageName,
  sendsRequests: name !== "baseline",
  program: (shares) => `"use strict";
const { SessionShare } = require("${packageName}");
const sessions = require("./sessions.json");
for (let i = 0; i < ${shares}; i++) new SessionShare(\`share-\${i}\`, { sessionId: sessions[i % sessions.length], duration: "PT8H" });
`,
  isProvider: (command) => /^\S*node \S*dynamic-provider\S* /.test(command),
});

export const baseline = dynamic("baseline", join(__dirname, "packages", "baseline"), "bench-base");
export const naive = dynamic("naive", join(__dirname, "packages", "naive"), "bench-naive");
export const product = dynamic("product", root, "pulumi-fudo");

export const candidates: readonly Candidate[] = [baseline, naive, product];
