// One appliance and one stack for engine tests of shares: programs, the shares in the state, the requests and the messages.
// Knows nothing of what a test expects.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator, type EmulatorOptions } from "../../provider/emulator";
import { newStack, type Deployment, type Outcome, type Stack, type StackOptions, type StateResource } from "./engine";
import { environmentOf } from "./engine-workspace";

export interface EngineSuiteOptions extends Partial<Omit<StackOptions, "program" | "canaries">> {
  readonly emulator?: EmulatorOptions;
  /** False: the stack configuration holds no address, key and CA of the appliance. */
  readonly configured?: boolean;
  /** Credentials that do not come from the emulator. Called when the test has ended. */
  readonly canaries?: () => readonly string[];
}

/** Every credential of the appliance is a canary of the stack. */
export interface EngineSuite {
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** The appliance's first session. */
  readonly sessionId: string;
  /** Writes the program: imports, then these lines. */
  declare(...lines: readonly string[]): void;
  /** Method and status of each request since the last call. */
  newRequests(): string[];
  /** The share with this name in the state, without old ones that are still to be deleted. Throws if there is not exactly one. */
  recordedShare(name?: string): Promise<StateResource>;
  /** From now on the clocks of the appliance, the program and the provider are this many hours ahead. */
  advanceClocks(hours: number): void;
}

export const shareType = "pulumi-nodejs:dynamic/fudo:SessionShare";
export const hour = 3_600_000;

/** Starts one appliance and one stack for all tests of the enclosing `describe`. The returned function returns them. */
export function engineSuite(options: EngineSuiteOptions = {}): () => EngineSuite {
  let suite: EngineSuite | undefined;
  beforeAll(async () => {
    suite = await startEngineSuite(options);
  });
  afterAll(() => suite?.emulator.close());
  return () => {
    if (suite === undefined) throw new Error("the suite exists only while a test runs");
    return suite;
  };
}

