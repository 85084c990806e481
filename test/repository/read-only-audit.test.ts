// ESLint keeps `fudo-audit` read-only: one file makes the test share of doctor, one sends notifications, and no other file can
// create a share or send a POST.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { textOf, trackedFiles } from "../support/repository";

interface Source {
  readonly file: string;
  readonly text: string;
}

const testShareFile = "provider/audit/doctor/create-test-share.ts";
const notificationFile = "provider/audit/notify/post.ts";
const onlyOneFile = "only doctor/create-test-share makes a share";
const inFiles: readonly (readonly [file: string, lifecycle: string])[] = [
  ["provider/audit/audit.ts", "../lifecycle"],
  ["provider/audit/doctor/observe-appliance.ts", "../../lifecycle"],
  ["provider/audit/collect/stacks.ts", "../../lifecycle"],
  ["provider/audit/model/status.ts", "../../lifecycle"],
];
const named = (lifecycle: string) =>
  `import { createLifecycle } from "${lifecycle}";\nexport const create = createLifecycle;\n`;
const whole = (lifecycle: string) => `import * as all from "${lifecycle}";\nexport const create = all;\n`;
const post = `import type { Client } from "../client";\nexport const create = (client: Client) => client.createShare;\n`;

// One process for all of them, and without types: the rules about imports need none, and types take a minute.
const script = `
import { readFileSync } from "node:fs";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
const withoutTypes = [tseslint.configs.disableTypeChecked, { languageOptions: { parserOptions: { projectService: false } } }];
const eslint = new ESLint({ overrideConfig: withoutTypes });
const results = [];
for (const { file, text } of JSON.parse(readFileSync(0, "utf8"))) {
  const [result] = await eslint.lintText(text, { filePath: file });
  results.push(result.messages.map(({ ruleId, message }) => ruleId + ": " + message));
}
process.stdout.write(JSON.stringify(results));
`;

/** For each source, the rules that it breaks. */
function lint(sources: readonly Source[]): string[][] {
  const { stdout, stderr } = spawnSync("node", ["--input-type=module", "-e", script], {
    cwd: join(__dirname, "..", ".."),
    input: JSON.stringify(sources),
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

test("no file of the audit can import the create operation, or send the POST with the client", () => {
  const imports = inFiles.flatMap(([file, lifecycle]) =>
    [named(lifecycle), whole(lifecycle)].map((text) => ({ file, text })),
  );
  const own = textOf(testShareFile);
  const results = lint([
    ...imports,
    { file: "provider/audit/audit.ts", text: post },
    { file: testShareFile, text: own },
  ]);
  const forbidden = (rule: string) => [expect.stringMatching(new RegExp(`^${rule}: .*${onlyOneFile}$`))];
  expect(results).toEqual([
    ...imports.map(() => forbidden("no-restricted-imports")),
    forbidden("no-restricted-syntax"),
    // The file that makes the test share breaks no rule.
    [],
  ]);
});

test("no file of the audit but the one that sends notifications can send a request of its own", () => {
  const others = [
    ["provider/audit/audit.ts", "../client"],
    ["provider/audit/collect/stacks.ts", "../../client"],
    ["provider/audit/collect/text-file.ts", "../../client/http/transport"],
    ["provider/audit/notify/publish.ts", "../../client"],
    [testShareFile, "../../client"],
  ] as const;
  const results = lint([
    ...others.map(([file, client]) => ({
      file,
      text: `import { openTransport } from "${client}";\nexport const open = openTransport;\n`,
    })),
    { file: notificationFile, text: textOf(notificationFile) },
  ]);
  const forbidden = [expect.stringMatching(/^no-restricted-imports: .*only notify\/post sends notifications$/)];
  expect(results).toEqual([...others.map(() => forbidden), []]);
});

test("only doctor imports the file that makes the test share", () => {
  const importers = trackedFiles("provider/*.ts").filter((path) => /from "[^"]*create-test-share"/.test(textOf(path)));
  expect(importers.filter((path) => !path.startsWith("provider/audit/doctor/"))).toEqual([]);
  expect(importers).not.toEqual([]);
});
