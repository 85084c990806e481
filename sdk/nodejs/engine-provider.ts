// Hands the provider to the engine in the form that works where the package manager has put this package.
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ownProvider = require("../../provider/dynamic/provider");

type Provider = pulumi.dynamic.ResourceProvider;

const packageName = "pulumi-fudo";

let engineForm: Provider | undefined;

/**
 * The provider, always the same object, because the SDK caches its text by object. Throws `RunError` if the engine cannot
 * load this package: that would fail later, and in `destroy` too.
 */
export function engineProvider(): Provider {
  if (engineForm !== undefined) return engineForm;
  const [provider, path] = providerWithPath();
  return (engineForm = isFoundByName(path) ? provider : { ...provider });
}

/** The provider and its real path. */
function providerWithPath(): [Provider, string] {
  // Engine: it compiles the provider's text in the program's folder, so only packages that are found there can be loaded.
  const programRequire = createRequire(join(process.cwd(), "index.js"));
  const path = resolved(() => programRequire.resolve(`${packageName}/dist/provider/dynamic/provider.js`));
  const ownPath = resolved(() => require.resolve("../../provider/dynamic/provider"));
  if (path === undefined && isProgramOfEngine()) throw new pulumi.RunError(notInProgram);
  if (ownPath !== undefined || path === undefined) return [ownProvider, ownPath ?? ""];
  // A bundler has put this package into the program's file. Then only the installed copy has a text that the engine can run.
  return [programRequire(path) as Provider, path];
}

const notInProgram =
  `${packageName} cannot be loaded from the program's folder, and the Pulumi engine loads it from there, also if only a ` +
  "component library uses it or if a bundle contains it. Add it to the program's own dependencies: npm install " +
  `${packageName} (or pnpm add, yarn add, bun add)`;

function resolved(resolve: () => string): string | undefined {
  try {
    return resolve();
  } catch {
    return undefined;
  }
}

/**
 * Engine: its own process for a program runs in the folder where the provider runs too. An inline program of the Automation
 * API and a unit test may run anywhere.
 */
function isProgramOfEngine(): boolean {
  return /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run[\\/]/.test(require.main?.filename ?? "");
}

/**
 * Whether the SDK derives this package's name from the path of a module. It takes what follows the first `node_modules`, and
 * since 3.251 what follows the last one if pnpm made the folders. In all other stores (`.bun`, `.store`) it takes the
 * store's folder for a package. A copy of the provider's object is no module: the SDK then writes its functions as text.
 */
function isFoundByName(path: string): boolean {
  // The SDK's path: relative to the folder of the process.
  const parts = relative(process.cwd(), path).split(/[\\/]/);
  const isPnpm = parts.includes(".pnpm") && sdkKnowsPnpm();
  const folder = isPnpm ? parts.lastIndexOf("node_modules") : parts.indexOf("node_modules");
  return folder >= 0 && parts[folder + 1] === packageName;
}

function sdkKnowsPnpm(): boolean {
  const { version } = require("@pulumi/pulumi/package.json") as { version: string };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 251);
}
