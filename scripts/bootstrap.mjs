// Sets up a fresh clone on a machine with Node 20, npm and Go (dependencies, Node, engine, build), then runs the tests, the demo
// or another script with this checkout's own Node. Plain Node 20, no dependencies.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine, pathWith } from "./engine.mjs";
import { ensureLanguages } from "./languages.mjs";
import { endWithChildren, run, StepFailed } from "./processes.mjs";
import { runTests, selectedLevels } from "./test-levels.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [22, 19];
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const heading = (text) => process.stderr.write(`\n== ${text}\n`);

const runStep = async (command, args, env, advice) => {
  const { code } = await run(command, args, { cwd: root, env });
  if (code !== 0) throw new StepFailed(`${command} ${args.join(" ")} exited with code ${code}. ${advice}`);
};

/** Whether node_modules matches package-lock.json. Ignores optional packages: other platforms need others. */
function dependenciesAreInstalled() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const found = packages(hidden);
  const wanted = Object.entries(packages(join(root, "package-lock.json")));
  return wanted.every(
    ([path, { version, optional, devOptional }]) =>
      !path.startsWith("node_modules/") || optional || devOptional || (found[path] && found[path].version === version),
  );
}

/** Throws unless the `node` of the child processes is new enough. The Node that runs this script may be older. */
async function requireNode(env) {
  const { code, output } = await run("node", ["-p", "process.versions.node"], { capture: true, cwd: root, env });
  const [major, minor] = output.trim().split(".").map(Number);
  if (code === 0 && (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]))) return;
  const wanted = oldestNode.join(".");
  throw new StepFailed(
    `Node ${wanted} or later is required, but \`node\` is ${output.trim()}. The install script of the npm package \`node\` did not run ` +
      `(is ignore-scripts set?). Run \`npm rebuild node --ignore-scripts=false\`, or put Node ${wanted} on PATH.`,
  );
}

async function setUp({ languages }) {
  let env = { ...process.env, PATH: pathWith([]) };
  if (!dependenciesAreInstalled()) {
    heading("Dependencies: npm ci (usually half a minute)");
    await runStep(npm, ["ci", "--no-progress"], env, "Check that the npm registry is reachable.");
  }
  await requireNode(env);
  heading("The Pulumi engine");
  const engine = await ensureEngine();
  process.stderr.write(`  Pulumi ${engine.version} (${engine.how})\n`);
  env = { ...env, PATH: pathWith(engine.directories) };
  if (languages) {
    heading("YAML, Python and Go");
    await ensureLanguages(engine);
  }
  heading("Build");
  await runStep(npm, ["run", "--silent", "build"], env, "The compiler errors are above.");
  return env;
}

async function main([job, ...args]) {
  if (!job) throw new StepFailed("usage: node scripts/bootstrap.mjs <test | name of a script in scripts/> [arguments]");
  const script = join(root, "scripts", `${job}.mjs`);
  if (job !== "test" && !existsSync(script)) throw new StepFailed(`there is no scripts/${job}.mjs`);
  const languages = job === "conversations" || (job === "test" && selectedLevels(args).includes("engine"));
  const env = await setUp({ languages });
  if (job === "test") return runTests(root, env, args, heading);
  const { code } = await run("node", [script, ...args], { cwd: root, env, stdio: "inherit" });
  return code;
}

endWithChildren();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`\n${error instanceof StepFailed ? error.message : (error.stack ?? error)}\n`);
  process.exitCode = 1;
}
