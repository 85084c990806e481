// The candidates that the bench measures: for each one a package and the program that uses it.
import { join } from "node:path";

export interface Candidate {
  readonly name: string;
  /** The package that the program imports. */
  readonly package: string;
  /** The folder that npm packs. */
  readonly source: string;
  /** False for the references that send no request. */
  readonly sendsRequests: boolean;
  /** More of Pulumi.yaml. */
  readonly project?: object;
  /** `index.js` with this many shares, spread evenly over the sessions in `./sessions.json`, and these inputs of each. */
  program(shares: number, more?: object): string;
  /** Whether a command line, as `ps` prints it, is the process in which the provider runs. */
  isProvider(command: string): boolean;
}

const root = join(__dirname, "..");

function programOf(module: string, shares: number, more: object = {}): string {
  return `"use strict";
const { SessionShare } = require("${module}");
const sessions = require("./sessions.json");
const more = ${JSON.stringify(more)};
for (let i = 0; i < ${shares}; i++) new SessionShare(\`share-\${i}\`, { sessionId: sessions[i % sessions.length], duration: "PT8H", ...more });
`;
}

/** A dynamic resource with the product's constructor. */
const dynamic = (name: string, source: string, packageName: string): Candidate => ({
  name,
  source,
  package: packageName,
  sendsRequests: name !== "baseline",
  program: (shares, more) => programOf(packageName, shares, more),
  isProvider: (command) => /^\S*node \S*dynamic-provider\S* /.test(command),
});

export const baseline = dynamic("baseline", join(__dirname, "packages", "baseline"), "bench-base");
export const naive = dynamic("naive", join(__dirname, "packages", "naive"), "bench-naive");
export const product = dynamic("product", root, "pulumi-fudo");

/** The program uses the generated SDK, and the engine finds the plugin in an installed package. */
const plugin = (name: string, source: string, packageName: string, script: RegExp): Candidate => ({
  name,
  source,
  package: packageName,
  sendsRequests: name !== "empty plugin",
  project: { plugins: { providers: [{ name: "fudo", path: `../../node_modules/${packageName}` }] } },
  program: (shares, more) => programOf("pulumi-fudo/plugin", shares, more),
  isProvider: (command) => /^\S*node /.test(command) && script.test(command),
});

export const emptyPlugin = plugin(
  "empty plugin",
  join(__dirname, "packages", "empty-plugin"),
  "bench-empty-plugin",
  /empty-plugin\/plugin\.js/,
);
export const productPlugin = plugin("plugin", root, "pulumi-fudo", /provider\/plugin\/command\.js/);

/** The public key of the age project's own documentation. */
const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];

/** The candidate with shares that are sealed to one recipient. */
export const sealed = (candidate: Candidate): Candidate => ({
  ...candidate,
  name: `${candidate.name}, sealed`,
  program: (shares) => candidate.program(shares, { recipients }),
});

/** The dynamic providers. */
export const candidates: readonly Candidate[] = [baseline, naive, product];
/** The plugins, and the dynamic providers that they are compared with. */
export const pluginCandidates: readonly Candidate[] = [baseline, product, emptyPlugin, productPlugin];
