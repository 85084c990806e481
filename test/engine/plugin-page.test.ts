// docs/plugin.md: its programs compile, its project file works, and each of its commands is run by one of these tests.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { closedNetwork, documented, documentedCommands, pluginShare } from "../support/engine-plugin";
import { engineSuite, openWindow, succeeded } from "../support/engine-share";
import { languageSuite } from "../support/plugin-language";
import { textOf } from "../support/repository";
import { snippetsWithErrors } from "../support/type-check";

const page = textOf("docs/plugin.md");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, "g"))].map(([, text = ""]) => text);

test("each program compiles", () => {
  const programs = blocks("typescript");
  expect(programs.length).toBeGreaterThan(1);
  expect(snippetsWithErrors(programs)).toEqual([]);
});

test("each command is run by a test of this folder; npm's one installs the packed package", () => {
  const tests = readdirSync(__dirname).filter((name) => name.startsWith("plugin-"));
  const sources = tests.map((name) => readFileSync(join(__dirname, name), "utf8"));
  const run = sources.flatMap((text) => [...text.matchAll(/documented\("([^"]+)"\)/g)].map(([, start]) => start));
  const others = documentedCommands().filter((line) => !run.some((start) => line.startsWith(`pulumi ${start}`)));
  expect(others).toEqual(["npm install pulumi-fudo"]);
});

describe("the project file", () => {
  const suite = engineSuite({ modules: "npm", env: closedNetwork });

  test("makes the engine find the plugin", async () => {
    const { stack, declare, sessionId } = suite();
    const [plugins = ""] = blocks("yaml");
    writeFileSync(join(stack.folder, "project", "Pulumi.yaml"), `name: project\nruntime: nodejs\n${plugins}`);
    declare(pluginShare("vendor", { sessionId, ...openWindow() }));
    expect(await stack.preview()).toMatchObject(succeeded("+ 2 to create"));
  });
});

describe("`pulumi package add` in a YAML project", () => {
  const suite = languageSuite("yaml", { modules: "npm", env: closedNetwork });

  test("describes the package to the project, whose program then runs", async () => {
    const { stack } = suite();
    const project = join(stack.folder, "project");
    expect(await stack.pulumi(documented("package add"))).toMatchObject(succeeded("Added package"));
    expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toMatch(/packages:\n +fudo: fudo@\d/);
    expect(readdirSync(join(project, "sdks"))).toEqual(["fudo"]);
    for (const [name, hours] of Object.entries({ from: 1, to: 5 }))
      await stack.setConfig(name, new Date(Date.now() + hours * 3_600_000).toISOString());
    expect(await stack.preview()).toMatchObject(succeeded("+ 3 to create"));
  });
});
