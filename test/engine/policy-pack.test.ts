// A policy pack of @pulumi/policy on the real engine: its policies for the class SessionShare see the shares, and only them.
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineSuite, failed, share, succeeded } from "../support/engine-share";
import { policyEnvironment } from "../support/policy-pack";
import { root, textOf } from "../support/repository";

const policies = `
const { PolicyPack, validateResourceOfType, validateStackResourcesOfType } = require("@pulumi/policy");
const { SessionShare } = require("pulumi-fudo");
const policy = (name, more) => ({ name, description: name, enforcementLevel: "mandatory", ...more });
new PolicyPack("pack", {
  policies: [
    policy("view-only", {
      validateResource: validateResourceOfType(SessionShare, ({ readonly, labels }, { name, asType }, report) => {
        if (readonly !== true) report(name + " is not view-only");
        if (asType(SessionShare)?.labels.ticket === undefined) report(name + " has no ticket");
      }),
    }),
    policy("one-vendor", {
      validateStack: validateStackResourcesOfType(SessionShare, (shares, args, report) => {
        if (shares.length > 1) report("the stack has " + shares.length + " shares");
      }),
    }),
  ],
});
`;

/** Writes the pack. Returns its folder and the environment in which the engine can run it. */
function writePack(folder: string, source: string): { readonly pack: string; readonly env: Record<string, string> } {
  const pack = mkdtempSync(join(folder, "pack-"));
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: script\nversion: 1.0.0\nmain: index.js\n");
  writeFileSync(join(pack, "package.json"), '{ "name": "pack", "version": "1.0.0", "main": "index.js" }');
  writeFileSync(join(pack, "index.js"), source);
  symlinkSync(join(root, "node_modules"), join(pack, "node_modules"), "dir");
  return { pack, env: policyEnvironment(folder) };
}

describe("a policy pack with policies for SessionShare", () => {
  const suite = engineSuite();
  const other = `class Team extends pulumi.ComponentResource { constructor(name) { super("my:app:Team", name); } } new Team("team");`;
  const violations = ["is not view-only", "has no ticket", "the stack has"];
  let options: ReturnType<typeof writePack>;
  beforeAll(() => {
    options = writePack(suite().stack.folder, policies);
  });
  const preview = ({ pack, env } = options) => suite().stack.preview(["--policy-pack", pack], { env });

  test("stops the preview of each share that breaks one", async () => {
    const { declare, sessionId, newRequests } = suite();
    const labels = { ticket: "OPS-1" };
    declare(
      other,
      share("acting", { sessionId, duration: "PT8H", readonly: false, labels }),
      share("untold", { sessionId, duration: "PT8H" }),
    );
    const outcome = await preview();
    expect(outcome).toMatchObject(failed());
    expect(outcome.all).toContain("acting is not view-only");
    expect(outcome.all).not.toContain("untold is not view-only");
    expect(outcome.all).toContain("untold has no ticket");
    expect(outcome.all).not.toContain("acting has no ticket");
    expect(newRequests()).toEqual([]);
  });

  test("accepts a share that breaks none, and ignores other resources", async () => {
    const { declare, sessionId } = suite();
    declare(other, share("vendor", { sessionId, duration: "PT8H", labels: { ticket: "OPS-1" } }));
    const outcome = await preview();
    expect(outcome).toMatchObject(succeeded("to create"));
    for (const violation of violations) expect(outcome.all).not.toContain(violation);
  });

  test("counts the shares of a stack", async () => {
    const { declare, sessionId } = suite();
    const args = { sessionId, duration: "PT8H", labels: { ticket: "OPS-1" } };
    declare(other, share("one", args), share("two", args));
    const outcome = await preview();
    expect(outcome).toMatchObject(failed());
    expect(outcome.all).toContain("the stack has 2 shares");
  });

  test("can consist of the product's rules: the example in docs/policy.md", async () => {
    const { declare, sessionId, stack } = suite();
    const [, example = ""] = /```typescript\n(import \{ PolicyPack \}[^`]*)```/.exec(textOf("docs/policy.md")) ?? [];
    const source = example
      .replace(/^import (\{.*?\}) from (".*");$/gm, "const $1 = require($2);")
      .replace(" as const", "");
    declare(share("short", { sessionId, duration: "PT8H" }), share("long", { sessionId, duration: "PT9H" }));
    const outcome = await preview(writePack(stack.folder, source));
    expect(outcome).toMatchObject(failed("ours@v1.0.0", "The window has 9 h, and the limit is 8 h."));
    expect(outcome.all).not.toContain("SessionShare: short");
  });
});
