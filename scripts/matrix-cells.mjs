// The cells of `npm run matrix`: package managers with their layouts, SDK versions, kinds of programs. Each one says
// what differs from a JavaScript program that `npm install` has set up.
import { join } from "node:path";

const oldestSdk = "3.150.0";

const npm = (...options) => ({ command: "npm", args: ["install", "--no-audit", "--no-fund", ...options] });
const pnpm = (linker) => ({
  manager: "pnpm",
  command: "pnpm",
  args: ["install", "--ignore-scripts", `--config.node-linker=${linker}`],
});
const yarn4 = (nodeLinker) => ({
  manager: "yarn4",
  command: "yarn",
  args: ["install"],
  files: { ".yarnrc.yml": { nodeLinker, enableScripts: false, enableTelemetry: false }, "yarn.lock": "" },
});
const bun = (linker) => ({
  manager: "bun",
  command: "bun",
  args: ["install", "--ignore-scripts", ...(linker ? [`--linker=${linker}`] : [])],
});

/** `says`: the cell cannot work, and the preview says this before any request. `folder`: where the program is. */
export const cells = {
  npm: npm("--ignore-scripts"),
  "npm, linked": npm("--ignore-scripts", "--install-strategy=linked"),
  "npm, oldest SDK": { ...npm("--ignore-scripts"), sdk: oldestSdk },
  "npm, ES module": { ...npm("--ignore-scripts"), module: true },
  "pnpm, isolated": pnpm("isolated"),
  "pnpm, isolated, SDK 3.250": { ...pnpm("isolated"), sdk: "3.250.0" },
  "pnpm, hoisted": pnpm("hoisted"),
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
