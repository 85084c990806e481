// The commands of docs/state.md that change keys, run as they stand: the secrets provider, the passphrase and the API key.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { documentedCommands, runShell } from "../support/documented-commands";
import { environmentOf } from "../support/engine-workspace";
import { engineSuite, failed, share, succeeded } from "../support/engine-share";
import { startTransit, type Transit } from "../support/vault-transit";

const page = "docs/state.md";
const suite = engineSuite();
let transit: Transit;

beforeAll(async () => {
  transit = await startTransit();
  const { stack, declare, sessionId } = suite();
  declare(share("vendor", { sessionId, duration: "PT8H" }));
  expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
});
afterAll(() => transit?.close());

const path = (...parts: string[]) => join(suite().stack.folder, ...parts);
const state = () => readFileSync(path("state", ".pulumi", "stacks", "project", "dev.json"), "utf8");

/** Runs a block of the page in the project. Returns the requests that the appliance has received meanwhile. */
async function run(heading: string, env: Record<string, string> = {}): Promise<string[]> {
  suite().newRequests();
  const options = { cwd: path("project"), env: environmentOf(path(), env) };
  const { code, output } = await runShell(documentedCommands(page, heading), options);
  expect([code, output]).toEqual([0, expect.any(String)]);
  return suite().newRequests();
}

/** Whether a no-op `up` succeeds, without a request. */
async function expectNoChange(env: Record<string, string>): Promise<void> {
  const { stack, newRequests } = suite();
  newRequests();
  expect(await stack.up(["--expect-no-changes"], { env })).toMatchObject(succeeded("2 unchanged"));
  expect(newRequests()).toEqual([]);
}

describe("a new passphrase", () => {
  const changed = { PULUMI_CONFIG_PASSPHRASE: "a new passphrase" };
  const saltOf = () =>
    /encryptionsalt: ["']?([\w+/=:]+)/.exec(readFileSync(path("project", "Pulumi.dev.yaml"), "utf8"))![1]!;
  let oldSalt: string;

  beforeAll(async () => {
    oldSalt = saltOf();
    expect(state().includes(oldSalt)).toBe(true);
    expect(await run("Rotate the passphrase", { NEW_PASSPHRASE: changed.PULUMI_CONFIG_PASSPHRASE })).toEqual([]);
  });

  test("changes no share and sends no request", () => expectNoChange(changed));

  test("makes the old one useless: a run with it fails without a request", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    expect(await stack.up()).toMatchObject(failed("incorrect passphrase"));
    expect(newRequests()).toEqual([]);
  });

  test("does not protect older copies: backups and history keep the old passphrase", () => {
    expect(saltOf()).not.toBe(oldSalt);
    expect(state().includes(oldSalt)).toBe(false);
    for (const folder of ["backups", "history"]) {
      const files = readdirSync(path("state", ".pulumi", folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".json"))
        .map((name) => readFileSync(path("state", ".pulumi", folder, name), "utf8"));
      expect(files.some((content) => content.includes(oldSalt))).toBe(true);
    }
  });

  test("and then Vault: no share changes, and no passphrase is needed any more", async () => {
    const vault = { VAULT_ADDR: transit.url, VAULT_TOKEN: transit.token };
    expect(await run("Secrets providers", { ...changed, ...vault })).toEqual([]);
    expect(state().includes("hashivault://fudo")).toBe(true);
    await expectNoChange({ PULUMI_CONFIG_PASSPHRASE: "", ...vault });
    expect(transit.requests()).toContain("decrypt");
    expect(await suite().stack.up([], { env: { ...vault, VAULT_TOKEN: "revoked" } })).toMatchObject(failed("403"));
    // Back to a passphrase.
    const { stack } = suite();
    const back = await stack.pulumi(["stack", "change-secrets-provider", "passphrase"], { env: vault });
    expect(back).toMatchObject(succeeded());
    await expectNoChange({});
  });
});

describe("a new API key", () => {
  test("is used after the commands, and the share and its link stay", async () => {
    const { stack, emulator, recordedShare } = suite();
    const before = await recordedShare();
    const NEW_API_KEY = emulator.rotateKey();
    expect(await stack.refresh()).toMatchObject(failed("fudo[unauthorized]"));
    // The preview reads the share, then the update does.
    expect(await run("Rotate the API key", { NEW_API_KEY })).toEqual(["GET 200", "GET 200"]);
    const { outputs } = await recordedShare();
    expect(outputs).toMatchObject({ fingerprint: before.outputs!["fingerprint"] });
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(emulator.shares()).toHaveLength(1);
  });
});
