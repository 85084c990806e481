// Type-checks short programs as a user's compiler does, with the package's sources in the place of its declarations.
import { join } from "node:path";
import * as typescript from "typescript";

const root = join(__dirname, "..", "..");

const strict: typescript.CompilerOptions = {
  target: typescript.ScriptTarget.ES2023,
  module: typescript.ModuleKind.Node16,
  moduleResolution: typescript.ModuleResolutionKind.Node16,
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  paths: {
    "pulumi-fudo": [join(root, "sdk", "nodejs", "index.ts")],
    "pulumi-fudo/plugin": [join(root, "sdk", "nodejs-plugin", "index.ts")],
    "pulumi-fudo/emulator": [join(root, "provider", "emulator", "index.ts")],
  },
};

/** The programs that do not compile. */
export function snippetsWithErrors(snippets: readonly string[], options: typescript.CompilerOptions = {}): string[] {
  const files = new Map(snippets.map((text, index) => [join(__dirname, `snippet-${index}.ts`), text]));
  const all = { ...strict, ...options };
  const host = typescript.createCompilerHost(all);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...more) => {
    const snippet = files.get(name);
    return snippet === undefined
      ? getSourceFile(name, target, ...more)
      : typescript.createSourceFile(name, snippet, target);
  };
  const program = typescript.createProgram([...files.keys()], all, host);
  const hasErrors = (file: typescript.SourceFile) =>
    program.getSyntacticDiagnostics(file).length + program.getSemanticDiagnostics(file).length > 0;
  return program
    .getSourceFiles()
    .filter((file) => files.has(file.fileName) && hasErrors(file))
    .map(({ fileName }) => files.get(fileName)!);
}

/** A public module of the package, with the type checker that knows it. */
export function publicModule(folder: "sdk/nodejs" | "provider/emulator" = "sdk/nodejs"): {
  readonly exports: readonly typescript.Symbol[];
  readonly checker: typescript.TypeChecker;
} {
  const index = join(root, folder, "index.ts");
  const program = typescript.createProgram([index], strict);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index)!)!;
  const resolved = (symbol: typescript.Symbol) =>
    symbol.flags & typescript.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return { exports: checker.getExportsOfModule(module).map(resolved), checker };
}
