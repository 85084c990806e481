// What an editor shows for each public name: a description, and for what a program calls an example that compiles.
import * as typescript from "typescript";
import { publicModule, snippetsWithErrors } from "../../support/type-check";

const { exports, checker } = publicModule();
const { SymbolFlags } = typescript;
const isCalled = ({ flags }: typescript.Symbol) => (flags & (SymbolFlags.Function | SymbolFlags.Class)) !== 0;
const hasDescription = (symbol: typescript.Symbol) => symbol.getDocumentationComment(checker).length > 0;

/** The public members that this package declares itself. */
function ownMembers(symbol: typescript.Symbol): typescript.Symbol[] {
  const members = [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])];
  return members.filter(
    ({ name, flags }) => !name.startsWith("__") && !(flags & (SymbolFlags.TypeParameter | SymbolFlags.Prototype)),
  );
}

function examplesOf(symbol: typescript.Symbol): string[] {
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === "example");
  return tags.map(({ text = [] }) =>
    text
      .map((part) => part.text)
      .join("")
      .replace(/^```ts\n|```$/g, ""),
  );
}

test("the public names are those that a program needs", () => {
  expect(exports.map(({ name }) => name).sort()).toEqual([
    "GetSessionSharesArgs",
    "GetSessionSharesOutputArgs",
    "GetSessionSharesResult",
    "GetSessionsArgs",
    "GetSessionsOutputArgs",
    "GetSessionsResult",
    "SessionShare",
    "SessionShareArgs",
    "SessionShareCommonArgs",
    "SessionShareFor",
    "SessionShareSummary",
    "SessionShareUntil",
    "SessionSummary",
    "ShareSpec",
    "ShareStatus",
    "VendorAccess",
    "VendorAccessArgs",
    "VendorAccessByIds",
    "VendorAccessByQuery",
    "VendorAccessCommonArgs",
    "checkSessionShareArgs",
    "getSession",
    "getSessionOutput",
    "getSessionShares",
    "getSessionSharesOutput",
    "getSessions",
    "getSessionsOutput",
    "getShareSpec",
    "getShareSpecOutput",
  ]);
});

test("each public name and each of its members has a description", () => {
  const silent = exports.flatMap((symbol) => [
    ...(hasDescription(symbol) ? [] : [symbol.name]),
    ...ownMembers(symbol)
      .filter((member) => !hasDescription(member))
      .map((member) => `${symbol.name}.${member.name}`),
  ]);
  expect(silent).toEqual([]);
  expect(exports.flatMap(ownMembers).length).toBeGreaterThan(60);
});

test("the class, `get` and each function have an example, and each example compiles", () => {
  const called = exports.filter(isCalled);
  const get = called.flatMap(ownMembers).filter(({ name }) => name === "get");
  expect(get).toHaveLength(1);
  const examples = [...called, ...get].map(examplesOf);
  expect(examples.every(({ length }) => length === 1)).toBe(true);
  expect(snippetsWithErrors(examples.flat())).toEqual([]);
});
