// The functions of the SDK as the Pulumi package schema describes them, read from the built declarations. Their comments are
// the only place where a function, its arguments and its result are described.
import { fileURLToPath } from "node:url";
import ts from "typescript";

const index = fileURLToPath(new URL("../dist/sdk/nodejs/index.d.ts", import.meta.url));
const options = { strict: true, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 };
const program = ts.createProgram([index], { ...options, types: ["node"] });
const checker = program.getTypeChecker();
const anything = { $ref: "pulumi.json#/Any" };

/** Each paragraph of a symbol's comment on one line. */
export const commentOf = (symbol) =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/([^\n])\n(?!\n)/g, "$1 ");

/** The program in a symbol's `@example`. */
export const exampleOf = (symbol) => {
  const tag = symbol.getJsDocTags(checker).find(({ name }) => name === "example");
  return ts.displayPartsToString(tag?.text).replace(/^```ts\n|\n?```$/g, "");
};

/** What a program can import, by name. */
export function exportedSymbols() {
  const module = checker.getSymbolAtLocation(program.getSourceFile(index));
  const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, resolved(symbol)]));
}

/** `functions` and `types` of the schema: each exported function that also has an `…Output` form. */
export function schemaOfFunctions() {
  const symbols = exportedSymbols();
  const types = {};
  const names = [...symbols.keys()].filter((name) => symbols.has(`${name}Output`)).sort();
  const functions = names.map((name) => [`fudo:index:${name}`, functionSpec(symbols.get(name), types)]);
  return { types, functions: Object.fromEntries(functions) };
}

function functionSpec(symbol, types) {
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  const [argument] = signature.parameters;
  const result = checker.getAwaitedType(signature.getReturnType());
  return {
    description: commentOf(symbol),
    ...(argument && { inputs: objectSpec(checker.getNonNullableType(checker.getTypeOfSymbol(argument)), types) }),
    outputs: isMap(result) ? mapSpec : typeSpec(result, types, true),
  };
}

// Engine: a function returns an object with known properties; only the SDK of Node.js could return a map itself.
const mapSpec = {
  type: "object",
  properties: {
    attributes: { type: "object", additionalProperties: anything, description: "The attributes by name." },
  },
  required: ["attributes"],
};

function isMap(type) {
  return type.getStringIndexType() !== undefined;
}

/** True for a function that returns a map in a TypeScript program, and an object that holds it in every other program. */
export function returnsMap(symbol) {
  const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
  return isMap(checker.getAwaitedType(signature.getReturnType()));
}

function objectSpec(type, types) {
  const properties = type.getProperties().map((property) => {
    const propertyType = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    const description = [commentOf(property), ...choiceText(propertyType)].join(" ");
    return [property.name, { ...typeSpec(propertyType, types), description }];
  });
  const required = type.getProperties().filter(({ flags }) => (flags & ts.SymbolFlags.Optional) === 0);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required: required.map(({ name }) => name) }),
  };
}

// A closed set of texts is a string in the schema, because Pulumi's own enums are named types.
function choiceText(type) {
  const isChoice = type.isUnion() && type.types.every((part) => part.isStringLiteral());
  return isChoice ? [`One of ${type.types.map(({ value }) => value).join(", ")}.`] : [];
}

function typeSpec(type, types, isResult = false) {
  if (isEach(type, ts.TypeFlags.StringLike)) return { type: "string" };
  if (isEach(type, ts.TypeFlags.BooleanLike)) return { type: "boolean" };
  if (isEach(type, ts.TypeFlags.NumberLike)) return { type: "number" };
  if (checker.isArrayType(type)) return { type: "array", items: typeSpec(checker.getTypeArguments(type)[0], types) };
  if (isMap(type)) return { type: "object", additionalProperties: anything };
  if (isResult) return objectSpec(type, types);
  const name = `fudo:index:${type.symbol.name}`;
  types[name] ??= { description: commentOf(type.symbol), ...objectSpec(type, types) };
  return { $ref: `#/types/${name}` };
}

function isEach(type, flags) {
  return (type.isUnion() ? type.types : [type]).every((part) => (part.flags & flags) !== 0);
}
