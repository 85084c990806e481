// Programs that use the plugin's type SessionShare as a generated SDK does, and where the engine finds the plugin. For engine
// tests; knows nothing of what a test expects.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, Stack, StateResource } from "./engine";
import { textOf } from "./repository";

export const pluginShareType = "fudo:index:SessionShare";
/** Where a package manager puts the package, seen from the project. */
export const installedPath = "node_modules/pulumi-fudo";

/** The engine finds the plugin in this folder, relative to the project's. Undefined: the project names no folder. */
export function usePlugin({ folder }: Stack, path: string | undefined = installedPath): void {
  const file = join(folder, "project", "Pulumi.yaml");
  const { plugins: _, ...project } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const plugins = path === undefined ? {} : { plugins: { providers: [{ name: "fudo", path }] } };
  writeFileSync(file, JSON.stringify({ ...project, ...plugins }, null, 2));
}

/**
 * Program lines that declare a share of the plugin and export its url, fingerprint and end. Inputs and options: JSON, or source
 * as text.
 */
export function pluginShare(name: string, inputs: object | string, options: object | string = {}): string {
  const outputs = "{ url: undefined, key: undefined, link: undefined, fingerprint: undefined, validTo: undefined }";
  const source = (value: object | string) => (typeof value === "string" ? value : JSON.stringify(value));
  return [
    `const ${name} = new pulumi.CustomResource("${pluginShareType}", "${name}",`,
    `  { ...${outputs}, ...${source(inputs)} },`,
    `  pulumi.mergeOptions({ additionalSecretOutputs: ["key", "link", "url"] }, ${source(options)}));`,
    `exports.${name} = { url: ${name}.url, fingerprint: ${name}.fingerprint, validTo: ${name}.validTo };`,
  ].join("\n");
}

/** The shares of the plugin in a state, without those that are still to be deleted. */
export function pluginSharesIn({ resources }: Deployment): StateResource[] {
  return resources.filter((one) => one.type === pluginShareType && one.delete !== true);
}

/** A registry and a proxy that no process can reach: what a closed network looks like to npm and to the engine. */
export const closedNetwork = {
  npm_config_registry: "http://127.0.0.1:1",
  HTTP_PROXY: "http://127.0.0.1:1",
  HTTPS_PROXY: "http://127.0.0.1:1",
  NO_PROXY: "127.0.0.1,localhost",
};

/** Every command in docs/plugin.md. */
export function documentedCommands(): string[] {
  const blocks = [...textOf("docs/plugin.md").matchAll(/^```sh\n([^`]*)```/gm)];
  return blocks.flatMap(([, lines = ""]) => lines.trim().split("\n"));
}

/** The arguments of the command in docs/plugin.md that starts with `pulumi` and this text. */
export function documented(start: string): string[] {
  const [command, ...others] = documentedCommands().filter((line) => line.startsWith(`pulumi ${start}`));
  if (command === undefined || others.length > 0) throw new Error(`docs/plugin.md must have one \`pulumi ${start}\``);
  return command.split(" ").slice(1);
}