/** The caller closes the emulator; the harness closes the stack. */
export async function startEngineSuite(options: EngineSuiteOptions = {}): Promise<EngineSuite> {
  const {
    emulator: emulatorOptions,
    configured = true,
    canaries = () => [],
    config,
    secretConfig,
    env,
    ...more
  } = options;
  const emulator = await startEmulator({ seed: 1, ...emulatorOptions });
  const environment: Record<string, string | undefined> = {
    NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "clock-ahead.cjs"))}`,
    ...env,
  };
  const certificate = emulator.certificate === undefined ? {} : { "fudo:caCertificate": emulator.certificate };
  const stack = await newStack({
    ...more,
    program: "",
    env: environment,
    config: { ...(configured && { "fudo:url": emulator.url, ...certificate }), ...config },
    secretConfig: { ...(configured && { "fudo:apiKey": emulator.apiKey }), ...secretConfig },
    canaries: () => [...canaries(), emulator.apiKey, ...emulator.shares().map(({ key }) => key)],
  });
  return engineSuiteOf(emulator, stack, environment);
}

function engineSuiteOf(emulator: Emulator, stack: Stack, environment: Record<string, string | undefined>): EngineSuite {
  return {
    emulator,
    stack,
    sessionId: emulator.sessions[0]!,
    declare: (...lines) => stack.writeProgram(program(...lines)),
    newRequests: () => {
      const requests = emulator.requests.map(({ method, status }) => `${method} ${status}`);
      emulator.resetRequests();
      return requests;
    },
    recordedShare: async (name = "vendor") => {
      const shares = sharesIn(await stack.export()).filter(
        (one) => one.delete !== true && one.urn.endsWith(`::${name}`),
      );
      if (shares.length !== 1) throw new Error(`the state holds ${shares.length} shares called ${name}`);
      return shares[0]!;
    },
    advanceClocks: (hours) => {
      emulator.clock.skew = hours * hour;
      environment["CLOCK_AHEAD"] = String(hours * hour);
    },
  };
}

/** Waits until the state that the engine last wrote to its backend meets the condition. */
export async function waitForState({ stack }: EngineSuite, condition: (state: Deployment) => boolean): Promise<void> {
  const file = join(stack.folder, "state", ".pulumi", "stacks", "project", "dev.json");
  for (;;) {
    try {
      const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as { checkpoint: { latest: Deployment } };
      const { resources = [], pending_operations = [] } = checkpoint.latest;
      if (condition({ resources, pending_operations })) return;
    } catch {
      // The engine is writing the file. Read it again.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether the state says that the creation of the resource with this name was interrupted. */
export function isPending({ pending_operations: pending }: Deployment, name: string): boolean {
  return pending.some(({ type, resource }) => type === "creating" && resource.urn.endsWith(`::${name}`));
}

/** Runs the built `fudo-audit` in the stack's project and returns its report. */
export function audit({ stack, emulator }: EngineSuite, args: readonly string[] = ["--stack", "dev"]): Promise<string> {
  const command = join(__dirname, "..", "..", "dist", "provider", "audit", "command.js");
  const env = environmentOf(stack.folder, { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey });
  const cwd = join(stack.folder, "project");
  return new Promise((resolve) =>
    execFile("node", [command, ...args], { cwd, env }, (_error, stdout) => resolve(stdout)),
  );
}

/** Exports the state, edits each share of this type in it, and imports it again. */
export async function editState(stack: Stack, edit: (share: StateResource) => void, type = shareType): Promise<void> {
  const state = JSON.parse((await stack.pulumi(["stack", "export"])).stdout) as { deployment: Deployment };
  state.deployment.resources.filter((one) => one.type === type).forEach(edit);
  const file = join(stack.folder, "output", "state.json");
  writeFileSync(file, JSON.stringify(state));
  expect(await stack.pulumi(["stack", "import", "--file", file])).toMatchObject(succeeded());
}

export function sharesIn({ resources }: { readonly resources: readonly StateResource[] }): StateResource[] {
  return resources.filter(({ type }) => type === shareType);
}

/** A JavaScript program with these lines. */
export function program(...lines: readonly string[]): string {
  return [`const pulumi = require("@pulumi/pulumi");`, `const fudo = require("pulumi-fudo");`, ...lines, ""].join("\n");
}

/** Program lines that declare a share and export its url, fingerprint and end. Inputs and options: JSON, or source as text. */
export function share(name: string, inputs: object | string, options: object | string = {}): string {
  const source = (value: object | string) => (typeof value === "string" ? value : JSON.stringify(value));
  return [
    `const ${name} = new fudo.SessionShare("${name}", ${source(inputs)}, ${source(options)});`,
    `exports.${name} = { url: ${name}.url, fingerprint: ${name}.fingerprint, validTo: ${name}.validTo };`,
  ].join("\n");
}

/** `hours` from now, as a program writes it. */
export function inHours(hours: number): string {
  return new Date(Date.now() + hours * hour).toISOString();
}

/** An instant as messages print it: `2026-11-25 14:07 UTC`. */
export function minuteText(instant: unknown): string {
  return `${new Date(String(instant)).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Started an hour ago and ends in eight hours: absence from a list counts inside it. */
export function openWindow(): { validSince: string; validTo: string } {
  return { validSince: inHours(-1), validTo: inHours(8) };
}

export function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

/** Each line under "Diagnostics" once, without the engine's own "update failed" and its prefixes. */
export function diagnosticsOf({ all }: Outcome): string[] {
  const [, section = ""] = /\nDiagnostics:\n([^]*?)(?=\n\S|$)/.exec(all) ?? [];
  const lines = [...section.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = ""]) =>
    line.replace(/^(error|warning): (Preview failed: )?/, "").replace(/^(fudo\[[a-z-]+\]):/, "$1"),
  );
  return [...new Set(lines)].filter((line) => !/^(update|preview) failed$/.test(line));
}

/** For `toMatchObject`: a command that succeeded, with these texts in its output. */
export function succeeded(...texts: readonly string[]): object {
  return { code: 0, all: expect.stringMatching(inAnyOrder(texts)) };
}

/** For `toMatchObject`: a command that failed, with these texts in its output. */
export function failed(...texts: readonly string[]): object {
  return { code: notZero, all: expect.stringMatching(inAnyOrder(texts)) };
}

const notZero = { asymmetricMatch: (code: unknown) => code !== 0, toString: () => "an exit code that is not 0" };

function inAnyOrder(texts: readonly string[]): RegExp {
  return new RegExp("^" + texts.map((text) => `(?=[^]*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")})`).join(""));
}
