// The audit of stacks that the real engine created, after shares were created, revoked and hidden on the appliance: every
// finding once, and no false one. The command runs as users run it: built, in a separate process, without the passphrase.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../provider/audit/model/report-schema";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { newStack, type Stack } from "../support/engine";
import { environmentOf } from "../support/engine-workspace";
import { outcomeOf } from "../support/process-outcome";

const hour = 3_600_000;
const root = join(__dirname, "..", "..");
const begun = Date.now();
const at = (hours: number) => new Date(begun + hours * hour).toISOString();
const open = { validSince: at(-1), validTo: at(8) };
const labels = { vendor: "ACME Support", ticket: "CHG-1042" };

const program = `
const pulumi = require("@pulumi/pulumi");
const { SessionShare, getSessions } = require("pulumi-fudo");
const shares = JSON.parse(require("fs").readFileSync("shares.json", "utf8"))[pulumi.getStack()] ?? {};
for (const [name, { ticket, ...args }] of Object.entries(shares)) {
  new SessionShare(name, { ...args, labels: ticket === "secret" ? pulumi.secret({ ticket }) : args.labels });
}
exports.newest = getSessions({ live: true, limit: 1 }).then(({ sessions }) => sessions[0].id);
`;

let emulator: Emulator;
let stack: Stack;
let sessions: string[];
/** How far the clocks of the appliance and the audit are ahead, in milliseconds. */
let ahead = 0;
const written: string[] = [];

const fingerprintOf = (key: string) => createHash("sha256").update(key).digest("hex").slice(0, 16);
const canaries = () => [...emulator.shares().map(({ key }) => key), emulator.apiKey];
const file = (name: string) => join(stack.folder, "output", name);

beforeAll(async () => {
  emulator = await startEmulator({ seed: "audit", sessions: 6 });
  sessions = emulator.sessions;
  stack = await newStack({
    program,
    config: { "fudo:url": emulator.url },
    secretConfig: { "fudo:apiKey": emulator.apiKey },
    canaries,
  });
});
afterAll(() => emulator.close());

interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command in the project folder, and checks that it sends GET requests only. */
async function audit(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  emulator.resetRequests();
  const environment = {
    ...environmentOf(stack.folder),
    PULUMI_CONFIG_PASSPHRASE: undefined,
    FUDO_URL: emulator.url,
    FUDO_API_KEY: emulator.apiKey,
    NODE_OPTIONS: `--require ${JSON.stringify(join(root, "test", "support", "clock-ahead.cjs"))}`,
    CLOCK_AHEAD: String(ahead),
    ...env,
  };
  const child = spawn("node", [join(root, "dist", "provider", "audit", "command.js"), ...args], {
    cwd: join(stack.folder, "project"),
    env: environment,
  });
  const { code, stdout, stderr } = await outcomeOf(child);
  written.push(stdout, stderr);
  expect(new Set(emulator.requests.map(({ method }) => method))).toEqual(
    new Set(emulator.requests.length > 0 ? ["GET"] : []),
  );
  return { code, stdout, stderr };
}

async function report(args: readonly string[]): Promise<Report & { code: number | null }> {
  const { code, stdout, stderr } = await audit([...args, "--output", "json"]);
  expect(stderr).toBe("");
  return { code, ...(JSON.parse(stdout) as Report) };
}

function declare(shares: Record<string, Record<string, object>>): void {
  writeFileSync(join(stack.folder, "project", "shares.json"), JSON.stringify(shares));
}

async function up(name: string): Promise<void> {
  const outcome = await stack.up(["--stack", name]);
  if (outcome.code !== 0) throw new Error(outcome.all);
}

const kindsByName = ({ findings }: Report) =>
  findings
    .map(
      ({ kind, declaredBy, onceDeclaredBy, fingerprint = "keyless" }) =>
        `${kind} ${[...declaredBy, ...onceDeclaredBy].map(({ urn }) => urn.split("::").at(-1)).join("+") || fingerprint}`,
    )
    .sort();

