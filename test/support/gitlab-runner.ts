// Runs a GitLab pipeline on this machine with gitlab-ci-local, which reads and checks the files as GitLab does: includes, the
// inputs of a component, and GitLab's JSON schema. The jobs run in the workspace itself: no image, no cache, no artifact store,
// no masking of variables, and no lock between pipelines.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { outcomeOf } from "./process-outcome";

export interface PipelineRun {
  readonly succeeded: boolean;
  readonly log: string;
  /** The exit code of each job that failed. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Runs all jobs. The files are the ones of the repository, by path. `env` stands for the CI/CD variables of the project. */
export async function runPipeline(
  workspace: string,
  files: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): Promise<PipelineRun> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(workspace, path, ".."), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const git = (...args: string[]) => execFileSync("git", args, { cwd: workspace, stdio: "ignore" });
  git("init");
  // The address names the server and the project. Nothing is fetched from it.
  git("config", "remote.origin.url", "git@gitlab.example.com:tools/shares.git");
  git("add", ...Object.keys(files));
  const PATH = [withoutCopies(workspace), env["PATH"]].join(delimiter);
  const args = ["--force-shell-executor", "--no-color"];
  const child = spawn("gitlab-ci-local", args, {
    cwd: workspace,
    env: { ...env, PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { code, stdout, stderr } = await outcomeOf(child);
  const failures = [...`${stdout}\n${stderr}`.matchAll(/^(\S+) +finished in .* FAIL (\d+)/gm)];
  return {
    succeeded: code === 0,
    log: stdout + stderr,
    failures: Object.fromEntries(failures.map(([, job = "", exitCode]) => [job, Number(exitCode)])),
  };
}

/** gitlab-ci-local copies files for containers and artifacts with rsync, which no machine has to have for the shell. */
function withoutCopies(workspace: string): string {
  const bin = join(workspace, "bin-of-runner");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "rsync"), "#!/bin/sh\nexit 0\n");
  chmodSync(join(bin, "rsync"), 0o755);
  return bin;
}
