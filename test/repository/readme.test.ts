// The README is kept equal to the code: its tables, the names in its programs, the links in all our pages.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorCodes } from "../../provider/client";
import { readSettings, secretOutputs, settingNames } from "../../provider/lifecycle";
import { immutableInputs, stateOnlyInputs } from "../../provider/lifecycle/share/id";
import { inputsSchema, outputsSchema } from "../../provider/lifecycle/share/schema";
import { deletionPolicies } from "../../provider/lifecycle/settings";
import { quoted, root, tableOf, textOf, trackedFiles } from "../support/repository";

const readme = textOf("README.md");
const sdk = textOf("sdk/nodejs/index.ts");

describe("the table of errors", () => {
  test("has every code, in the code's order, and no other", () => {
    expect(tableOf(readme, "code").map(([code]) => quoted(code))).toEqual(errorCodes.map((code) => [code]));
  });
});

describe("the table of settings", () => {
  const rows = tableOf(readme, "config");

  test("has every setting in both spellings, in the code's order", () => {
    expect(rows.map(([config, environment]) => [quoted(config), quoted(environment)])).toEqual(
      Object.values(settingNames).map(({ config, environment }) => [[config], [environment]]),
    );
  });

  test("tells the defaults that the code has", () => {
    const { maxDuration, timeout, deletionPolicy } = readSettings({
      config: () => undefined,
      environment: () => undefined,
    });
    const told = Object.fromEntries(
      rows
        .map(([config, , meaning]) => [quoted(config)[0], /default `([^`]+)`/.exec(meaning ?? "")?.[1]])
        .filter(([, value]) => value),
    );
    expect(told).toEqual({
      "fudo:maxDuration": `P${maxDuration / 86_400_000}D`,
      "fudo:timeout": `PT${timeout / 1000}S`,
      "fudo:deletionPolicy": deletionPolicy,
    });
  });
});

describe("the table of inputs", () => {
  const rows = tableOf(readme, "input");
  const named = (how: string) => rows.filter((row) => row.at(-1) === how).flatMap(([name]) => quoted(name));

  test("has every input, in the schema's order", () => {
    expect(rows.map(([name]) => quoted(name))).toEqual(Object.keys(inputsSchema.shape).map((name) => [name]));
  });

  test("says truly which replace the share and which live in the state alone", () => {
    expect(named("replaces").sort()).toEqual([...immutableInputs].sort());
    expect(named("state only").sort()).toEqual([...stateOnlyInputs].sort());
  });

  test("names every deletion policy", () => {
    const row = rows.find(([name]) => quoted(name)[0] === "deletionPolicy");
    expect(quoted(row?.[1])).toEqual(deletionPolicies.map((policy) => `"${policy}"`));
  });
});

describe("the table of outputs", () => {
  const rows = tableOf(readme, "output");
  const names = rows.flatMap(([cell]) => quoted(cell));

  test("has every output that is no input, and nothing that is no output", () => {
    const outputs = Object.keys(outputsSchema.shape);
    expect(names.filter((name) => !outputs.includes(name))).toEqual([]);
    expect(outputs.filter((name) => !(name in inputsSchema.shape) && !names.includes(name))).toEqual([]);
  });

  test("calls the secret ones secret", () => {
    const secrets = rows.filter(([, note]) => note?.includes("**secret**")).flatMap(([cell]) => quoted(cell));
    expect(secrets).toEqual([...secretOutputs]);
  });
});

test("the programs import nothing that the package does not export", () => {
  const imported = [...readme.matchAll(/import \{([^}]+)\} from "pulumi-fudo"/g)].flatMap(([, names = ""]) =>
    names.split(",").map((name) => name.trim()),
  );
  expect(imported).toContain("SessionShare");
  for (const name of imported) expect(sdk).toMatch(new RegExp(`\\b${name}\\b`));
});

test("every command of the package that is told exists", () => {
  const { scripts, bin } = JSON.parse(textOf("package.json")) as {
    scripts: Record<string, string>;
    bin: Record<string, string>;
  };
  for (const page of trackedFiles("*.md")) {
    for (const [, name = ""] of textOf(page).matchAll(/\bnpm run ([\w:-]+)/g))
      expect([page, Object.keys(scripts)]).toEqual([page, expect.arrayContaining([name])]);
    for (const [, name = ""] of textOf(page).matchAll(/\bnpx (fudo-\w+)/g))
      expect([page, Object.keys(bin)]).toEqual([page, expect.arrayContaining([name])]);
  }
});

test("every link in every page leads to a file and a heading", () => {
  const { status, stdout } = spawnSync("node", ["scripts/links.mjs"], { cwd: root, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("a link to this repository on GitHub is checked as a link to the file", () => {
  const checkout = mkdtempSync(join(tmpdir(), "pulumi-fudo-links-"));
  try {
    for (const name of ["scripts", "docs"]) mkdirSync(join(checkout, name));
    cpSync(join(root, "scripts", "links.mjs"), join(checkout, "scripts", "links.mjs"));
    writeFileSync(join(checkout, "README.md"), "# Part\n");
    const home = "https://github.com/pulumi-fudo/pulumi-fudo";
    const found = [`${home}#readme`, `${home}#part`, `${home}/blob/main/README.md`, `${home}/tree/main/scripts`];
    const gone = [`${home}#gone`, `${home}/blob/main/docs/gone.md`, `${home}/blob/main/README.md#gone`];
    const links = [...found, ...gone].map((target) => `[link](${target})\n`);
    writeFileSync(join(checkout, "docs", "page.md"), links.join(""));
    for (const args of [
      ["init", "--quiet"],
      ["add", "."],
    ])
      spawnSync("git", args, { cwd: checkout });
    const { status, stdout } = spawnSync("node", ["scripts/links.mjs"], { cwd: checkout, encoding: "utf8" });
    expect(stdout.trim().split("\n")).toEqual(
      ["../README.md#gone", "../docs/gone.md", "../README.md#gone"].map((target) => `docs/page.md: ${target}`),
    );
    expect(status).toBe(1);
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
});

describe("docs/_index.md and docs/installation-configuration.md, which the Pulumi Registry shows", () => {
  const pages = ["docs/_index.md", "docs/installation-configuration.md"].map(textOf);

  test("begin with what the registry reads: a title, a description and the layout of a package", () => {
    for (const page of pages) expect(page).toMatch(/^---\ntitle: .+\nmeta_desc: .{50,160}\nlayout: package\n---\n/);
  });

  test("have only links that also work there: no relative ones", () => {
    const targets = pages.flatMap((page) => [...page.matchAll(/\]\(([^)\s]+)/g)].map(([, target]) => target));
    expect(targets.length).toBeGreaterThan(10);
    expect(targets.filter((target) => !/^https:\/\//.test(target ?? ""))).toEqual([]);
  });

  test("lead to every page that is shipped", () => {
    const shipped = trackedFiles("docs/*.md").filter(
      (path) => path !== "docs/_index.md" && path !== "docs/benchmarks.md",
    );
    expect(shipped.filter((path) => !pages[0]!.includes(`/blob/main/${path})`))).toEqual([]);
  });
});

describe("the programs of other languages", () => {
  const section = /^## Other languages\n(.*?)^## /ms.exec(readme)?.[1] ?? "";
  const blocks = [...section.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].map(([, language, code]) => [language!, code!]);
  const files: Record<string, string> = {
    yaml: "examples/yaml/Pulumi.yaml",
    python: "examples/python/__main__.py",
    go: "examples/go/main.go",
  };
  /** Without indentation, as a part of a program is quoted. */
  const lines = (text: string) => text.split("\n").map((line) => line.trim());

  test("there is one for each language that has an example", () => {
    expect(blocks.map(([language]) => language)).toEqual(Object.keys(files));
  });

  test.each(blocks)("%s: the lines are those of the example, which the engine tests run", (language, code) => {
    expect(lines(textOf(files[language]!)).join("\n")).toContain(lines(code).join("\n"));
  });
});
