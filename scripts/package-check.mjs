// `node scripts/package-check.mjs TARBALL`: what publint and "Are the types wrong?" report on a packed package, without
// exceptions. Exit code 1 if they report anything.
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const bytes = readFileSync(process.argv[2]);
const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);

const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
const lint = messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);

const { types, problems = [] } = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
const wrong = problems.map(({ kind, ...where }) => `types: ${kind} ${JSON.stringify(where)}`);

const lines = [...lint, ...(types ? wrong : ["types: the package has none"])];
for (const line of lines) process.stdout.write(`${line}\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
