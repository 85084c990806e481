// When the plugin stops: the engine's Cancel, signals, the engine's end, and a Node.js that is missing or too old.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../provider/emulator";
import { fill, messages } from "../support/drivers/rpc";
import { pluginEnvironment, startConfiguredPlugin, type PluginProcess } from "../support/plugin-process";

const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { PluginAttach } = require("@pulumi/pulumi/proto/plugin_pb");
const executable = join(__dirname, "..", "..", "pulumi-resource-fudo");

let emulator: Emulator;
let plugin: PluginProcess;
let sessionId: string;
let close: () => Promise<void>;
beforeEach(async () => void ({ emulator, plugin, sessionId, close } = await startConfiguredPlugin()));
afterEach(() => close());

const create = (name: string) =>
  plugin.ask(
    "create",
    fill(new messages.CreateRequest(), {
      Urn: `urn:pulumi:dev::project::fudo:index:SessionShare::${name}`,
      Properties: { sessionId, duration: "PT8H", readonly: true, labels: {} },
    }),
  );

/** One POST is at the appliance, and one create waits for it in the session's queue. */
async function oneSentOneWaiting() {
  const gate = emulator.hold({ on: "POST", when: "after" });
  const sent = create("sent");
  await gate.arrived();
  const waiting = create("waiting").then(
    () => "created",
    (error: { code?: string }) => error.code,
  );
  return { gate, sent, waiting };
}

test("Cancel ends what waits, and never a POST that was sent", async () => {
  const { gate, sent, waiting } = await oneSentOneWaiting();
  await plugin.ask("cancel", new Empty());
  gate.release();
  expect((await sent).getId()).toMatch(/\/[0-9a-f]{16}$/);
  expect(await waiting).toBe("cancelled");
  expect(emulator.shares(sessionId)).toHaveLength(1);
});

// Engine: a plugin that was started by hand serves many runs, and the end of each preview is a Cancel.
test("a Cancel does not count for the next engine that attaches", async () => {
  await plugin.ask("cancel", new Empty());
  await expect(create("a")).rejects.toMatchObject({ code: "cancelled" });
  await plugin.ask("attach", new PluginAttach());
  expect((await create("b")).getId()).toMatch(/\/[0-9a-f]{16}$/);
  expect(emulator.shares(sessionId)).toHaveLength(1);
});

test("SIGTERM does the same: the POST that was sent is answered", async () => {
  const { gate, sent, waiting } = await oneSentOneWaiting();
  plugin.child.kill("SIGTERM");
  // The signal has arrived when this response comes: the process handles it before the next event.
  await plugin.ask("getPluginInfo", new Empty());
  gate.release();
  expect(await waiting).toBe("cancelled");
  expect((await sent).getId()).toMatch(/\/[0-9a-f]{16}$/);
  expect(emulator.shares(sessionId)).toHaveLength(1);
});

// Engine: it sends SIGINT at the end of a run, keeps its connection, and waits for the process.
test("SIGINT ends the process after its last response", async () => {
  expect((await create("a")).getId()).toMatch(/\/[0-9a-f]{16}$/);
  const exit = once(plugin.child, "exit");
  plugin.child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
});

test("the engine's end stops what waits, and the process ends by itself", async () => {
  const { gate, sent, waiting } = await oneSentOneWaiting();
  const exit = once(plugin.child, "exit");
  plugin.child.stdin.destroy();
  gate.release();
  await sent;
  expect(await waiting).toBe("cancelled");
  expect(await exit).toEqual([0, null]);
  expect(emulator.shares(sessionId)).toHaveLength(1);
});

test("the executable runs through a symbolic link, from any folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  symlinkSync(executable, join(folder, "pulumi-resource-fudo"));
  const child = spawn(join(folder, "pulumi-resource-fudo"), [], { cwd: folder, env: pluginEnvironment() });
  const [port] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
  expect(port).toMatch(/^\d+\n$/);
  child.stdin.destroy();
  expect(await once(child, "exit")).toEqual([0, null]);
  rmSync(folder, { recursive: true });
});

describe("a Node.js that does not run the plugin", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "plugin-node-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = () => spawnSync("/bin/sh", [executable], { encoding: "utf8", env: { PATH: folder } });

  test("no Node.js: one sentence that says what is missing", () => {
    for (const name of ["dirname", "readlink"]) symlinkSync(`/usr/bin/${name}`, join(folder, name));
    const { status, stdout, stderr } = run();
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(
      /^pulumi-resource-fudo requires Node\.js 22\.19 or newer, and there is no `node` on PATH.*\n$/,
    );
  });

  test("an old Node.js: one sentence with both versions", () => {
    for (const name of ["dirname", "readlink"]) symlinkSync(`/usr/bin/${name}`, join(folder, name));
    // Node.js of this machine, told that it is older: the version is all that the plugin looks at.
    const old = `Object.defineProperty(process.versions, "node", { value: "20.19.0" });`;
    writeFileSync(join(folder, "old.cjs"), old);
    writeFileSync(
      join(folder, "node"),
      `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} --require ${JSON.stringify(join(folder, "old.cjs"))} "$@"\n`,
    );
    chmodSync(join(folder, "node"), 0o755);
    const { status, stdout, stderr } = run();
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toBe(
      "pulumi-resource-fudo requires Node.js 22.19 or newer, but this is Node.js 20.19.0. Put a newer `node` first on PATH.\n",
    );
  });
});
