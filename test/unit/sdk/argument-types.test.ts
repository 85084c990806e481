// What the compiler accepts as arguments of a SessionShare: exactly one of `validTo` and `duration`.
import { snippetsWithErrors } from "../../support/type-check";

const start = `
import * as pulumi from "@pulumi/pulumi";
import { SessionShare, type SessionShareArgs, type SessionShareCommonArgs } from "pulumi-fudo";
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
  share(`{ sessionId, duration: "PT8H", recipients: ["age1", text] }`),
  share(`{ sessionId, duration: "PT8H", recipients: pulumi.output(["age1"]) }`),
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
  share(`{ sessionId, duration: "PT8H", recipients: "age1" }`),
];

function errorsIn(snippets: readonly string[], exactOptionalPropertyTypes: boolean): string[] {
  const programs = snippets.map((snippet) => start + snippet);
  return snippetsWithErrors(programs, { exactOptionalPropertyTypes }).map((program) => program.slice(start.length));
}

describe.each([true, false])("with exactOptionalPropertyTypes %s, the compiler", (exact) => {
  test("accepts exactly one of validTo and duration, also as outputs and in spread objects", () => {
    expect(errorsIn(accepted, exact)).toEqual([]);
  });

  test("refuses both, neither, and misspelled or mistyped arguments", () => {
    expect(errorsIn(refused, exact)).toEqual(refused);
  });
});
