// The audit of a stack that uses only the plugin: the default provider, and an explicit one for a second appliance. The command
// runs as users run it: built, in a separate process, without the passphrase.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../provider/audit/model/report-schema";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { pluginShare, usePlugin } from "../support/engine-plugin";
import { engineSuite, fingerprintOf, openWindow, succeeded } from "../support/engine-share";
import { environmentOf } from "../support/engine-workspace";
import { outcomeOf } from "../support/process-outcome";

const suite = engineSuite({ emulator: { behaviour: { removedShares: "flagged" } } });
const command = join(__dirname, "..", "..", "dist", "provider", "audit", "command.js");
let second: Emulator;

beforeAll(async () => {
  second = await startEmulator({ seed: "second", sessions: 1 });
  const { stack, declare, sessionId } = suite();
  usePlugin(stack);
  await stack.setConfig("secondKey", second.apiKey, { secret: true });
  const window = openWindow();
  const provider = `const second = new pulumi.ProviderResource("fudo", "second", { url: ${JSON.stringify(second.url)}, apiKey: new pulumi.Config().requireSecret("secondKey") });`;
  const elsewhere = pluginShare("elsewhere", { sessionId: second.sessions[0], ...window }, "{ provider: second }");
  declare(
    pluginShare("vendor", { sessionId, ...window }),
    pluginShare("revoked", { sessionId, ...window }),
    provider,
    elsewhere,
  );
  expect(await stack.up()).toMatchObject(succeeded("+ 5 created"));
});
afterAll(() => second.close());

/** The JSON report of `fudo-audit` in the project's folder. The environment has the API key, and the URL where `url` is set. */
async function audit(apiKey: string, args: readonly string[], url?: string): Promise<Report & { code: number | null }> {
  const { folder } = suite().stack;
  const env = { ...environmentOf(folder), PULUMI_CONFIG_PASSPHRASE: undefined, FUDO_API_KEY: apiKey, FUDO_URL: url };
  const child = spawn("node", [command, "--stack", "dev", "-o", "json", ...args], {
    cwd: join(folder, "project"),
    env,
  });
  const { code, stdout, stderr } = await outcomeOf(child);
  const credentials = [suite().emulator, second].flatMap((one) => [one.apiKey, ...one.shares().map(({ key }) => key)]);
  expect(credentials.filter((text) => (stdout + stderr).includes(text)).length).toBe(0);
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Report), code };
}

const outcomes = ({ shares }: Report) =>
  Object.fromEntries(
    shares.map(({ declaredBy, status, findings }) => [
      declaredBy[0]?.urn.split("::").slice(-2).join(" ") ?? "no resource",
      [status, ...findings],
    ]),
  );

test("finds the appliance in the stack's configuration, and reports the share on the other appliance", async () => {
  const { emulator, sessionId, stack } = suite();
  const { revoked } = (await stack.outputs()) as { revoked: { fingerprint: string } };
  emulator.revoke(emulator.shares().find(({ key }) => fingerprintOf(key) === revoked.fingerprint)!.key);
  emulator.addShare(sessionId, openWindow());
  const report = await audit(emulator.apiKey, []);
  expect(report.appliance).toBe(emulator.url);
  expect(report.code).toBe(3);
  expect(report.completeness.problems).toEqual([
    expect.stringContaining(`1 declared share is on ${second.url}, not on ${emulator.url}: audit that appliance too`),
  ]);
  expect(outcomes(report)).toEqual({
    "fudo:index:SessionShare vendor": ["active"],
    "fudo:index:SessionShare revoked": ["removed", "removed"],
    "fudo:index:SessionShare elsewhere": ["active"],
    "no resource": ["active", "unmanaged"],
  });
});

test("with FUDO_URL it audits the second appliance of the stack", async () => {
  const report = await audit(second.apiKey, ["--skip-other-appliances"], second.url);
  expect(report).toMatchObject({ code: 0, appliance: second.url, findings: [] });
  expect(outcomes(report)).toEqual({ "fudo:index:SessionShare elsewhere": ["active"] });
});

test("names a create that Pulumi has not finished", async () => {
  const { stack, emulator, declare, sessionId } = suite();
  const gate = emulator.hold({ on: "POST" });
  declare(pluginShare("interrupted", { sessionId, duration: "PT8H" }));
  const running = stack.start(["up", "--yes", "--skip-preview"]);
  await gate.arrived();
  const report = await audit(emulator.apiKey, ["--skip-other-appliances"]);
  expect(report.completeness.notes).toContainEqual(
    expect.stringMatching(/has not finished 1 create of shares \(\S+::fudo:index:SessionShare::interrupted\)/),
  );
  gate.release();
  expect(await running.done).toMatchObject({ code: 0 });
});
