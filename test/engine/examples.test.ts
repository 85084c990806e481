// Each program in examples/, copied as a user copies it and run by the real engine. An example without a test fails.
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatorOptions } from "../../provider/emulator";
import {
  diagnosticsOf,
  engineSuite,
  failed,
  fingerprintOf,
  hour,
  inHours,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";
import { newVendor, openedBy } from "../support/vendor";

const examples = join(__dirname, "..", "..", "examples");
const tested = new Set<string>();

/** An appliance, and a stack whose project is a copy of the example. */
function exampleSuite(name: string, emulator: EmulatorOptions = {}): () => EngineSuite {
  tested.add(name);
  const suite = engineSuite({ typescript: true, emulator });
  beforeAll(async () => {
    const project = join(suite().stack.folder, "project");
    cpSync(join(examples, name), project, { recursive: true, filter: (path) => !path.endsWith("node_modules") });
    // The stack was created in the test's own project.
    const settings = join(project, "Pulumi.yaml");
    writeFileSync(settings, readFileSync(settings, "utf8").replace(/^name: .*/, "name: project"));
    if (readFileSync(join(project, "index.ts"), "utf8").includes(`require("sessionId")`))
      await suite().stack.setConfig("sessionId", suite().sessionId);
  });
  return suite;
}

/** `up` creates this many shares. The next one changes nothing and sends these requests. Each link is secret. */
async function expectShares(created: number, { stack, emulator, newRequests }: EngineSuite, requests: string[] = []) {
  expect(await stack.up()).toMatchObject(succeeded(`+ ${created + 1} created`));
  expect(emulator.shares()).toHaveLength(created);
  newRequests();
  expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("unchanged"));
  expect(newRequests()).toEqual(requests);
  const outputs = JSON.stringify(await stack.outputs());
  expect(outputs.match(/"\[secret\]"/g)).toHaveLength(created);
}

describe("quickstart", () => {
  const suite = exampleSuite("quickstart");

  test("creates a view-only share for eight hours", async () => {
    await expectShares(1, suite());
    const [share] = suite().emulator.shares();
    expect(share).toMatchObject({ sessionId: suite().sessionId, readonly: true });
    expect(Math.round((Date.parse(share!.validTo) - Date.now()) / hour)).toBe(8);
  });
});

describe("fixed-window", () => {
  const suite = exampleSuite("fixed-window");

  test("creates a share with exactly the configured window, in UTC", async () => {
    const from = new Date(Math.ceil(Date.now() / hour) * hour + hour);
    const inHours = (hours: number) => new Date(from.getTime() + hours * hour).toISOString();
    await suite().stack.setConfig("from", inHours(1).replace(".000Z", "+01:00"));
    await suite().stack.setConfig("to", inHours(6 + 5.5).replace(":00.000Z", "[Asia/Kolkata]"));
    await expectShares(1, suite());
    const validTo = new Date(from.getTime() + 6 * hour).toISOString();
    expect(suite().emulator.shares()).toMatchObject([{ validSince: from.toISOString(), validTo, readonly: false }]);
    expect(await suite().stack.outputs()).toMatchObject({ from: from.toISOString(), to: validTo });
  });
});

describe("vendors-from-yaml", () => {
  const suite = exampleSuite("vendors-from-yaml");
  const changeFile = (change: (text: string) => string) => {
    const file = join(suite().stack.folder, "project", "vendors.yaml");
    writeFileSync(file, change(readFileSync(file, "utf8")));
  };

  test("creates a share for each entry, with every digit of its session ID", async () => {
    const { emulator, stack } = suite();
    let next = 0;
    changeFile((text) => text.replaceAll(/\d{19}/g, () => emulator.sessions[next++]!));
    await expectShares(2, suite());
    expect(emulator.shares().map(({ sessionId }) => sessionId)).toEqual(
      expect.arrayContaining(emulator.sessions.slice(0, 2)),
    );
    expect(await stack.outputs()).toEqual({ urls: { acme: "[secret]", globex: "[secret]" } });
  });

  test("creates one more share for a new entry, and leaves the others alone", async () => {
    const { emulator, stack, sessionId } = suite();
    changeFile((text) => `${text}initech:\n  sessionId: ${sessionId}\n  duration: PT1H\n  ticket: CHG-1080\n`);
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created", "3 unchanged"));
    expect(emulator.shares()).toHaveLength(3);
  });
});

describe("adopt", () => {
  const suite = exampleSuite("adopt");

  test("takes over a share of the admin panel without a POST", async () => {
    const { emulator, stack, sessionId, newRequests } = suite();
    const { key, validTo } = emulator.addShare(sessionId, { validTo: inHours(5), readonly: false });
    for (const [name, value] of Object.entries({ fingerprint: fingerprintOf(key), validTo, readonly: "false" }))
      await stack.setConfig(name, value);
    await expectShares(1, suite());
    expect(newRequests().filter((request) => request.startsWith("POST"))).toEqual([]);
    expect(await stack.outputs(true)).toMatchObject({ url: expect.stringContaining(key), validTo });
  });
});

