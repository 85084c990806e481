// A user's program compiles against the built declarations, with each way in which TypeScript resolves modules.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import * as ts from "typescript";
import { root, textOf } from "../support/repository";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { SessionShare, getSessions, type SessionShareArgs } from "pulumi-fudo";
import { startEmulator, type Emulator } from "pulumi-fudo/emulator";
import * as plugin from "pulumi-fudo/plugin";
import { policies } from "pulumi-fudo/policy";

export const args: SessionShareArgs = { sessionId: "4665729213955833860", validTo: new Date() };
export const url: pulumi.Output<string | undefined> = new SessionShare("vendor", args).url;
export const live = getSessions({ live: true }).then(({ sessions }) => sessions.length);
export const emulator: Promise<Emulator> = startEmulator({ seed: 1 });

const warsaw = new plugin.Provider("warsaw", { apiKey: pulumi.secret("key"), insecureSkipVerify: false });
const duration: plugin.SessionShareArgs = { sessionId: "4665729213955833860", duration: "PT8H" };
export const link: pulumi.Output<string | undefined> = new plugin.SessionShare("other", duration, { provider: warsaw }).link;
export const names: string[] = policies().map(({ name }) => name);
export const shares = plugin.getSessionSharesOutput({ sessionId: "4665729213955833860" }).shares;
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-fudo-types-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "pulumi-fudo"));
  for (const scope of ["@pulumi", "@types"])
    symlinkSync(join(root, "node_modules", scope), join(folder, "node_modules", scope));
  writeFileSync(join(folder, "program.ts"), program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "program.ts");

function compile(options: ts.CompilerOptions): ts.Program {
  return ts.createProgram([file()], {
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    typeRoots: [join(folder, "node_modules", "@types")],
    declaration: true,
    noEmit: true,
    ...options,
  });
}

/** What the compiler reports on the program and on this package, also on what a name does not lead to. */
function problems(compiled: ts.Program): string[] {
  const own = (name: string) => name === file() || name.startsWith(join(root, "dist") + sep);
  const diagnostics = [...compiled.getOptionsDiagnostics(), ...ts.getPreEmitDiagnostics(compiled)];
  return diagnostics
    .filter(({ file: source }) => source === undefined || own(source.fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** The dependencies of this package whose declarations the compiler has read. */
function dependenciesRead(compiled: ts.Program): string[] {
  const { dependencies } = JSON.parse(textOf("package.json")) as { dependencies: Record<string, string> };
  const files = compiled.getSourceFiles().map(({ fileName }) => fileName);
  return Object.keys(dependencies).filter((name) => files.some((path) => path.includes(`/node_modules/${name}/`)));
}

// A dependency's declarations may need options that a program does not set: zod's need esModuleInterop with `node`.
test.each<[string, ts.CompilerOptions]>([
  [
    "node, as in Pulumi's template",
    { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
  ],
  ["node16", { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
  ["nodenext", { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ["bundler", { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
])("moduleResolution: %s, and no declarations of a dependency are read", (_name, options) => {
  const compiled = compile(options);
  expect(problems(compiled)).toEqual([]);
  expect(dependenciesRead(compiled)).toEqual([]);
});