test("a new share has no findings, and the audit does not need the passphrase", async () => {
  declare({ dev: { plain: { sessionId: sessions[0]!, ...open, labels } } });
  await up("dev");
  const { code, findings, shares, completeness, scope } = await report(["--stack", "dev", "--require-label", "ticket"]);
  expect([code, findings]).toEqual([0, []]);
  expect(shares).toMatchObject([{ status: "active", seen: "listed", labels, declaredBy: [{ stack: "project/dev" }] }]);
  expect(scope.stacks).toEqual([{ source: "dev", stack: "project/dev", shares: 1 }]);
  expect(completeness.complete).toBe(true);
  expect(shares[0]).toMatchObject({ serverName: "db-01", userName: "ACME Support" });
  const [list, session, ...names] = emulator.requests.map(({ path }) => path);
  expect([list, session]).toEqual([
    `/api/v2/session/${sessions[0]}/share`,
    `/api/v2/session?offset=0&limit=1&filter=id.in(${sessions[0]})`,
  ]);
  const pages = ["account 0", "account 3", "server 0", "server 3", "user 0", "user 1"].map((page) => page.split(" "));
  expect(names.sort()).toEqual(
    pages.map(([kind, offset]) => `/api/v2/${kind}?fields=id,name&offset=${offset}&limit=500`),
  );
});

test("getSessions returned the newest live session to the program", async () => {
  expect(await stack.outputs()).toEqual({ newest: sessions.at(-1) });
});

test("after changes outside Pulumi the audit reports each finding once and no false one", async () => {
  const [one, two, three, four, five, six] = sessions as [string, string, string, string, string, string];
  const plain = emulator.shares(one)[0]!;
  for (const name of ["prod", "gone"])
    expect(await stack.pulumi(["stack", "init", name, "--copy-config-from", "dev"])).toMatchObject({ code: 0 });
  emulator.behaviour.removedShares = "flagged";
  const dev = {
    plain: { sessionId: one, ...open, labels },
    scheduled: { sessionId: one, validSince: at(20), validTo: at(22), labels },
    interactive: { sessionId: two, ...open, readonly: false, labels },
    long: { sessionId: two, validSince: at(-1), validTo: at(29), labels },
    untagged: { sessionId: two, ...open, labels: { vendor: "Globex" } },
    hidden: { sessionId: two, ...open, ticket: "secret" },
    revoked: { sessionId: three, ...open, labels },
    lost: { sessionId: three, ...open, labels },
    restored: { sessionId: three, ...open, labels },
  };
  declare({
    dev,
    prod: {
      twice: {
        sessionId: one,
        validSince: plain.validSince,
        validTo: plain.validTo,
        labels,
        adopt: fingerprintOf(plain.key),
      },
    },
    gone: { left: { sessionId: four, ...open, labels } },
  });
  await up("dev");
  await up("prod");
  await up("gone");
  // The appliance caps only this share.
  Object.assign(emulator.behaviour, { longestWindow: 5 * 3600 });
  declare({ dev: { ...dev, capped: { sessionId: five, validSince: at(-0.5), validTo: at(8), labels } } });
  await up("dev");
  emulator.behaviour.longestWindow = 0;
  const before = await audit(["--all-stacks", "--output", `json=${file("before.json")}`]);
  expect(before.code).toBe(1);

  const { shares } = JSON.parse(readFileSync(file("before.json"), "utf8")) as Report;
  const keyOf = (name: string) => {
    const declared = shares.find(({ declaredBy }) => declaredBy.some(({ urn }) => urn.endsWith(`::${name}`)));
    return emulator.shares().find(({ key }) => fingerprintOf(key) === declared?.fingerprint)!.key;
  };
  emulator.revoke(keyOf("restored"));
  await stack.refresh(["--stack", "dev"]);
  emulator.restore(keyOf("restored"));
  emulator.revoke(keyOf("revoked"));
  emulator.denyAccess(keyOf("lost"));
  // Older than every state: a younger share may belong to a run that is under way.
  const other = emulator.addShare(four, { createdAt: begun - 2 * hour, validSince: begun, validTo: begun + 2 * hour });
  emulator.addShare(four, { validSince: begun - 3 * hour, validTo: begun - hour });
  emulator.revoke(emulator.addShare(four).key);
  expect(await stack.destroy(["--stack", "gone"])).toMatchObject({ code: 0 });
  emulator.addShare(six);
  emulator.fault({ kind: "without", attribute: "key", path: six, times: 1 });
  // Absence counts only five minutes after a share's creation.
  ahead = 6 * 60_000;
  emulator.clock.skew = ahead;

  const found = await report([
    "--all-stacks",
    "--session",
    six,
    "--previous",
    file("before.json"),
    "--max-duration",
    "PT24H",
    "--require-label",
    "ticket",
  ]);
  expect(kindsByName(found)).toEqual(
    [
      "orphaned left",
      "duplicate plain+twice",
      "window-differs capped",
      "interactive interactive",
      "missing lost",
      "removed revoked",
      "reactivated restored",
      "too-long long",
      "unidentified keyless",
      `unmanaged ${fingerprintOf(other.key)}`,
      "missing-labels untagged",
      "unreadable hidden",
    ].sort(),
  );
  expect(found.code).toBe(3);
  expect(found.completeness.problems).toEqual([
    `session ${six}: the list has 1 of 1 entries without a readable key`,
    "1 share: the state encrypts values that the audit needs",
  ]);
  const statusOf = Object.fromEntries(
    found.shares.flatMap(({ declaredBy, status }) => declaredBy.map(({ urn }) => [urn.split("::").at(-1), status])),
  );
  expect(statusOf).toMatchObject({
    plain: "active",
    scheduled: "scheduled",
    revoked: "removed",
    lost: "missing",
    restored: "active",
  });
});

