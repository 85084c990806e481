import { equal, match } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { automation } from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "pulumi-fudo/emulator";

const state = mkdtempSync(join(tmpdir(), "vendor-access-"));
let appliance: Emulator;
let stack: automation.Stack;

before(async () => {
  // Whether the appliance still lists a revoked share is not documented. Here it does.
  appliance = await startEmulator({ behaviour: { removedShares: "flagged" } });
  const envVars = {
    FUDO_URL: appliance.url,
    FUDO_API_KEY: appliance.apiKey,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
  };
  const workDir = import.meta.dirname;
  stack = await automation.LocalWorkspace.createOrSelectStack({ stackName: "test", workDir }, { envVars });
  await stack.setAllConfig({ sessionId: { value: appliance.sessions[0] }, ticket: { value: "CHG-1042" } });
});

after(async () => {
  await stack.workspace.removeStack("test");
  await appliance.close();
  rmSync(state, { recursive: true });
});

const posts = () => appliance.requests.filter(({ method }) => method === "POST").length;
/** What the vendor gets: 200 while the link works. */
const statusOf = async (mail: string) => (await fetch(mail.split(" ")[1])).status;

test("`up` creates one link, and a second `up` changes nothing", async () => {
  const { outputs } = await stack.up();
  equal(outputs.mail.secret, true);
  equal(await statusOf(outputs.mail.value), 200);
  await stack.up({ expectNoChanges: true });
  equal(posts(), 1);
});

test("the link expires after eight hours, and `up` does not create it again", async () => {
  const { mail } = await stack.outputs();
  appliance.clock.skew += 9 * 3_600_000;
  equal(await statusOf(mail.value), 403);
  await stack.up({ expectNoChanges: true });
  equal(posts(), 1);
  appliance.clock.skew = 0;
});

test("a link that an administrator revokes stays revoked, and `up` warns", async () => {
  appliance.revoke(appliance.shares()[0].key);
  await stack.refresh();
  const { stdout } = await stack.up({ expectNoChanges: true });
  match(stdout, /warning: .* was revoked/);
  equal(posts(), 1);
});

test("a lost response creates no second link", async () => {
  appliance.fault({ on: "POST", when: "after", kind: "reset" });
  await stack.setConfig("duration", { value: "PT4H" });
  const { outputs } = await stack.up();
  equal(await statusOf(outputs.mail.value), 200);
  equal(posts(), 2);
});

test("`destroy` does not revoke the link, and says so", async () => {
  const { mail } = await stack.outputs();
  const { stdout } = await stack.destroy();
  match(stdout, /NOT revoked/);
  equal(await statusOf(mail.value), 200);
});
