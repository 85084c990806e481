// Describes the machine and the versions of a run: a result means nothing without them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { environmentOf } from "../test/support/engine-workspace";
import type { Workspace } from "./workspace";

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  readonly pulumi: string;
  readonly sdk: string;
  readonly product: string;
  /** Load average of the minute before the part: far above 0 means that other programs ran too. */
  readonly loadBefore: number;
}

export function describeMachine(workspace: Workspace): Machine {
  const version = (name: string) =>
    (JSON.parse(readFileSync(workspace.installed(...name.split("/"), "package.json"), "utf8")) as { version: string })
      .version;
  const output = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { encoding: "utf8", env: environmentOf(workspace.folder) }).trim();
  return {
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    pulumi: output("pulumi", ["version"]),
    sdk: version("@pulumi/pulumi"),
    product: `${version("pulumi-fudo")}, commit ${output("git", ["rev-parse", "--short", "HEAD"])}`,
    loadBefore: loadavg()[0] ?? NaN,
  };
}
