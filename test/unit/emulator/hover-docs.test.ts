// What an editor shows for each public name of the emulator: a description, and for what a test calls first an example that
// compiles.
import * as typescript from "typescript";
import { publicModule, snippetsWithErrors } from "../../support/type-check";

const { exports, checker } = publicModule("provider/emulator");
const { SymbolFlags, ModifierFlags } = typescript;
const isDescribed = (symbol: typescript.Symbol) => symbol.getDocumentationComment(checker).length > 0;

/** The public members of an interface or a class. */
function membersOf(symbol: typescript.Symbol): typescript.Symbol[] {
  if ((symbol.flags & (SymbolFlags.Interface | SymbolFlags.Class)) === 0) return [];
  return [...(symbol.members?.values() ?? [])].filter(({ name, valueDeclaration: declaration }) => {
    const hidden = declaration && typescript.getCombinedModifierFlags(declaration) & ModifierFlags.Private;
    return !hidden && !/^(__|#)/.test(name);
  });
}

test("each public name and each of its members has a description", () => {
  const described = exports.flatMap((symbol) => [
    { name: symbol.name, symbol },
    ...membersOf(symbol).map((member) => ({ name: `${symbol.name}.${member.name}`, symbol: member })),
  ]);
  expect(described.filter(({ symbol }) => !isDescribed(symbol)).map(({ name }) => name)).toEqual([]);
  expect(described.length).toBeGreaterThan(100);
});

test("each function has an example, and each example compiles", () => {
  const functions = exports.filter(({ flags }) => (flags & SymbolFlags.Function) !== 0);
  const examples = functions.map((symbol) =>
    symbol
      .getJsDocTags(checker)
      .filter(({ name }) => name === "example")
      .map(({ text }) => typescript.displayPartsToString(text).replace(/^```ts\n|```$/g, "")),
  );
  expect(functions.map(({ name }) => name)).toEqual(["makeCertificate", "startEmulator"]);
  expect(examples.map(({ length }) => length)).toEqual([1, 1]);
  expect(snippetsWithErrors(examples.flat())).toEqual([]);
});
