// `npm run matrix [-- CELL …]`: installs the packed tarball in each cell and runs install, up, an up without changes, refresh
// and destroy with the real Pulumi engine against the emulator. One more stack moves from cell to cell. Prints a table.
import { createRequire } from "node:module";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { cells, versions } from "./matrix-cells.mjs";
import { installCell, packAll } from "./matrix-install.mjs";
import { programOf } from "./matrix-programs.mjs";
import { endWithChildren, follow, run, StepFailed, temporaryFolder } from "./processes.mjs";
import { spawn } from "node:child_process";

const steps = ["install", "up", "no-op up", "refresh", "destroy", "moved stack"];

const texts = fileURLToPath(new URL("../test/fixtures/provider-text", import.meta.url));
/** What the table shows instead of a duration. */
const notes = ["created", "refused, says what to add", "types only"];

/** Runs all steps of a cell. Returns a text for each step: its duration, or what went wrong. */
async function play(name, world) {
  const cell = cells[name];
  const results = {};
  const folder = join(world.folder, name.replace(/\W+/g, "-"));
  const step = async (title, action) => {
    const begun = Date.now();
    const note = await action();
    results[title] = notes.includes(note) ? note : `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  };
  try {
    let installed;
    await step("install", async () => {
      installed = await installCell(cell, folder, world);
    });
    if (cell.typesOnly) await step("up", () => notes[2]);
    else await live(name.replace(/\W+/g, "-"), cell, installed, { world, step });
  } catch (error) {
    results[steps.find((title) => results[title] === undefined)] = "FAILED";
    results.failure = stripVTControlCharacters(error.message);
  }
  rmSync(folder, { recursive: true, force: true });
  return results;
}

/** The life of a share in an installed cell, or the sentence that refuses it. */
async function live(stack, cell, installed, { world, step }) {
  const pulumi = pulumiOf(installed, world);
  await configure(pulumi, stack, world);
  if (cell.says) return step("up", () => failsWith(cell.says, pulumi, stack, world));
  await step("up", async () => {
    await expectRequests(world, 1, () => pulumi("up", "--stack", stack));
    await expectFrozenText(await pulumi("stack", "export", "--stack", stack));
  });
  const noChanges = ["--stack", stack, "--expect-no-changes"];
  await step("no-op up", () => expectRequests(world, 0, () => pulumi("up", ...noChanges)));
  await step("refresh", () => pulumi("refresh", ...noChanges));
  await step("destroy", () => pulumi("destroy", "--stack", stack));
  return step("moved stack", () => move(installed.project, pulumi, world));
}

async function configure(pulumi, stack, { appliance }) {
  await pulumi("stack", "init", stack);
  await pulumi("config", "set", "--stack", stack, "fudo:url", appliance.url);
  await pulumi("config", "set", "--stack", stack, "--secret", "fudo:apiKey", appliance.apiKey);
}

/** One stack, first in one cell and then in the next: nothing may change. */
async function move(project, pulumi, world) {
  const kept = join(world.folder, "Pulumi.moved.yaml");
  const here = join(project, "Pulumi.moved.yaml");
  if (existsSync(kept)) {
    copyFileSync(kept, here);
    await expectRequests(world, 0, () => pulumi("up", "--stack", "moved", "--expect-no-changes"));
    await pulumi("refresh", "--stack", "moved", "--expect-no-changes");
    return undefined;
  }
  await configure(pulumi, "moved", world);
  copyFileSync(here, kept);
  await expectRequests(world, 1, () => pulumi("up", "--stack", "moved"));
  return notes[0];
}

async function expectRequests({ appliance }, posts, action) {
  appliance.resetRequests();
  await action();
  const sent = appliance.requests.filter(({ method }) => method === "POST").length;
  if (sent !== posts) throw new StepFailed(`${sent} POST requests instead of ${posts}`);
  if (posts === 0 && appliance.requests.length > 0) throw new StepFailed("a run without changes sent requests");
}

/** Throws unless the state holds a provider text that the tests have frozen. */
async function expectFrozenText(state) {
  const share = JSON.parse(state).deployment.resources.find(({ type }) => type.endsWith(":SessionShare"));
  const frozen = readdirSync(texts).map((name) => readFileSync(join(texts, name), "utf8"));
  if (!frozen.includes(share.inputs.__provider))
    throw new StepFailed(`no file in test/fixtures/provider-text is equal to:\n${share.inputs.__provider}`);
}

async function failsWith(sentence, pulumi, stack, { appliance }) {
  appliance.resetRequests();
  const output = await pulumi("preview", "--stack", stack).then(
    () => "",
    (error) => error.message,
  );
  if (!output.includes(sentence)) throw new StepFailed(`the preview does not say "${sentence}":\n${output}`);
  if (/^ {4,}at /m.test(output)) throw new StepFailed(`the preview prints a stack trace:\n${output}`);
  if (appliance.requests.length > 0) throw new StepFailed("a request was sent before the preview failed");
  return notes[1];
}

function pulumiOf({ project, env }, { folder }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FUDO|PULUMI|npm)_/i.test(name));
  const settings = {
    ...Object.fromEntries(inherited),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: "matrix",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...env,
  };
  return async (...args) => {
    const yes = ["up", "refresh", "destroy"].includes(args[0]) ? ["--yes", "--skip-preview"] : [];
    const child = spawn("pulumi", [...args, ...yes, "--non-interactive", "--color=never"], {
      cwd: project,
      env: settings,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { code, output } = await follow(child, { timeoutMs: 180_000 });
    if (code !== 0) throw new StepFailed(`pulumi ${args[0]} ended with ${code}:\n${output}`);
    return output;
  };
}

/** With which versions the cells ran, as text. */
async function ranWith() {
  const output = async (command, ...args) => (await run(command, args, { capture: true })).output.trim();
  const others = Object.entries(versions).map(([name, all]) => `${name} ${all.join(", ")}`);
  return [
    `Pulumi CLI ${(await output("pulumi", "version")).slice(1)}`,
    `npm ${await output("npm", "--version")}`,
    ...others,
  ];
}

function table(rows) {
  const cellsOf = ([name, results]) => [name, ...steps.map((title) => results[title] ?? "")];
  const lines = [["cell", ...steps], ...rows.map(cellsOf)];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = (line) => `| ${line.map((value, column) => value.padEnd(widths[column])).join(" | ")} |`;
  return [text(lines[0]), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...lines.slice(1).map(text)];
}

async function main(names) {
  const unknown = names.filter((name) => !(name in cells));
  if (unknown.length > 0) {
    process.stderr.write(`There is no cell ${unknown.join(", ")}. The cells: ${Object.keys(cells).join("; ")}\n`);
    return 2;
  }
  const { startEmulator } = createRequire(import.meta.url)("../dist/provider/emulator/index.js");
  const folder = temporaryFolder("matrix");
  for (const name of ["state", "home"]) mkdirSync(join(folder, name));
  const appliance = await startEmulator();
  try {
    const packed = await packAll(join(folder, "packed"));
    const world = { folder, appliance, ...packed, program: programOf(appliance.sessions[0]) };
    const rows = [];
    for (const name of names.length > 0 ? names : Object.keys(cells)) {
      process.stderr.write(`${name} …\n`);
      const results = await play(name, world);
      if (results.failure) process.stderr.write(`${results.failure}\n`);
      rows.push([name, results]);
    }
    const failed = rows.filter(([, { failure }]) => failure).length;
    process.stdout.write(
      `${table(rows).join("\n")}\n\n${(await ranWith()).join("; ")}\n\n${rows.length - failed} cells passed, ${failed} failed\n`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await appliance.close();
  }
}

endWithChildren();
process.exitCode = await main(process.argv.slice(2));
