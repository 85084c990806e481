// Policy packs for engine tests: how the engine of this checkout runs one, and the product's own pack with a configuration.
// Knows nothing of what a test expects.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { environmentOf } from "./engine-workspace";
import { root, textOf } from "./repository";

/** The environment in which the engine runs a pack whose PulumiPolicy.yaml says `runtime: script`. */
export function policyEnvironment(workspace: string): Record<string, string> {
  const bin = join(workspace, "policy-bin");
  mkdirSync(bin, { recursive: true });
  // Engine: a language host of this age cannot run a pack. For any other runtime, the engine starts this command.
  const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const script = `#!/bin/sh\nexec node ${JSON.stringify(runner)} "$@"\n`;
  writeFileSync(join(bin, "pulumi-analyzer-policy-script"), script, { mode: 0o755 });
  return { PATH: [bin, environmentOf(workspace)["PATH"]].join(delimiter) };
}

/** The product's pack in this workspace, as the package has it, but with that runtime. Returns its folder. */
export function productPack(workspace: string): string {
  const folder = join(workspace, "package", "policy");
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, "dist"), join(workspace, "package", "dist"), "dir");
  const project = textOf("policy/PulumiPolicy.yaml");
  if (!project.includes("runtime: nodejs\n")) throw new Error("policy/PulumiPolicy.yaml must have the runtime nodejs");
  writeFileSync(join(folder, "PulumiPolicy.yaml"), project.replace("runtime: nodejs", "runtime: script"));
  writeFileSync(join(folder, "package.json"), readFileSync(join(root, "policy", "package.json")));
  return folder;
}

/** The options of `pulumi preview` and `pulumi up` for a pack and its configuration. */
export function policyOptions(workspace: string, pack: string, config: object): string[] {
  const file = join(workspace, "output", "policy.json");
  writeFileSync(file, JSON.stringify(config));
  return ["--policy-pack", pack, "--policy-pack-config", file];
}
