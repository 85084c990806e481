// `npm run conversations`: records what the real engine and the plugin say to each other in the life of each language's example,
// into test/fixtures/conversations. test/protocol/replay.test.ts plays the engine's part of it again.
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { root, textOf } from "./generated.mjs";
import { endWithChildren, runChecked } from "./processes.mjs";

const { startEmulator } = createRequire(import.meta.url)("../dist/provider/emulator/index.js");
const { version } = JSON.parse(textOf("package.json"));
const { directories } = JSON.parse(textOf(".engine/languages.json"));
const examples = { yaml: "yaml", python: "python", go: "go", typescript: "typescript-plugin" };
const service = "/pulumirpc.ResourceProvider/";
const hour = 3_600_000;
const fingerprintOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 16);

/** A copy of the example with a stack of its own, and the plugin as `pulumi plugin install` puts it. */
async function openProject(language, appliance) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-conversation-"));
  const project = join(folder, "project");
  const plugin = join(folder, "home", "plugins", `resource-fudo-v${version}`);
  for (const name of [project, plugin, join(folder, "state")]) mkdirSync(name, { recursive: true });
  symlinkSync(join(root, "pulumi-resource-fudo"), join(plugin, "pulumi-resource-fudo"));
  const filter = (path) => !path.endsWith("node_modules");
  cpSync(join(root, "examples", examples[language]), project, { recursive: true, filter });
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "dir");
  const edit = (name, change) => {
    const file = join(project, name);
    if (existsSync(file)) writeFileSync(file, change(readFileSync(file, "utf8")));
  };
  let session = 0;
  edit("Pulumi.yaml", (text) => text.replaceAll(/\d{19}/g, () => appliance.sessions[session++]));
  edit("go.mod", (text) => text.replace("=> ../../sdk/go", `=> ${join(root, "sdk", "go")}`));
  if (language === "python") symlinkSync(dirname(directories[0]), join(project, "venv"), "dir");
  const env = {
    ...process.env,
    PATH: [directories[0], process.env.PATH, ...directories.slice(1)].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "conversations",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
  const pulumi = (args, more = {}) =>
    runChecked("pulumi", [...args, "--non-interactive"], { cwd: project, env: { ...env, ...more } });
  return { folder, pulumi };
}

/** The requests to the plugin in one command, each with its response, in the order of the responses. */
async function record({ folder, pulumi }, command, ...args) {
  const log = join(folder, `${command}.json`);
  await pulumi(args, { PULUMI_DEBUG_GRPC: log });
  const messages = readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
    // The schema changes with each release, and the engine asks a plugin to cancel at the end of each run.
    .filter(({ method }) => method.startsWith(service) && !/(GetSchema|Cancel)$/.test(method))
    .filter(({ progress }) => progress === "response_completed");
  return {
    command,
    messages: messages.map(({ method, request, response }) => ({
      method: method.slice(service.length),
      request,
      response,
    })),
  };
}

/** What is different in each recording gets a fixed text: credentials, and addresses of this machine. */
function anonymous(commands, appliance) {
  const changes = [
    [appliance.apiKey, "recorded-api-key"],
    [appliance.url, "http://127.0.0.1:1"],
    ...appliance.shares().flatMap(({ key }, index) => {
      const fixed = `recorded-key-${index + 1}`;
      return [
        [key, fixed],
        [fingerprintOf(key), fingerprintOf(fixed)],
      ];
    }),
  ];
  const text = JSON.stringify(commands, (name, value) => {
    // The engine's own addresses, folders and random numbers. No operation depends on them.
    if (/^(engineAddress|rootDirectory|programDirectory|\w+Target|randomSeed|resourceStatus\w+)$/.test(name))
      return undefined;
    return value;
  });
  return JSON.parse(changes.reduce((all, [from, to]) => all.replaceAll(from, to), text));
}

async function conversation(language) {
  const at = new Date();
  const appliance = await startEmulator({ seed: 1 });
  const project = await openProject(language, appliance);
  const { pulumi } = project;
  const inHours = (hours) => new Date(at.getTime() + hours * hour).toISOString().replace(/\.\d+Z$/, "+00:00");
  const set = (name, value, ...more) => pulumi(["config", "set", name, value, ...more]);
  try {
    await pulumi(["stack", "init", "dev"]);
    await set("fudo:url", appliance.url);
    await set("fudo:apiKey", appliance.apiKey, "--secret");
    await set("acmeSession", appliance.sessions[0]);
    await set("globexSession", appliance.sessions[1]);
    await set("from", inHours(1));
    await set("to", inHours(7));
    const commands = [
      await record(project, "preview", "preview"),
      await record(project, "up", "up", "--yes", "--skip-preview"),
      await record(project, "up without changes", "up", "--yes", "--skip-preview"),
      await record(project, "refresh", "refresh", "--yes", "--skip-preview"),
    ];
    await set("to", inHours(9));
    commands.push(await record(project, "replacement", "up", "--yes", "--skip-preview"));
    commands.push(await record(project, "destroy", "destroy", "--yes", "--skip-preview"));
    const { key, validSince, validTo } = appliance.addShare(appliance.sessions[2], { readonly: false });
    const id = `${appliance.sessions[2]}/${fingerprintOf(key)}`;
    const args = ["fudo:index:SessionShare", "vendor", id, "--yes", "--skip-preview", "--generate-code=false"];
    const imported = await record(project, "import", "import", ...args);
    commands.push({ ...imported, share: { sessionId: appliance.sessions[2], key, validSince, validTo } });
    return { at: at.toISOString(), commands: anonymous(commands, appliance) };
  } finally {
    rmSync(project.folder, { recursive: true, force: true });
    await appliance.close();
  }
}

/** One line for each message, so that a change can be reviewed. */
const written = ({ at, commands }) =>
  `{ "at": ${JSON.stringify(at)}, "commands": [\n${commands
    .map(
      ({ messages, ...command }) =>
        `{ ${JSON.stringify(command).slice(1, -1)}, "messages": [\n${messages.map((one) => JSON.stringify(one)).join(",\n")}\n]}`,
    )
    .join(",\n")}\n]}\n`;

endWithChildren();
for (const language of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(examples)) {
  const file = join(root, "test", "fixtures", "conversations", `${language}.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, written(await conversation(language)));
  process.stderr.write(`  ${file}\n`);
}
