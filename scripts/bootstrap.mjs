// From a fresh clone with Node 20, npm and Go to a job that runs: dependencies, Node, engine, build, then the demo, the
// tests or another script on this checkout's own Node. Plain Node 20, no dependencies.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureEngine, pathWith } from "./engine.mjs";
import { endWithChildren, run } from "./processes.mjs";
import { runTests } from "./test-levels.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [22, 19];
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
const heading = (text) => process.stderr.write(`\n== ${text}\n`);

class StepFailed extends Error {}

const demand = async (command, args, env, advice) => {
  const { code } = await run(command, args, { cwd: root, env });
  if (code !== 0) throw new StepFailed(`${command} ${args.join(" ")} ended with ${code}. ${advice}`);
};

/** Whether node_modules holds what package-lock.json says; optional packages of other platforms do not count. */
function dependenciesAreThere() {
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

/** Fails with one message unless the `node` that our children will get is new enough. Never judges our own Node. */
async function demandNode(env) {
  const { code, output } = await run("node", ["-p", "process.versions.node"], { capture: true, cwd: root, env });
  const [major, minor] = output.trim().split(".").map(Number);
  if (code === 0 && (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]))) return;
  const wanted = oldestNode.join(".");
  throw new StepFailed(
    `Node ${wanted} or later is needed and \`node\` is ${output.trim()}. The npm package \`node\` in node_modules should have brought it: its install ` +
      `script did not run (ignore-scripts?). Run \`npm rebuild node --ignore-scripts=false\`, or put Node ${wanted} on PATH.`,
  );
}

async function setUp() {
  let env = { ...process.env, PATH: pathWith([]) };
  if (!dependenciesAreThere()) {
    heading("Dependencies: npm ci (usually half a minute)");
    await demand(npm, ["ci", "--no-progress"], env, "Is the npm registry reachable?");
  }
  await demandNode(env);
  heading("The Pulumi engine");
  const engine = await ensureEngine();
  process.stderr.write(`  Pulumi ${engine.version} (${engine.how})\n`);
  env = { ...env, PATH: pathWith(engine.directories) };
  heading("Build");
  await demand(npm, ["run", "--silent", "build"], env, "The messages above name the places.");
  return env;
}

async function main([job, ...args]) {
  if (!job) throw new StepFailed("usage: node scripts/bootstrap.mjs <test | name of a script in scripts/> [arguments]");
  const script = join(root, "scripts", `${job}.mjs`);
  if (job !== "test" && !existsSync(script)) throw new StepFailed(`there is no scripts/${job}.mjs`);
  const env = await setUp();
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