describe("sealed-link", () => {
  const suite = exampleSuite("sealed-link");

  test("creates a share whose link only the vendor can open", async () => {
    const { emulator, stack, newRequests } = suite();
    const vendor = newVendor(join(stack.folder, "project"));
    expect(await stack.pulumi(["config", "set", "--path", "recipients[0]", vendor.recipient])).toMatchObject(
      succeeded(),
    );
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
    const [share, ...others] = emulator.shares();
    expect(others).toEqual([]);
    const { sealedUrl, fingerprint } = await stack.outputs();
    expect(fingerprint).toBe(fingerprintOf(share!.key));
    expect(openedBy(vendor, String(sealedUrl))).toBe(emulator.url + share!.link);
  });
});

describe("refuse-while-live", () => {
  const suite = exampleSuite("refuse-while-live", { behaviour: { removedShares: "flagged" } });

  test("refuses `destroy` until the link is revoked and a refresh has seen that", async () => {
    const { emulator, stack } = suite();
    await expectShares(1, suite());
    expect(await stack.destroy()).toMatchObject(failed("fudo[refused]"));
    emulator.revoke(emulator.shares()[0]!.key);
    expect(await stack.refresh()).toMatchObject(succeeded("~ 1 updated"));
    expect(await stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
  });
});

describe("live-sessions", () => {
  const suite = exampleSuite("live-sessions");

  test("creates a share for each live SSH session, and removes it when the session is over", async () => {
    const { emulator, stack } = suite();
    emulator.addSession({ attributes: { protocol: "ssh" } });
    emulator.addSession({ attributes: { protocol: "ssh" }, finishedAt: Date.now() });
    const [, ended] = await sharedSessions(2);
    emulator.removeSession(ended!);
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("- 1 deleted"));
    expect(diagnosticsOf(up)).toEqual([expect.stringContaining(`of session ${ended!} is removed from the state`)]);
  });

  async function sharedSessions(count: number): Promise<string[]> {
    await expectShares(count, suite(), ["GET 200", "GET 200"]);
    return suite()
      .emulator.shares()
      .map(({ sessionId }) => sessionId);
  }
});

describe("find-session", () => {
  const suite = exampleSuite("find-session");

  test("creates a share of the newest session with these names, and fails when there is none", async () => {
    const { emulator, stack } = suite();
    const names = { serverName: "plc-07", userName: "Siemens" };
    for (const [name, value] of Object.entries({ server: names.serverName, user: names.userName }))
      await stack.setConfig(name, value);
    expect(await stack.preview()).toMatchObject(failed("getSession"));
    emulator.addSession({ ...names, startedAt: Date.now() - hour });
    const newest = emulator.addSession(names);
    emulator.addSession({ ...names, serverName: "plc-08" });
    // Sessions, servers and users, each list to its end.
    await expectShares(1, suite(), Array<string>(6).fill("GET 200"));
    expect(emulator.shares()).toMatchObject([{ sessionId: newest }]);
    expect(await stack.outputs()).toMatchObject({ sessionId: newest });
  });
});

describe("vendor-access", () => {
  const suite = exampleSuite("vendor-access");

  test("creates a share for each live session of the server, a text with the links, and a calendar", async () => {
    const { emulator, stack, newRequests } = suite();
    const ids = [1, 2].map(() => emulator.addSession({ serverName: "plc-07" }));
    emulator.addSession({ serverName: "plc-08" });
    const from = new Date(Math.ceil(Date.now() / hour) * hour + hour).toISOString();
    const to = new Date(Date.parse(from) + 6 * hour).toISOString();
    for (const [name, value] of Object.entries({ server: "plc-07", from, to })) await stack.setConfig(name, value);
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const window = { validSince: from, validTo: to, readonly: false };
    expect(emulator.shares()).toEqual(
      expect.arrayContaining(ids.map((id) => expect.objectContaining({ ...window, sessionId: id }))),
    );
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(newRequests()).toEqual(Array<string>(4).fill("GET 200"));
    const { handOver, calendar } = await stack.outputs(true);
    for (const { key } of emulator.shares()) {
      expect(handOver).toContain(key);
      expect(calendar).not.toContain(key);
    }
  });
});

describe("share-report", () => {
  const suite = exampleSuite("share-report");

  test("names the shares that are not over, without links, and the attributes of a share", async () => {
    const { emulator, stack, sessionId } = suite();
    emulator.addShare(sessionId, { validSince: inHours(-2), validTo: inHours(-1) });
    const { key, validTo } = emulator.addShare(sessionId);
    expect(await stack.up()).toMatchObject(succeeded("+ 1 created"));
    expect(await stack.outputs()).toEqual({
      open: [{ fingerprint: fingerprintOf(key), status: "active", validTo, readonly: true }],
      attributes: expect.arrayContaining(["valid_to", "readonly"]),
    });
    expect(emulator.shares()).toHaveLength(2);
  });
});

test("each directory in examples/ has a test here, or in a file that opens it by name", () => {
  const others = {
    pipeline: "pipelines.test.ts",
    go: "plugin-go.test.ts",
    python: "plugin-python.test.ts",
    "several-appliances": "several-appliances.test.ts",
    testing: "testing-examples.test.ts",
    "typescript-plugin": "plugin-typescript.test.ts",
    "vendor-access-yaml": "plugin-vendor-access.test.ts",
    yaml: "plugin-yaml.test.ts",
  };
  for (const [name, file] of Object.entries(others)) {
    expect(readFileSync(join(__dirname, file), "utf8")).toMatch(new RegExp(`examples(/|", ")${name}\\b`));
    tested.add(name);
  }
  const entries = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(entries.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});
