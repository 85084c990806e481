// A policy pack of @pulumi/policy on the real engine: its policies for the class SessionShare see the shares, and only them.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { engineSuite, failed, share, succeeded } from "../support/engine-share";
import { environmentOf } from "../support/engine-workspace";

const root = join(__dirname, "..", "..");
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
function writePack(folder: string): { readonly pack: string; readonly env: Record<string, string> } {
  const pack = join(folder, "pack");
  mkdirSync(join(pack, "bin"), { recursive: true });
  // Engine: a language host of this age cannot run a pack. For any other runtime, the engine starts this command.
  const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  const script = `#!/bin/sh\nexec node ${JSON.stringify(runner)} "$@"\n`;
  writeFileSync(join(pack, "bin", "pulumi-analyzer-policy-script"), script, { mode: 0o755 });
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: script\nversion: 1.0.0\nmain: index.js\n");
  writeFileSync(join(pack, "package.json"), '{ "name": "pack", "version": "1.0.0", "main": "index.js" }');
  writeFileSync(join(pack, "index.js"), policies);
  symlinkSync(join(root, "node_modules"), join(pack, "node_modules"), "dir");
  return { pack, env: { PATH: [join(pack, "bin"), environmentOf(folder)["PATH"]].join(delimiter) } };
}

describe("a policy pack with policies for SessionShare", () => {
  const suite = engineSuite();
  const other = `class Team extends pulumi.ComponentResource { constructor(name) { super("my:app:Team", name); } } new Team("team");`;
  const violations = ["is not view-only", "has no ticket", "the stack has"];
  let options: ReturnType<typeof writePack>;
  beforeAll(() => {
    options = writePack(suite().stack.folder);
  });
  const preview = () => suite().stack.preview(["--policy-pack", options.pack], { env: options.env });

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
});
