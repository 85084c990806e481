// The environment of the demo: a temporary copy of the quickstart with local state, the emulator in this process, and the
// output on the terminal.
import { createRequire } from "node:module";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { follow } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const style = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim, green, yellow, cyan] = [1, 2, 32, 33, 36].map(style);
const print = (text = "") => process.stdout.write(`${text}\n`);

/** A check of the demo failed, or a command did. */
export class CheckFailed extends Error {}

let steps = 0;
/** Prints the heading of the next step and what it is about. */
export const step = (title, ...lines) =>
  print(`\n${bold(cyan(`${++steps}. ${title}`))}\n${lines.map((line) => `   ${line}`).join("\n")}`);
export const note = (text) => print(`   ${text}`);
/** Prints the link, the only secret that the demo shows. */
export const showSecret = (text) => print(`\n      ${bold(yellow(text))}\n`);
/** Prints a command as an operator types it. */
export const showCommand = (text) => print(`\n   ${bold(`$ ${text}`)}`);

/** Prints `text` with a tick if `passed`, else ends the demo. */
export function check(text, passed, detail = "") {
  if (!passed) throw new CheckFailed(`check failed: ${text}${detail === "" ? "" : `\n   ${detail}`}`);
  print(`   ${green("✓")} ${text}`);
}

/** Starts the emulator with HTTPS and creates the project. `close` stops the emulator and removes all files. */
export async function openDemo() {
  const { startEmulator } = createRequire(import.meta.url)("../dist/provider/emulator/index.js");
  const appliance = await startEmulator({ https: true, behaviour: { removedShares: "flagged" } });
  const folder = mkdtempSync(join(tmpdir(), "pulumi-fudo-demo-"));
  for (const name of ["state", "home", "project"]) mkdirSync(join(folder, name));
  const project = join(folder, "project");
  cpSync(join(root, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
  for (const file of ["index.ts", "package.json", "tsconfig.json"])
    cpSync(join(root, "examples", "quickstart", file), join(project, "examples", "quickstart", file));
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  const close = async () => {
    await appliance.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { appliance, project, pulumi: (args, options) => pulumi(folder, args, options), close };
}

const verbs = new Set(["up", "refresh", "destroy"]);

/** Runs `pulumi` and prints the command with its output. Returns the output without colours; throws if it fails. */
async function pulumi(folder, args, { input, quiet = false } = {}) {
  if (!quiet)
    showCommand(`pulumi ${args.join(" ")}${input === undefined ? "" : "        (reads the value from stdin)"}`);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FUDO|PULUMI)_/.test(name));
  const settings = {
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "demo",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const child = spawn(
    "pulumi",
    [
      ...args,
      "--non-interactive",
      ...(verbs.has(args[0]) ? ["--suppress-progress"] : []),
      `--color=${coloured ? "always" : "never"}`,
    ],
    { cwd: join(folder, "project"), env: { ...Object.fromEntries(inherited), ...settings }, stdio: "pipe" },
  );
  child.stdin.end(input);
  const { code, output } = await follow(child, {
    onLine: quiet ? undefined : (line) => print(`   ${dim("│")} ${line}`),
  });
  if (code !== 0) throw new CheckFailed(`pulumi ${args[0]} exited with code ${code}${quiet ? `:\n${output}` : ""}`);
  return stripVTControlCharacters(output);
}

/** Replaces a text in the program and prints the change as a diff. */
export function edit(project, before, after) {
  const file = join(project, "examples", "quickstart", "index.ts");
  const text = readFileSync(file, "utf8");
  if (!text.includes(before)) throw new Error(`the program does not contain ${before}`);
  writeFileSync(file, text.replace(before, after));
  print(`\n   ${dim("examples/quickstart/index.ts")}\n   - ${before}\n   + ${after}`);
}
