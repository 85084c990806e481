// What the compiler accepts as arguments of a SessionShare: exactly one of `validTo` and `duration`.
import { join } from "node:path";
import * as typescript from "typescript";

const folder = __dirname;
const start = `
import * as pulumi from "@pulumi/pulumi";
import { SessionShare, type SessionShareArgs, type SessionShareCommonArgs } from "../../../sdk/nodejs";
const sessionId = "4665729213955833860";
declare const long: boolean;
declare const text: pulumi.Output<string>;
declare const base: SessionShareCommonArgs;
declare const shared: SessionShareArgs;
`;
const share = (args: string) => `new SessionShare("acme", ${args});`;

const accepted = [
  share(`{ sessionId, duration: "PT8H" }`),
  share(`{ sessionId, validTo: "2030-01-01T00:00:00Z" }`),
  share(`{ sessionId, validTo: new Date() }`),
  share(`{ sessionId: text, duration: text }`),
  share(`{ sessionId, validTo: text }`),
  share(`{ sessionId, validTo: pulumi.output(1).apply(() => new Date()), validSince: Promise.resolve(new Date()) }`),
  share(`{ sessionId, duration: "PT8H", validTo: undefined }`),
  share(`{ sessionId, ...(long ? { duration: "P2D" } : { validTo: text }) }`),
  share(`{ ...base, duration: "PT8H" }`),
  share(`{ ...shared, readonly: false }`),
  `const args: SessionShareArgs = { sessionId, duration: "PT8H", labels: { ticket: text } }; ${share("args")}`,
];

const refused = [
  share(`{ sessionId }`),
  share(`{ sessionId, duration: "PT8H", validTo: "2030-01-01T00:00:00Z" }`),
  share(`{ sessionId, duration: text, validTo: text }`),
  share(`{ sessionId, duration: undefined }`),
  share(`{ sessionId, duration: undefined, validTo: undefined }`),
  share(`{ sessionId, ...{ duration: "PT8H", validTo: text } }`),
  share(`base`),
  share(`{ sessionId, duraton: "PT8H" }`),
  share(`{ duration: "PT8H" }`),
  share(`{ sessionId: 5, duration: "PT8H" }`),
];

/** The snippets that do not compile. */
function errorsIn(snippets: readonly string[], exactOptionalPropertyTypes: boolean): string[] {
  const files = new Map(snippets.map((text, index) => [join(folder, `snippet-${index}.ts`), text]));
  const options: typescript.CompilerOptions = {
    target: typescript.ScriptTarget.ES2023,
    module: typescript.ModuleKind.Node16,
    moduleResolution: typescript.ModuleResolutionKind.Node16,
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = typescript.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...more) => {
    const snippet = files.get(name);
    return snippet === undefined
      ? getSourceFile(name, target, ...more)
      : typescript.createSourceFile(name, start + snippet, target);
  };
  const program = typescript.createProgram([...files.keys()], options, host);
  const names = program.getSourceFiles().filter(({ fileName }) => files.has(fileName));
  return names
    .filter((file) => program.getSemanticDiagnostics(file).length + program.getSyntacticDiagnostics(file).length > 0)
    .map(({ fileName }) => files.get(fileName)!);
}

describe.each([true, false])("with exactOptionalPropertyTypes %s, the compiler", (exact) => {
  test("accepts exactly one of validTo and duration, also as outputs and in spread objects", () => {
    expect(errorsIn(accepted, exact)).toEqual([]);
  });

  test("refuses both, neither, and misspelled or mistyped arguments", () => {
    expect(errorsIn(refused, exact)).toEqual(refused);
  });
});
