// `npm run record-states -- VERSION`: records the states that the release VERSION writes, of both types, with the Pulumi engine
// that is on PATH, into test/fixtures/states/VERSION. Every later release must read them without a diff and without a request.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./generated.mjs";
import { cells } from "./matrix-cells.mjs";
import { installCell, packAll } from "./matrix-install.mjs";
import { endWithChildren, runChecked, StepFailed, temporaryFolder } from "./processes.mjs";

/** Not a secret: the tests read the states with it. The API key and the links in them are the emulator's. */
const passphrase = "recorded states";
const faces = { dynamic: "pulumi-fudo", plugin: "pulumi-fudo/plugin" };
const recordedAt = Date.parse("2026-01-01T09:00:00Z");
const hour = 3_600_000;
const fingerprintOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 16);

/** Installs the package as npm does, under the version of the release. Returns the project's folder. */
async function openProject(face, { version, program, tarball, sdk, folder }) {
  const cell = { ...cells.npm, ...(sdk && { sdk }) };
  const { project } = await installCell(cell, join(folder, "project"), { tarball, program: () => program });
  const installed = join(project, "node_modules", "pulumi-fudo");
  // The plugin's SDK has a copy of the version.
  for (const name of ["package.json", "dist/sdk/nodejs-plugin/utilities.js"]) {
    const file = join(installed, name);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/(^ {2}"version": |let version = )"[^"]*"/m, `$1"${version}"`));
  }
  const runtime = { name: "nodejs", options: { typescript: false } };
  const plugins = { providers: [{ name: "fudo", path: "node_modules/pulumi-fudo" }] };
  // JSON is YAML.
  const manifest = { name: "project", runtime, ...(face === "plugin" && { plugins }) };
  writeFileSync(join(project, "Pulumi.yaml"), JSON.stringify(manifest));
  return project;
}

/** Runs `pulumi` in the project, with the clocks of program and provider at the time of the appliance. */
function pulumiIn(project, folder, appliance) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FUDO|PULUMI|npm)_/i.test(name));
  const clock = fileURLToPath(new URL("../test/support/clock-ahead.cjs", import.meta.url));
  for (const name of ["home", "state"]) mkdirSync(join(folder, name), { recursive: true });
  return (...args) =>
    runChecked("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd: project,
      env: {
        ...Object.fromEntries(inherited),
        NODE_OPTIONS: `--require ${JSON.stringify(clock)}`,
        CLOCK_AHEAD: String(appliance.clock.skew),
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "1",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    });
}

/** The stack's configuration. Returns the part of it that is no secret. */
async function configure(pulumi, face, appliance) {
  const [first, second] = appliance.sessions;
  const { key } = appliance.addShare(first, { validTo: "2100-01-01T00:00:00Z", readonly: false });
  const config = {
    "fudo:url": appliance.url,
    "fudo:publicUrl": "https://vendors.example.com",
    "fudo:maxDuration": "P40000D",
    "warsaw:url": appliance.url,
    "project:package": faces[face],
    "project:first": first,
    "project:second": second,
    "project:adopted": fingerprintOf(key),
  };
  await pulumi("stack", "init", "dev");
  for (const [name, value] of Object.entries(config)) await pulumi("config", "set", name, value);
  for (const name of ["fudo:apiKey", "warsaw:apiKey"])
    await pulumi("config", "set", "--secret", name, appliance.apiKey);
  return config;
}

/** The life of the shares until the state holds everything: created, some of them revoked, hidden or shown again, refreshed. */
async function live(pulumi, appliance) {
  const up = (...args) => pulumi("up", "--yes", "--skip-preview", ...args);
  const keyOf = async (name) => {
    const { resources } = JSON.parse(await pulumi("stack", "export")).deployment;
    const { id } = resources.find(({ urn, type }) => type.endsWith(":SessionShare") && urn.endsWith(`::${name}`));
    return appliance.shares().find(({ key }) => id.endsWith(`/${fingerprintOf(key)}`)).key;
  };
  appliance.behaviour.longestWindow = 40 * 86_400;
  await up("--target", "**::capped");
  appliance.behaviour.longestWindow = 0;
  await up();
  const [revoked, missing, reactivated] = [await keyOf("revoked"), await keyOf("missing"), await keyOf("reactivated")];
  appliance.clock.skew += hour;
  appliance.revoke(revoked);
  appliance.revoke(reactivated);
  appliance.denyAccess(missing);
  await pulumi("refresh", "--yes", "--skip-preview");
  appliance.restore(reactivated);
  await pulumi("refresh", "--yes", "--skip-preview");
  await up("--expect-no-changes");
  return [missing];
}

/** Records one state of one type. Returns the contents of its file. */
export async function record(face, { version, program, tarball, sdk }) {
  const { startEmulator } = createRequire(import.meta.url)("../dist/provider/emulator/index.js");
  const folder = temporaryFolder("states");
  const appliance = await startEmulator({ seed: 1, behaviour: { removedShares: "flagged" } });
  try {
    appliance.clock.skew = recordedAt - Date.now();
    const project = await openProject(face, { version, program, tarball, sdk, folder });
    const pulumi = pulumiIn(project, folder, appliance);
    const config = await configure(pulumi, face, appliance);
    const hidden = await live(pulumi, appliance);
    const { url, apiKey, sessions } = appliance;
    const { deployment } = JSON.parse(await pulumi("stack", "export"));
    const shares = appliance.shares();
    return { passphrase, config, appliance: { url, apiKey, sessions, hidden, shares }, deployment };
  } finally {
    await appliance.close();
  }
}

/** Writes the checksums of all recorded files, for the test that none of them changes. */
function writeSums(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => /^\d+\.\d+\.\d+[/\\]/.test(file));
  const sumOf = (file) =>
    createHash("sha256")
      .update(readFileSync(join(folder, file)))
      .digest("hex");
  const lines = files.map((file) => `${sumOf(file)}  ${file.replaceAll("\\", "/")}\n`);
  writeFileSync(join(folder, "SHA256SUMS"), lines.sort((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1)).join(""));
}

/** Records both types with the engine on PATH, and with this version of `@pulumi/pulumi` if it is named. */
async function main([version, sdk]) {
  if (!/^\d+\.\d+\.\d+$/.test(version ?? ""))
    throw new StepFailed("Name the release: npm run record-states -- MAJOR.MINOR.PATCH");
  const engine = (await runChecked("pulumi", ["version"])).replace(/^v/, "");
  const states = join(root, "test", "fixtures", "states");
  const folder = join(states, version);
  const fileOf = (face) => join(folder, `${face}-${engine}.json`);
  for (const face of Object.keys(faces))
    if (existsSync(fileOf(face)))
      throw new StepFailed(`${fileOf(face)} exists. Remove it only if ${version} is not released yet.`);
  mkdirSync(folder, { recursive: true });
  const source = join(folder, "program.cjs");
  if (!existsSync(source)) copyFileSync(fileURLToPath(new URL("states/program.cjs", import.meta.url)), source);
  const { tarball } = await packAll(temporaryFolder("states"));
  const program = readFileSync(source, "utf8");
  for (const face of Object.keys(faces)) {
    const recorded = await record(face, { version, program, tarball, sdk });
    writeFileSync(fileOf(face), `${JSON.stringify(recorded, null, 1)}\n`);
    process.stderr.write(`  ${fileOf(face)}\n`);
  }
  writeSums(states);
}

endWithChildren();
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof StepFailed ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}
