// The cells of `npm run matrix`: package managers with their layouts, SDK versions, kinds of programs. Each one says
// what differs from a JavaScript program that `npm install` has set up.
import { join } from "node:path";

const oldestSdk = "3.150.0";

const npm = (...options) => ({ command: "npm", args: ["install", "--no-audit", "--no-fund", ...options] });
const pnpm = (linker, ...options) => ({
  manager: "pnpm",
  command: "pnpm",
  args: ["install", "--ignore-scripts", `--config.node-linker=${linker}`, ...options],
});
const yarn4 = (nodeLinker) => ({
  manager: "yarn4",
  command: "yarn",
  args: ["install"],
  files: {
    ".yarnrc.yml": { nodeLinker, enableScripts: false, enableTelemetry: false, enableImmutableInstalls: false },
    "yarn.lock": "",
  },
});
const bun = (linker) => ({
  manager: "bun",
  command: "bun",
  args: ["install", "--ignore-scripts", ...(linker ? [`--linker=${linker}`] : [])],
});

const typescript = (version, module, moduleResolution) => ({
  ...npm("--ignore-scripts"),
  dependencies: { typescript: version, "ts-node": "10.9.2", "@types/node": "^24.0.0" },
  tsconfig: { target: "es2022", module, moduleResolution, strict: true, skipLibCheck: false, types: ["node"] },
});

/** `says`: the cell cannot work, and the preview says this before any request. `folder`: where the program is. */
export const cells = {
  npm: npm("--ignore-scripts"),
  "npm, linked": npm("--ignore-scripts", "--install-strategy=linked"),
  "npm, oldest SDK": { ...npm("--ignore-scripts"), sdk: oldestSdk },
  "npm, ES module": { ...npm("--ignore-scripts"), module: true },
  "npm, type stripping": { ...npm("--ignore-scripts"), module: true, strips: true },
  "npm, tsx": {
    ...npm("--ignore-scripts"),
    module: true,
    strips: true,
    dependencies: { tsx: "^4.0.0" },
    nodeArgs: "--import tsx",
  },
  "npm, TypeScript 5.4, node10": typescript("5.4.5", "commonjs", "node"),
  "npm, TypeScript 6, nodenext": typescript("^6.0.0", "nodenext", "nodenext"),
  "npm, precompiled": { ...typescript("5.9.3", "node16", "node16"), precompiled: true },
  "npm, Node.js 22.19": { ...npm("--ignore-scripts"), node: "22.19.0" },
  "npm, Node.js 26": { ...npm("--ignore-scripts"), node: "26.10.0" },
  "pnpm, isolated": pnpm("isolated"),
  "pnpm, isolated, SDK 3.250": { ...pnpm("isolated"), sdk: "3.250.0" },
  "pnpm, hoisted": pnpm("hoisted"),
  "pnpm, global store": pnpm("isolated", "--config.enable-global-virtual-store=true", "--config.ci=false"),
  "pnpm 12, isolated": { ...pnpm("isolated"), manager: "pnpm12" },
  "pnpm, library in between": {
    ...pnpm("isolated"),
    library: true,
    says: "Add it to the program's own dependencies: npm install pulumi-fudo",
  },
  "npm, library in between": { ...npm("--ignore-scripts"), library: true },
  "yarn 1": { manager: "yarn1", command: "yarn", args: ["install", "--ignore-scripts", "--non-interactive"] },
  "yarn 4, node-modules": yarn4("node-modules"),
  "yarn 4, pnpm": yarn4("pnpm"),
  "yarn 4, pnp": { ...yarn4("pnp"), nodeOptions: (folder) => `--require ${join(folder, ".pnp.cjs")}` },
  "bun, hoisted": bun("hoisted"),
  "bun, isolated": bun("isolated"),
  "bun, workspace": { ...bun(), folder: "infra" },
};
