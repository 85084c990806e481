// Where the demo plays: a temporary copy of the quickstart with local state, the appliance's emulator in this process,
// and words on the terminal. It must not know the story.
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

/** A claim of the demo that turned out not to be true. */
export class Untrue extends Error {}

let steps = 0;
/** The next chapter, and what it is about. */
export const step = (title, ...words) =>
  print(`\n${bold(cyan(`${++steps}. ${title}`))}\n${words.map((line) => `   ${line}`).join("\n")}`);
/** One more remark. */
export const remark = (text) => print(`   ${text}`);
/** The one thing that is secret and shown on purpose. */
export const showSecret = (text) => print(`\n      ${bold(yellow(text))}\n`);
/** Something that an operator types. */
export const typed = (text) => print(`\n   ${bold(`$ ${text}`)}`);

/** Says what has been checked, or ends the demo when it is not so. */
export function claim(text, isTrue, detail = "") {
  if (!isTrue) throw new Untrue(`not true: ${text}${detail === "" ? "" : `\n   ${detail}`}`);
  print(`   ${green("✓")} ${text}`);
}

/** Starts the emulator over HTTPS and lays out the project. `close` takes everything away again. */
export async function openStage() {
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

/** Runs `pulumi`, shown as an operator would type it; answers what it printed, without colours. Throws when it fails. */
async function pulumi(folder, args, { input, quiet = false } = {}) {
  if (!quiet) typed(`pulumi ${args.join(" ")}${input === undefined ? "" : "        (the value comes through a pipe)"}`);
  const own = Object.entries(process.env).filter(([name]) => !/^(FUDO|PULUMI)_/.test(name));
  const settings = {
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "demo",
  };
  const quietly = { PULUMI_SKIP_UPDATE_CHECK: "1", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
  const env = { ...Object.fromEntries(own), ...settings, ...quietly };
  const child = spawn(
    "pulumi",
    [
      ...args,
      "--non-interactive",
      ...(verbs.has(args[0]) ? ["--suppress-progress"] : []),
      `--color=${coloured ? "always" : "never"}`,
    ],
    { cwd: join(folder, "project"), env, stdio: "pipe" },
  );
  child.stdin.end(input);
  const { code, output } = await follow(child, {
    onLine: quiet ? undefined : (line) => print(`   ${dim("│")} ${line}`),
  });
  if (code !== 0) throw new Untrue(`pulumi ${args[0]} ended with ${code}${quiet ? `:\n${output}` : ""}`);
  return stripVTControlCharacters(output);
}

/** Changes one text of the program, shown as a diff. */
export function edit(project, before, after) {
  const file = join(project, "examples", "quickstart", "index.ts");
  const text = readFileSync(file, "utf8");
  if (!text.includes(before)) throw new Error(`the program does not say ${before}`);
  writeFileSync(file, text.replace(before, after));
  print(`\n   ${dim("examples/quickstart/index.ts")}\n   - ${before}\n   + ${after}`);
}
