// The temporary folders of our scripts: nothing is left in them, also after Ctrl-C in the middle of a child process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../support/repository";

const processes = pathToFileURL(join(root, "scripts", "processes.mjs")).href;

/** A script that makes a folder, prints its path and waits for a child process. */
const script = `
  import { endWithChildren, run, temporaryFolder } from ${JSON.stringify(processes)};
  endWithChildren();
  console.log(temporaryFolder("test"));
  await run("node", ["-e", "console.log('runs'); setInterval(() => {}, 1000)"]);
  await new Promise(() => {});
`;

test.each(["SIGINT", "SIGTERM"] as const)("%s removes the folder before the script ends", async (signal) => {
  const child = spawn("node", ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8");
  for await (const part of child.stdout) {
    output += String(part);
    if (output.includes("runs") && !child.killed) {
      expect(existsSync(output.split("\n")[0]!)).toBe(true);
      child.kill(signal);
    }
  }
  if (child.exitCode === null) await once(child, "exit");
  expect(output).toContain("runs");
  expect(child.exitCode).toBe(signal === "SIGINT" ? 130 : 143);
  expect(existsSync(output.split("\n")[0]!)).toBe(false);
});
