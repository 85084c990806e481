// The programs in README.md, as a user copies them into the project of `pulumi new typescript`: they compile and run.
import { engineSuite, succeeded } from "../support/engine-share";
import { textOf } from "../support/repository";
import { snippetsWithErrors } from "../support/type-check";
import * as ts from "typescript";

const programs = [...textOf("README.md").matchAll(/```typescript\n([^]*?)```/g)].map(([, program = ""]) => program);

test("each program compiles as CommonJS, with both ways of Pulumi's template to find modules", () => {
  expect(programs.length).toBeGreaterThan(1);
  expect(snippetsWithErrors(programs)).toEqual([]);
  const { CommonJS: module } = ts.ModuleKind;
  expect(snippetsWithErrors(programs, { module, moduleResolution: ts.ModuleResolutionKind.Node10 })).toEqual([]);
});

describe("on the emulator, which has the session of the first program", () => {
  const suite = engineSuite({ typescript: true });

  test.each(programs.map((program) => [/(?:new |= )(\w+)\(/.exec(program)?.[1], program] as const))(
    "the program with %s runs, and its second `up` changes nothing",
    async (_, program) => {
      const { stack } = suite();
      stack.writeProgram(program ?? "");
      expect(await stack.up()).toMatchObject(succeeded("Resources:"));
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("unchanged"));
      expect(Object.keys(await stack.outputs())).not.toEqual([]);
    },
  );
});
