// What programs see of a share in TypeScript, against the schema that everything else is made from.
import * as typescript from "typescript";
import { inputsSchema, outputsSchema } from "../../provider/lifecycle/share/schema";
import { textOf } from "../support/repository";

const source = typescript.createSourceFile(
  "session-share.ts",
  textOf("sdk/nodejs/session-share.ts"),
  typescript.ScriptTarget.Latest,
  true,
);

function membersOf(name: string): readonly (typescript.TypeElement | typescript.ClassElement)[] {
  for (const statement of source.statements) {
    const isIt = typescript.isInterfaceDeclaration(statement) || typescript.isClassDeclaration(statement);
    if (isIt && statement.name?.text === name) return [...statement.members];
  }
  throw new Error(`there is no ${name}`);
}

const nameOf = (member: typescript.TypeElement | typescript.ClassElement) => member.name?.getText() ?? "";

test("SessionShareArgs has exactly the inputs of the schema, each described", () => {
  const members = membersOf("SessionShareArgs");
  expect(members.map(nameOf)).toEqual(Object.keys(inputsSchema.shape));
  expect(members.filter((member) => typescript.getJSDocCommentsAndTags(member).length === 0).map(nameOf)).toEqual([]);
});

test("SessionShareArgs requires only what check requires", () => {
  const required = membersOf("SessionShareArgs").filter(
    (member) => (member as typescript.PropertySignature).questionToken === undefined,
  );
  expect(required.map(nameOf)).toEqual(["sessionId"]);
});

test("SessionShare has exactly the outputs of the schema, none of them a field that would overwrite the engine's", () => {
  const properties = membersOf("SessionShare").filter(typescript.isPropertyDeclaration);
  expect(properties.map(nameOf).sort()).toEqual(Object.keys(outputsSchema.shape).sort());
  const declared = properties.filter(({ modifiers = [] }) =>
    [...modifiers].some(({ kind }) => kind === typescript.SyntaxKind.DeclareKeyword),
  );
  expect(declared).toHaveLength(properties.length);
});
