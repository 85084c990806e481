// The cells of `npm run matrix`: package managers with their layouts, SDK versions, kinds of programs. Each one says
// what differs from a JavaScript program that `npm install` has set up.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const { devDependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** What the cells install. docs/compatibility.md has the same versions. npm is the one on PATH. */
export const versions = {
  pnpm: ["10.34.8", "12.21.0"],
  Yarn: ["1.22.22", "4.18.1"],
  Bun: ["1.4.5"],
  "Node.js": ["22.19.0", devDependencies.node.replace("^", ""), "26.10.0"],
  "@pulumi/pulumi": ["3.150.0", "3.250.0", devDependencies["@pulumi/pulumi"]],
  TypeScript: ["5.4.5", "5.9.3", "6.0.3", "7.0.2"],
  "ts-node": ["10.9.2"],
  tsx: ["4.23.15"],
  esbuild: ["0.28.2"],
};
const [oldestTypescript, typescript5, typescript6, typescript7] = versions.TypeScript;
const [oldestSdk, sdkWithoutPnpm] = versions["@pulumi/pulumi"];

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
const pnp = { ...yarn4("pnp"), nodeOptions: (folder) => `--require ${join(folder, ".pnp.cjs")}` };
const bun = (linker) => ({
  manager: "bun",
  command: "bun",
  args: ["install", "--ignore-scripts", ...(linker ? [`--linker=${linker}`] : [])],
});

const typescript = (version, module, moduleResolution) => ({
  ...npm("--ignore-scripts"),
  dependencies: { typescript: version, "ts-node": versions["ts-node"][0], "@types/node": "24.19.2" },
  tsconfig: { target: "es2022", module, moduleResolution, strict: true, skipLibCheck: false, types: ["node"] },
});

const resolutions = [
  ["node16", "node16"],
  ["nodenext", "nodenext"],
  ["preserve", "bundler"],
];
/** `typesOnly`: `tsc --noEmit` with each of these compiler options, and nothing else. */
const types = (version, ...more) => ({
  ...npm("--ignore-scripts"),
  dependencies: { typescript: version, "@types/node": "24.19.2" },
  typesOnly: [...resolutions, ...more].map(([module, moduleResolution, others]) => ({
    ...typescript(version, module, moduleResolution).tsconfig,
    ...others,
  })),
});
const node10 = ["commonjs", "node"];

const addIt = "Add it to the program's own dependencies: npm install pulumi-fudo";

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
    dependencies: { tsx: versions.tsx[0] },
    nodeArgs: "--import tsx",
  },
  "npm, TypeScript 5.4, node10": typescript(oldestTypescript, ...node10),
  "npm, TypeScript 6, nodenext": typescript(typescript6, "nodenext", "nodenext"),
  "npm, precompiled": { ...typescript(typescript5, "node16", "node16"), precompiled: true },
  "npm, bundled": { ...npm("--ignore-scripts"), dependencies: { esbuild: versions.esbuild[0] }, bundled: true },
  "types, TypeScript 5.4": types(oldestTypescript, node10),
  "types, TypeScript 5.9": types(typescript5, node10),
  "types, TypeScript 6": types(typescript6, [...node10, { ignoreDeprecations: "6.0" }]),
  // TypeScript 7 has no node10. The SDK's peer range ends before it.
  "types, TypeScript 7": { ...types(typescript7), ...npm("--ignore-scripts", "--legacy-peer-deps") },
  "npm, Node.js 22.19": { ...npm("--ignore-scripts"), node: versions["Node.js"][0] },
  "npm, Node.js 26": { ...npm("--ignore-scripts"), node: versions["Node.js"][2] },
  "pnpm, isolated": pnpm("isolated"),
  "pnpm, isolated, SDK 3.250": { ...pnpm("isolated"), sdk: sdkWithoutPnpm },
  "pnpm, hoisted": pnpm("hoisted"),
  "pnpm, global store": pnpm("isolated", "--config.enable-global-virtual-store=true", "--config.ci=false"),
  "pnpm 12, isolated": { ...pnpm("isolated"), manager: "pnpm12" },
  "pnpm, library in between": { ...pnpm("isolated"), library: true, says: addIt },
  "bun, library in between": { ...bun("isolated"), library: true, says: addIt },
  "yarn 4, pnp, library in between": { ...pnp, library: true, says: addIt },
  "npm, linked, library in between": {
    ...npm("--ignore-scripts", "--install-strategy=linked"),
    library: true,
    says: addIt,
  },
  "npm, library in between": { ...npm("--ignore-scripts"), library: true },
  "yarn 1": { manager: "yarn1", command: "yarn", args: ["install", "--ignore-scripts", "--non-interactive"] },
  "yarn 4, node-modules": yarn4("node-modules"),
  "yarn 4, pnpm": yarn4("pnpm"),
  "yarn 4, pnp": pnp,
  "bun, hoisted": bun("hoisted"),
  "bun, isolated": bun("isolated"),
  "bun, workspace": { ...bun(), folder: "infra" },
};
