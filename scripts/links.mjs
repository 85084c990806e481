// Finds links in Markdown pages that lead nowhere: to a file or a heading that does not exist. `node scripts/links.mjs` checks
// all pages of the checkout, and package-check.mjs the pages of a packed tarball. Exit code 1 if there are broken links.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const repository = "https://github.com/pulumi-fudo/pulumi-fudo";

/** `PAGE: TARGET` for each broken link. `paths`: every file that a link may lead to; `textOf` returns a file's text. */
export function brokenLinks(paths, textOf) {
  const files = new Set(paths);
  const leadsSomewhere = (page, target) => {
    const [path, anchor] = target.split("#");
    const file = path === "" ? page : posix.join(posix.dirname(page), decodeURI(path)).replace(/\/$/, "");
    const isFolder = !files.has(file) && paths.some((other) => other.startsWith(`${file}/`));
    if (!files.has(file) && !isFolder) return false;
    return anchor === undefined || (file.endsWith(".md") && anchorsIn(textOf(file)).has(anchor));
  };
  return paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((page) =>
      linksIn(textOf(page))
        .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, target))
        .map((target) => `${page}: ${target}`),
    );
}

/** The targets of all links and images: inline ones, reference definitions and HTML. */
export function linksIn(markdown) {
  const text = withoutCode(markdown);
  const found = [/\]\(\s*<?([^\s)>]+)/g, /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm, /\b(?:href|src)="([^"]+)"/g];
  return found.flatMap((pattern) => [...text.matchAll(pattern)].map(([, target]) => target));
}

// GitHub, npm and editors make the same anchor of a heading.
function anchorsIn(markdown) {
  const counts = new Map();
  const anchors = [...withoutFences(markdown).matchAll(/^#{1,6} +(.*?)[ #]*$/gm)].map(([, heading]) => {
    const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "");
    const slug = words.trim().replaceAll(/\s/g, "-");
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(anchors);
}

const withoutFences = (markdown) => markdown.replaceAll(/^ *(```+)[^]*?^ *\1 *$/gm, "");
const withoutCode = (markdown) => withoutFences(markdown).replaceAll(/(`+)[^`]+\1/g, "");

/** Absolute links to this repository are relative ones here: the pages of the Pulumi Registry have no others. */
function ofCheckout(page, markdown) {
  const up = posix.relative(posix.dirname(page), ".");
  const own = new RegExp(`${repository}(?:/(?:blob|tree)/main/([^\\s)]+)|#(?:readme)?([^\\s)]*))`, "g");
  return markdown.replaceAll(own, (_all, path, anchor) => {
    const readme = anchor ? `README.md#${anchor}` : "README.md";
    return posix.join(up, path ?? readme);
  });
}

function checkCheckout() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const list = (...more) =>
    execFileSync("git", ["ls-files", "-z", ...more], { cwd: root, encoding: "utf8" }).split("\0");
  const deleted = new Set(list("--deleted"));
  const paths = list().filter((path) => !deleted.has(path));
  return brokenLinks(paths, (path) => ofCheckout(path, readFileSync(join(root, path), "utf8")));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const broken = checkCheckout();
  for (const line of broken) process.stdout.write(`${line}\n`);
  process.exitCode = broken.length === 0 ? 0 : 1;
}
