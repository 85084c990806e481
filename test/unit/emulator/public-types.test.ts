// The public types of `pulumi-fudo/emulator`: a library can export whatever it gets from an emulator, with declarations.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../../..");
const index = join(root, "provider/emulator/index.ts");
let folder: string;
let declarations: ts.Program;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fudo-emulator-types-"));
  const dist = join(folder, "node_modules/pulumi-fudo/dist");
  mkdirSync(dist, { recursive: true });
  mkdirSync(join(folder, "node_modules/@types"));
  symlinkSync(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node"));
  symlinkSync(join(root, "node_modules/undici-types"), join(folder, "node_modules/undici-types"));
  const exports = { "./emulator": { types: "./dist/index.d.ts" } };
  writeFileSync(join(dist, "../package.json"), JSON.stringify({ name: "pulumi-fudo", version: "0.0.0", exports }));
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const build: ts.CompilerOptions = { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true };
  const program = ts.createProgram([index], { ...build, rootDir: join(root, "provider/emulator"), outDir: dist });
  expect(program.emit().emitSkipped).toBe(false);
  declarations = ts.createProgram([join(dist, "index.d.ts")], strict);
});

afterAll(() => rmSync(folder, { recursive: true }));

const strict: ts.CompilerOptions = {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
  strict: true,
  declaration: true,
  skipLibCheck: false,
  types: ["node"],
  noEmit: false,
};

const messagesOf = (diagnostics: readonly ts.Diagnostic[]) =>
  diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));

test("every type that a public signature names is exported", () => {
  const checker = declarations.getTypeChecker();
  const sourceFile = declarations.getSourceFile(join(folder, "node_modules/pulumi-fudo/dist/index.d.ts"))!;
  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = new Set(checker.getExportsOfModule(checker.getSymbolAtLocation(sourceFile)!).map(resolve));
  const missing = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
      const symbol = resolve(checker.getSymbolAtLocation(name)!);
      const isTypeParameter = (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0;
      const isOwn = symbol.declarations?.every((each) => each.getSourceFile().fileName.startsWith(folder)) === true;
      if (isOwn && !isTypeParameter && !exported.has(symbol)) missing.add(symbol.name);
    }
    ts.forEachChild(node, visit);
  };
  for (const symbol of exported) symbol.declarations?.forEach(visit);
  // What BehaviourFlags is computed from: `Table` and `Choice` are not named in any declaration that a user's code gets.
  expect([...missing].filter((name) => !["Table", "Choice"].includes(name))).toEqual([]);
  expect(exported.size).toBeGreaterThan(20);
});

test("a library that exports parts of an emulator compiles with --declaration and without skipLibCheck", () => {
  const parts =
    "clock behaviour tls url apiKey certificate sessions zone latency requests fault randomFaults hold addShare addSession shares listen options";
  const file = join(folder, "library.ts");
  writeFileSync(
    file,
    [
      'import { startEmulator, makeCertificate, behaviourFlagList } from "pulumi-fudo/emulator";',
      "declare const emulator: Awaited<ReturnType<typeof startEmulator>>;",
      ...parts.split(" ").map((name) => `export const ${name} = emulator.${name};`),
      "export const gate = emulator.hold();",
      "export const arrived = () => gate.arrived();",
      "export const share = () => emulator.addShare('1');",
      "export const request = () => emulator.requests[0];",
      "export const parametersOf = (...faults: Parameters<typeof emulator.fault>) => faults;",
      "export const start = (options?: Parameters<typeof startEmulator>[0]) => startEmulator(options);",
      "export class Appliance { clock = emulator.clock; certificate = makeCertificate(); flags = behaviourFlagList; }",
      "export const { postStatus, ...flags } = emulator.behaviour;",
      "export async function using() { await using one = await startEmulator(); return one.url; }",
    ].join("\n"),
  );
  const program = ts.createProgram([file], {
    ...strict,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts"],
  });
  const { diagnostics } = program.emit(undefined, () => undefined);
  expect(messagesOf([...ts.getPreEmitDiagnostics(program), ...diagnostics])).toEqual([]);
});
