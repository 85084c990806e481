// Several stacks in one process (inline programs of the Automation API): each call uses the settings of the stack that runs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { environmentOf, makeWorkspace } from "../support/engine-workspace";

// Reads one line of JSON for each step: the stacks to run at the same time. Prints one line for each step.
const main = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const fudo = require("pulumi-fudo");
const lines = require("node:readline").createInterface({ input: process.stdin });

async function run({ name, url, apiKey, stagger = 0 }) {
  const program = async () => {
    await new Promise((resolve) => setTimeout(resolve, stagger));
    const { sessions } = await fudo.getSessions();
    const { shares } = await fudo.getSessionShares({ sessionId: sessions[0].id });
    const share = new fudo.SessionShare("vendor", { sessionId: sessions[0].id, duration: "PT8H" });
    const later = fudo.getSessionSharesOutput({ sessionId: share.sessionId }).shares;
    return { appliance: share.appliance, sessionId: share.sessionId, before: shares.length, later: later.length };
  };
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: name, projectName: "inline", program });
  await stack.setConfig("fudo:url", { value: url });
  await stack.setConfig("fudo:apiKey", { value: apiKey, secret: true });
  const { outputs } = await stack.up({ suppressProgress: true });
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
}

lines.on("line", async (line) => {
  const results = await Promise.allSettled(JSON.parse(line).map(run));
  console.log("RESULT " + JSON.stringify(results.map(({ value, reason }) => value ?? { failed: String(reason) })));
});
`;

interface Program {
  run(stacks: readonly object[]): Promise<Record<string, unknown>[]>;
  end(): Promise<void>;
}

function startProgram(): Program {
  const place = makeWorkspace("linked");
  const file = join(place, "project", "main.js");
  writeFileSync(file, main);
  const child = spawn("node", [file], {
    cwd: join(place, "project"),
    env: environmentOf(place),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    run: async (stacks) => {
      child.stdin.write(`${JSON.stringify(stacks)}\n`);
      for (;;) {
        const { value = "", done } = await lines.next();
        if (done === true) throw new Error("the program has ended");
        if (value.startsWith("RESULT ")) return JSON.parse(value.slice("RESULT ".length)) as Record<string, unknown>[];
      }
    },
    end: async () => {
      child.stdin.end();
      await once(child, "close");
      rmSync(place, { recursive: true, force: true });
    },
  };
}

describe("two stacks with two appliances in one process", () => {
  let appliances: Emulator[];
  let program: Program;
  beforeAll(async () => {
    appliances = await Promise.all(["a", "b"].map((seed) => startEmulator({ seed, sessions: 0 })));
    appliances.forEach((appliance, index) => appliance.addSession({ id: `466572921395583385${index}` }));
    program = startProgram();
  });
  afterAll(async () => {
    await program.end();
    await Promise.all(appliances.map((appliance) => appliance.close()));
  });

  const stackOf = (index: number, more: object = {}) => {
    const { url, apiKey } = appliances[index]!;
    return { name: index === 0 ? "one" : "two", url, apiKey, ...more };
  };
  const expected = (index: number, before: number) => ({
    appliance: appliances[index]!.url,
    sessionId: appliances[index]!.sessions[0],
    before,
    later: 1,
  });
  const rejected = () => appliances.flatMap(({ requests }) => requests.filter(({ status }) => status !== 200));

  test("one after the other: functions and shares of each use its own appliance and key", async () => {
    expect(await program.run([stackOf(0)])).toEqual([expected(0, 0)]);
    expect(await program.run([stackOf(1)])).toEqual([expected(1, 0)]);
    expect(appliances.map((appliance) => appliance.shares().length)).toEqual([1, 1]);
    expect(rejected()).toEqual([]);
  });

  test("at the same time: the same", async () => {
    expect(await program.run([stackOf(0), stackOf(1, { stagger: 300 })])).toEqual([expected(0, 1), expected(1, 1)]);
    expect(await program.run([stackOf(0, { stagger: 300 }), stackOf(1)])).toEqual([expected(0, 1), expected(1, 1)]);
    expect(rejected()).toEqual([]);
  });

  test("after a key rotation the next run uses the new key", async () => {
    appliances[0]!.rotateKey();
    expect(await program.run([stackOf(0), stackOf(1)])).toEqual([expected(0, 1), expected(1, 1)]);
    expect(rejected()).toEqual([]);
    expect(appliances.map((appliance) => appliance.shares().length)).toEqual([1, 1]);
  });

  test("a stack that moves to another appliance asks that one", async () => {
    const [moved] = await program.run([{ ...stackOf(1), name: "three" }]);
    expect(moved).toMatchObject({ appliance: appliances[1]!.url, before: 1 });
    const [back] = await program.run([{ ...stackOf(0), name: "four" }]);
    expect(back).toMatchObject({ appliance: appliances[0]!.url, before: 1 });
  });
});
