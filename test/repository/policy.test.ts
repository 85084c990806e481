// docs/policy.md describes each rule of the policy pack, and the package can be used as a pack.
import { policies } from "../../policy/index";
import { quoted, tableOf, textOf } from "../support/repository";

const page = textOf("docs/policy.md");

test("the table has each rule with its configuration and its default level", () => {
  const documented = tableOf(page, "rule").map(([name, , names, level]) => [name, names, level].map(quoted));
  const rules = policies().map(({ name, configSchema, enforcementLevel }) => [
    [name],
    Object.keys(configSchema?.properties ?? {}),
    [enforcementLevel],
  ]);
  expect(documented).toEqual(rules);
});

test("each rule says what it requires in one sentence", () => {
  for (const { name, description } of policies())
    expect([name, description]).toEqual([name, expect.stringMatching(/^(A|The window of a) share must [^.]*\.$/)]);
});

test("the page explains each name of the configuration", () => {
  const names = policies().flatMap(({ configSchema }) => Object.keys(configSchema?.properties ?? {}));
  const rules = page.slice(page.indexOf("## Rules"), page.indexOf("## What the rules judge")).replace(/^\|.*$/gm, "");
  expect(names.filter((name) => !rules.includes(`\`${name}\``))).toEqual([]);
});

// Engine: it finds the module that serves the pack by the manifest in the folder of PulumiPolicy.yaml.
test("the pack's manifest leads to the built pack", () => {
  const { main } = JSON.parse(textOf("policy/package.json")) as { main: string };
  expect(main).toBe("../dist/policy/pack.js");
  expect(textOf("policy/pack.ts")).toContain("new PolicyPack(");
  expect(textOf("policy/PulumiPolicy.yaml")).toMatch(/^runtime: nodejs$/m);
});
