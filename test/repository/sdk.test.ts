// What programs see of a share in TypeScript, against the schema that everything else is made from.
import * as typescript from "typescript";
import { inputsSchema, outputsSchema } from "../../provider/lifecycle/share/schema";
import { textOf } from "../support/repository";

const sources = ["session-share.ts", "arguments.ts"].map((file) =>
  typescript.createSourceFile(file, textOf(`sdk/nodejs/${file}`), typescript.ScriptTarget.Latest, true),
);

function membersOf(name: string): readonly (typescript.TypeElement | typescript.ClassElement)[] {
  for (const statement of sources.flatMap(({ statements }) => [...statements])) {
    const isIt = typescript.isInterfaceDeclaration(statement) || typescript.isClassDeclaration(statement);
    if (isIt && statement.name?.text === name) return [...statement.members];
  }
  throw new Error(`there is no ${name}`);
}

const nameOf = (member: typescript.TypeElement | typescript.ClassElement) => member.name?.getText() ?? "";

const isRequired = (member: typescript.TypeElement | typescript.ClassElement) =>
  (member as typescript.PropertySignature).questionToken === undefined;
const isDescribed = (member: typescript.TypeElement | typescript.ClassElement) =>
  typescript.getJSDocCommentsAndTags(member).length > 0;
const alternatives = { SessionShareUntil: "validTo", SessionShareFor: "duration" };

test("SessionShareArgs has exactly the inputs of the schema, each described", () => {
  const ends = Object.entries(alternatives).flatMap(([type, end]) =>
    membersOf(type).filter((member) => nameOf(member) === end),
  );
  const members = [...membersOf("SessionShareCommonArgs"), ...ends];
  expect(members.map(nameOf).sort()).toEqual(Object.keys(inputsSchema.shape).sort());
  expect(members.filter((member) => !isDescribed(member)).map(nameOf)).toEqual([]);
});

test("SessionShareArgs requires only what check requires", () => {
  expect(membersOf("SessionShareCommonArgs").filter(isRequired).map(nameOf)).toEqual(["sessionId"]);
  for (const [type, end] of Object.entries(alternatives)) {
    expect(membersOf(type).map(nameOf).sort()).toEqual(Object.values(alternatives).sort());
    expect(membersOf(type).filter(isRequired).map(nameOf)).toEqual([end]);
  }
});

test("SessionShare has exactly the outputs of the schema, none of them a field that would overwrite the engine's", () => {
  const properties = membersOf("SessionShare").filter(typescript.isPropertyDeclaration);
  expect(properties.map(nameOf).sort()).toEqual(Object.keys(outputsSchema.shape).sort());
  const declared = properties.filter(({ modifiers = [] }) =>
    [...modifiers].some(({ kind }) => kind === typescript.SyntaxKind.DeclareKeyword),
  );
  expect(declared).toHaveLength(properties.length);
});
