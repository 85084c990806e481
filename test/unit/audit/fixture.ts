// The fixture of the audit tests: an emulator with a fixed clock, states that declare its shares, and the command. After each
// test it checks that the command sent GET requests only and wrote no key, link or API key.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "../../../provider/audit/run";
import type { Report } from "../../../provider/audit/model/report-schema";
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type PanelShare,
  type ShareRecord,
} from "../../../provider/emulator";

export const now = Date.parse("2026-03-02T12:00:00.000Z");
export const minute = 60_000;
export const hour = 60 * minute;

export const fingerprintOf = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 16);

/** A secret in a state. */
export const encrypted = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "v1:b3Bhc2U=:djE=",
};
/** The same secret in an export with --show-secrets. */
export const plaintextSecret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a resource differs from the one that the provider writes. */
export interface ResourceOptions {
  readonly stack?: string;
  readonly name?: string;
  readonly type?: string;
  readonly id?: string;
  readonly external?: boolean;
  readonly outputs?: Record<string, unknown>;
}

export class AuditFixture {
  readonly folder = mkdtempSync(join(tmpdir(), "fudo-audit-"));
  readonly #written: string[] = [];
  environment: NodeJS.ProcessEnv;

  constructor(readonly emulator: Emulator) {
    this.environment = { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey };
  }

  /**
   * A share from the admin panel. Its window starts `since` hours from now and is `hours` long. It was created with its start,
   * or an hour ago.
   */
  share(since = -1, hours = 8, more: PanelShare & { sessionId?: string } = {}): ShareRecord {
    const { sessionId = this.emulator.sessions[0]!, ...given } = more;
    return this.emulator.addShare(sessionId, {
      validSince: now + since * hour,
      validTo: now + (since + hours) * hour,
      createdAt: now + Math.min(since, -1) * hour,
      ...given,
    });
  }

  /** The resource that declares a share, as the provider writes it to a state. */
  resourceFor(
    share: ShareRecord,
    {
      stack = "dev",
      name = "acme",
      type = "pulumi-nodejs:dynamic/fudo:SessionShare",
      outputs = {},
      ...more
    }: ResourceOptions = {},
  ): object {
    const { sessionId, validSince, validTo, readonly, createdAt } = share;
    const secret = { key: encrypted, link: encrypted, url: encrypted };
    return {
      urn: `urn:pulumi:${stack}::shop::${type}::${name}`,
      custom: true,
      id: `${sessionId}/${fingerprintOf(share.key)}`,
      type,
      outputs: {
        sessionId,
        validSince,
        validTo,
        readonly,
        createdAt,
        labels: {},
        appliance: this.emulator.url,
        ...secret,
        ...outputs,
      },
      ...more,
    };
  }

  /** Writes a state with these resources and returns its path. */
  stateFile(resources: readonly object[], more: object = {}): string {
    return this.file("state.json", JSON.stringify({ version: 3, deployment: { manifest: {}, resources, ...more } }));
  }

  file(name: string, text: string | Buffer): string {
    const path = join(this.folder, `${readdirSync(this.folder).length}-${name}`);
    writeFileSync(path, text);
    return path;
  }

  /** The path of an output; `read` reads it. */
  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    const text = readFileSync(this.path(name), "utf8");
    this.#written.push(text);
    return text;
  }

  async run(
    args: readonly string[],
    {
      stdin = "",
      columns,
      isTTY = false,
      time = now,
    }: { stdin?: string; columns?: number; isTTY?: boolean; time?: number } = {},
  ): Promise<CommandResult> {
    const out = { stdout: "", stderr: "" };
    const stream = (name: "stdout" | "stderr") => ({
      write: (text: string) => (out[name] += text),
      isTTY,
      ...(columns !== undefined && { columns }),
    });
    const sleep = (_ms: number, signal?: AbortSignal) =>
      signal?.aborted ? Promise.reject(new Error("aborted")) : Promise.resolve();
    const clock = { now: () => time, sleep, random: () => 0 };
    const code = await run(args, {
      environment: this.environment,
      stdin: Readable.from([Buffer.from(stdin)]),
      stdout: stream("stdout"),
      stderr: stream("stderr"),
      clock,
    });
    this.#written.push(out.stdout, out.stderr);
    return { code, ...out };
  }

  /** The JSON report of an audit of these resources. */
  async report(resources: readonly object[], args: readonly string[] = []): Promise<Report & { code: number }> {
    const { code, stdout, stderr } = await this.run(["--state", this.stateFile(resources), "-o", "json", ...args]);
    if (stdout === "") throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Report), code };
  }

  /** Kind and share of each finding. */
  async findings(resources: readonly object[], args: readonly string[] = []): Promise<string[]> {
    const { findings } = await this.report(resources, args);
    return findings.map(({ kind, fingerprint = "?" }) => `${kind} ${fingerprint}`);
  }

  checkInvariants(): void {
    const methods = new Set(this.emulator.requests.map(({ method }) => method));
    expect([...methods].filter((method) => method !== "GET")).toEqual([]);
    const canaries = [...this.emulator.shares().map(({ key }) => key), this.emulator.apiKey];
    const leaks = canaries.filter((canary) => this.#written.some((text) => text.includes(canary)));
    expect(leaks.length).toBe(0);
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const openFixtures: AuditFixture[] = [];

afterEach(async () => {
  const fixtures = openFixtures.splice(0);
  try {
    for (const fixture of fixtures) fixture.checkInvariants();
  } finally {
    await Promise.all(fixtures.map((fixture) => fixture.close()));
  }
});

/** A fixture whose appliance flags removed shares in its lists, unless a behaviour flag changes that. */
export async function createFixture(options: EmulatorOptions = {}): Promise<AuditFixture> {
  const behaviour = { removedShares: "flagged", ...options.behaviour } as const;
  const fixture = new AuditFixture(
    await startEmulator({ seed: "audit", clock: () => now, sessions: 3, ...options, behaviour }),
  );
  openFixtures.push(fixture);
  return fixture;
}
