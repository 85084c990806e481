// Finds a Chromium or Chrome for the test of the HTML report, else installs Debian's package where that can be done. Prints
// its path on stdout; ends with 1 and what to do where there is none. Plain Node 20, no dependencies.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, withHeartbeat } from "./processes.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const fixed = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const say = (line) => process.stderr.write(`  ${line}\n`);
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A browser on this machine: CHROMIUM, PATH, or where macOS keeps it; undefined where there is none. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [
    process.env.CHROMIUM ?? "",
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...fixed,
  ];
  return candidates.find((path) => path !== "" && isProgram(path));
}

/** `findChromium`, else Debian's package; throws one error that says what would help. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const tried =
    process.getuid?.() === 0 ? await installPackage() : "not root, so Debian's package cannot be installed from here";
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(
    `There is no Chromium for the test of the HTML report: ${tried}. Install Chromium or Chrome, or set CHROMIUM to the path of one.`,
  );
}

async function installPackage() {
  say("no Chromium on this machine: installing Debian's package (usually a minute)");
  const options = { capture: true, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeoutMs: 600_000 };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const { code, output } = await withHeartbeat(
      say,
      `apt-get ${args[0]}`,
      "half a minute",
      run("apt-get", args, options),
    );
    if (code !== 0) return `apt-get ${args[0]} ended with ${code}: ${output.trim().split("\n").at(-1)}`;
  }
  return "Debian's package chromium brought none";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await ensureChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
