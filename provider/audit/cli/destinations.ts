// Checks that each report has a destination of its own, and that no report replaces a file that the audit reads.
import { fstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { printable } from "../../client";
import { UsageError } from "../model/usage-error";
import type { AuditArguments, Output } from "./arguments";

/** Names of standard output on the systems that have one. */
const standardOutputs = /^\/(?:dev\/(?:stdout|fd\/1|tty)|proc\/(?:self|\d+)\/fd\/1)$/;

/** The numbers of standard input and standard output. Only tests set others. */
const standardDescriptors = { stdin: 0, stdout: 1 };

/** Throws `UsageError` for two names of one place. Names are compared by the place that they lead to. */
export function requireDistinctDestinations(
  { outputs, ...inputs }: Pick<AuditArguments, "outputs" | "states" | "previous" | "acceptFile">,
  { stdin, stdout } = standardDescriptors,
): void {
  // `-o json=r > r`: the report would replace the file that the shell opened, and the table would be lost.
  const taken = new Map(placesOfStream(stdout).map((place) => [place, "standard output"]));
  for (const output of outputs) {
    const { file } = output;
    if (file === undefined) continue;
    const name = printable(file);
    if (standardOutputs.test(resolve(file)))
      throw new UsageError(`--output: ${name} is standard output: write ${output.format}=- instead`);
    for (const place of placesOf(file)) {
      const other = taken.get(place);
      if (other !== undefined) throw new UsageError(`--output: ${other} and ${name} are the same file`);
    }
    for (const place of placesOf(file)) taken.set(place, name);
    requireNoInput(file, inputsOf(output, inputs, stdin));
  }
}

/** Throws `UsageError` for a report that would replace the file of the CA certificates, which a stack may configure. */
export function requireKeptCertificates(outputs: readonly Output[], caCertificate: string | undefined): void {
  if (caCertificate === undefined || caCertificate.includes("-----BEGIN")) return;
  for (const { file } of outputs) {
    if (file !== undefined) requireNoInput(file, [["the setting caCertificate", placesOf(caCertificate)]]);
  }
}

/** The option or setting that names a file that the audit reads, and what identifies the file. */
type Input = readonly [name: string, places: readonly string[]];

function inputsOf(
  { format }: Output,
  { states, previous, acceptFile }: Pick<AuditArguments, "states" | "previous" | "acceptFile">,
  stdin: number,
): Input[] {
  return [
    ...states.map((state) => ["--state", state === "-" ? placesOfStream(stdin) : placesOf(state)] as const),
    ...(acceptFile === undefined ? [] : [["--accept", placesOf(acceptFile)] as const]),
    // The JSON report of each run replaces the one before: that is what --previous is for.
    ...(previous === undefined || format === "json" ? [] : [["--previous", placesOf(previous)] as const]),
  ];
}

function requireNoInput(file: string, inputs: readonly Input[]): void {
  const places = placesOf(file);
  for (const [option, input] of inputs) {
    if (input.some((place) => places.includes(place)))
      throw new UsageError(`--output: ${printable(file)} is also the file of ${option}, which a report would replace`);
  }
}

/** What identifies a file: its path without symbolic links, and its number on the disk where it exists. */
function placesOf(file: string): string[] {
  try {
    const status = statSync(file, { throwIfNoEntry: false, bigint: true });
    return [realPath(file), ...(status === undefined ? [] : [`${status.dev}:${status.ino}`])];
  } catch {
    // A path that cannot be used: who reads or writes it reports why.
    return [realPath(file)];
  }
}

/** What identifies the file behind a stream; nothing for a terminal or a pipe. */
function placesOfStream(descriptor: number): string[] {
  try {
    const status = fstatSync(descriptor, { bigint: true });
    return status.isFile() ? [`${status.dev}:${status.ino}`] : [];
  } catch {
    // The stream is closed.
    return [];
  }
}

function realPath(file: string): string {
  const path = resolve(file);
  try {
    return realpathSync(path);
  } catch {
    // A new file: only its folder exists.
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}
