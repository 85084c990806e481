// On what the bench ran: a figure without its machine says nothing.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { environmentOf } from "../test/support/engine-workspace";
import type { Place } from "./workspace";

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
  /** Load average of the minute before: much more than 0 means that others ran too. */
  readonly loadBefore: number;
}

export function machineFacts(place: Place): Machine {
  const version = (name: string) =>
    (JSON.parse(readFileSync(place.installed(...name.split("/"), "package.json"), "utf8")) as { version: string })
      .version;
  const output = (command: string, args: readonly string[]) =>
    execFileSync(command, args, { encoding: "utf8", env: environmentOf(place.folder) }).trim();
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