test("expired shares have no findings, and the appliance's clock decides", async () => {
  emulator.clock.skew = 40 * hour;
  const { shares, findings } = await report(["--stack", "dev", "--stack", "prod"]);
  emulator.clock.skew = 0;
  expect(findings).toEqual([]);
  expect(new Set(shares.map(({ status }) => status))).toEqual(new Set(["expired", "removed"]));
});

test("the code in the next steps adopts the share, and the finding disappears", async () => {
  const { findings } = await report(["--stack", "dev", "--session", sessions[3]!]);
  const unmanaged = findings.filter(({ kind }) => kind === "unmanaged");
  const [, line] = /^To manage it in a stack: new SessionShare\("…", (\{.*\})\)$/.exec(
    unmanaged.at(-1)!.nextSteps[1]!,
  )!;
  const args = JSON.parse(line!.replace(/(\w+): /g, '"$1": ')) as Record<string, object>;
  declare({
    prod: {
      ...(JSON.parse(readFileSync(join(stack.folder, "project", "shares.json"), "utf8")) as { prod?: object }).prod,
      taken: args,
    },
  });
  const posts = () => emulator.requests.filter(({ method }) => method === "POST").length;
  emulator.resetRequests();
  await up("prod");
  expect(posts()).toBe(0);
  const after = await report(["--stack", "dev", "--stack", "prod", "--session", sessions[3]!]);
  expect(after.findings.filter(({ kind }) => kind === "unmanaged")).toHaveLength(unmanaged.length - 1);
});

test("a stack that does not exist makes the audit incomplete", async () => {
  const { code, stdout } = await audit(["--stack", "nowhere"]);
  expect(code).toBe(3);
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("pulumi stack export failed (exit code");
});

test("the audit wrote no key, link or API key", () => {
  expect(written.length).toBeGreaterThan(10);
  const leaks = canaries().filter((canary) => written.some((text) => text.includes(canary)));
  expect(leaks.length).toBe(0);
});
