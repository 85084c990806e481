// `node scripts/package-check.mjs TARBALL`: what publint and "Are the types wrong?" report on a packed package, without
// exceptions, and the links of its pages that lead nowhere. Exit code 1 if there is anything.
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { brokenLinks } from "./links.mjs";

const bytes = readFileSync(process.argv[2]);
const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
const lint = messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);

const packed = createPackageFromTarballData(new Uint8Array(tarball));
const { types, problems = [] } = await checkPackage(packed);
const wrong = problems.map(({ kind, ...where }) => `types: ${kind} ${JSON.stringify(where)}`);

const prefix = `/node_modules/${packed.packageName}/`;
const paths = packed.listFiles().map((path) => path.slice(prefix.length));
const links = brokenLinks(paths, (path) => packed.readFile(prefix + path)).map((link) => `links: ${link}`);

const lines = [...lint, ...(types ? wrong : ["types: the package has none"]), ...links];
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
