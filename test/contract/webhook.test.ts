// `fudo-audit --webhook` as a real process over real HTTPS: what it sends, what it sends again, and what it does with a
// receiver that redirects, hangs, fails or is somebody else. Runs the build.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Notification } from "../../provider/audit/model/notification-schema";
import type { Report } from "../../provider/audit/model/report-schema";
import { startEmulator, type Emulator } from "../../provider/emulator";
import { outcomeOf } from "../support/process-outcome";
import { startWebhookServer, type WebhookServer } from "../support/webhook-server";

const command = join(__dirname, "..", "..", "dist", "provider", "audit", "command.js");

let folder: string;
let emulator: Emulator;
let webhook: WebhookServer;
let written: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fudo-audit-webhook-"));
  written = [];
  [emulator, webhook] = await Promise.all([startEmulator({ seed: "webhook", sessions: 2 }), startWebhookServer()]);
  writeFileSync(file("ca.pem"), webhook.certificate);
});

afterEach(async () => {
  written.push(...readdirSync(folder).map((name) => readFileSync(file(name), "utf8")));
  const keys = [emulator.apiKey, ...emulator.shares().map(({ key }) => key)];
  const sent = webhook.requests.flatMap(({ path, headers, body }) => [path, JSON.stringify(headers), body]);
  const leaks = [
    ...keys.filter((canary) => [...written, ...sent].some((text) => text.includes(canary))),
    ...[webhook.credential].filter((canary) => written.some((text) => text.includes(canary))),
  ];
  await Promise.all([emulator.close(), webhook.close()]);
  rmSync(folder, { recursive: true, force: true });
  expect(leaks.length).toBe(0);
});

const file = (name: string) => join(folder, name);
const last = () => JSON.parse(readFileSync(file("last.json"), "utf8")) as Report;
const pending = () => last().findings.map(({ notification }) => notification);
const identities = ({ findings }: Notification) => findings.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`);
const bodies = () => webhook.requests.map(({ body }) => JSON.parse(body) as Notification);
const chain = () => ["--session", emulator.sessions[0]!, "-o", `json=${file("last.json")}`];
const next = () => [...chain(), "--previous", file("last.json")];

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn("node", [command, ...args], {
    env: {
      ...process.env,
      FUDO_URL: emulator.url,
      FUDO_API_KEY: emulator.apiKey,
      FUDO_WEBHOOK_URL: webhook.url,
      NODE_EXTRA_CA_CERTS: file("ca.pem"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, outcome: outcomeOf(child) };
}

async function audit(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await start(args, env).outcome;
  written.push(stdout, stderr);
  return { code, stdout, stderr };
}

describe("an audit with a webhook", () => {
  test("posts new findings once: not again, and then only what is new", async () => {
    const share = emulator.addShare(emulator.sessions[0]!);
    expect(await audit(chain())).toMatchObject({ code: 1, stderr: "" });
    const [request] = webhook.requests;
    expect(request).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": expect.stringMatching(/^pulumi-fudo\/\d/) },
    });
    expect(request!.headers).not.toHaveProperty("authorization");
    expect(bodies()).toMatchObject([{ format: "fudo-audit-notification/1", appliance: emulator.url, omitted: 0 }]);
    expect(bodies()[0]!.findings.map(({ kind }) => kind)).toContain("unmanaged");
    expect(bodies()[0]!.text).toContain(`unmanaged), ${share.sessionId}/`);
    expect(pending().filter(Boolean)).toEqual([]);

    expect(await audit(next())).toMatchObject({ code: 1, stderr: "" });
    expect(webhook.requests).toHaveLength(1);

    emulator.addShare(emulator.sessions[0]!);
    expect(await audit(next())).toMatchObject({ code: 1, stderr: "" });
    const [before, after] = bodies().map(({ findings }) => new Set(findings.map(({ fingerprint }) => fingerprint)));
    expect([before!.size, after!.size, [...before!].filter((one) => after!.has(one))]).toEqual([1, 1, []]);
  });

  test("sends no request without a new finding", async () => {
    expect(await audit(chain())).toMatchObject({ code: 0, stderr: "" });
    expect(webhook.connections()).toBe(0);
  });

  test("--webhook wins over the environment, and plain HTTP to this machine is enough", async () => {
    const local = await startWebhookServer({ https: false });
    emulator.addShare(emulator.sessions[0]!);
    expect(await audit([...chain(), "--webhook", local.url])).toMatchObject({ code: 1, stderr: "" });
    expect([local.requests.length, webhook.connections()]).toEqual([1, 0]);
    await local.close();
  });

  test("ignores proxy variables", async () => {
    const proxy = await startWebhookServer({ https: false });
    emulator.addShare(emulator.sessions[0]!);
    const env = { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: proxy.origin, ALL_PROXY: proxy.origin, NO_PROXY: "" };
    expect(await audit(chain(), env)).toMatchObject({ code: 1, stderr: "" });
    expect([webhook.requests.length, proxy.connections()]).toEqual([1, 0]);
    await proxy.close();
  });

  test("writes the JSON report to standard output, too, and without a mark after a notification", async () => {
    emulator.addShare(emulator.sessions[0]!);
    const { stdout } = await audit(["--session", emulator.sessions[0]!, "-o", "json"]);
    expect((JSON.parse(stdout) as Report).findings.filter(({ notification }) => notification)).toEqual([]);
    webhook.respond = (response) => void response.writeHead(500).end();
    const failed = await audit(["--session", emulator.sessions[0]!, "-o", "json"]);
    expect((JSON.parse(failed.stdout) as Report).findings[0]).toMatchObject({ notification: "pending" });
  });
});

describe("a notification that failed", () => {
  const endless = (response: ServerResponse) => {
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(1 << 20)));
    };
    response.on("drain", more);
    more();
  };

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      "a redirect",
      (response) => void response.writeHead(307, { location: `${emulator.url}/x` }).end(),
      /responded with status 307 \(fudo-audit does not follow redirects\)/,
    ],
    ["status 404", (response) => void response.writeHead(404).end("no_service"), /responded with status 404/],
    ["status 500 with an endless body", (response) => endless(response.writeHead(500)), /responded with status 500/],
    ["status 200 with an endless body", endless, /limit is 16 MiB/],
    ["no response in time", () => undefined, /request timed out/],
    ["a closed connection", (response) => void response.destroy(), /UND_ERR_SOCKET|ECONNRESET/],
  ])(
    "%s: the reports are written, the exit code is 2, and the next audit sends it again",
    async (_, respond, reason) => {
      emulator.addShare(emulator.sessions[0]!);
      webhook.respond = respond;
      emulator.resetRequests();
      const { code, stdout, stderr } = await audit(chain(), { FUDO_TIMEOUT: "PT3S" });
      expect([code, stderr]).toEqual([2, expect.stringMatching(reason)]);
      expect(stderr).toMatch(new RegExp(`^fudo-audit: could not notify ${webhook.origin}: .*\\n$`));
      expect(stdout).toContain("unmanaged");
      expect(new Set(pending())).toEqual(new Set(["pending"]));
      expect(emulator.requests.filter(({ method }) => method !== "GET")).toEqual([]);

      webhook.respond = (response) => void response.writeHead(204).end();
      // An audit without the webhook between them forgets nothing.
      expect(await audit(next(), { FUDO_WEBHOOK_URL: "" })).toMatchObject({ code: 1, stderr: "" });
      expect(webhook.requests).toHaveLength(1);
      expect(await audit(next())).toMatchObject({ code: 1, stderr: "" });
      expect(identities(bodies()[1]!)).toEqual(identities(bodies()[0]!));
      expect(pending().filter(Boolean)).toEqual([]);
    },
  );

  test("nobody listens: the exit code is 2", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    emulator.addShare(emulator.sessions[0]!);
    const { code, stderr } = await audit(chain(), {
      FUDO_WEBHOOK_URL: `https://127.0.0.1:${port}/${webhook.credential}`,
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining("ECONNREFUSED")]);
  });

  test("an untrusted certificate: nothing is sent, whatever the environment and the settings for the appliance say", async () => {
    emulator.addShare(emulator.sessions[0]!);
    const { code, stderr } = await audit(chain(), {
      NODE_EXTRA_CA_CERTS: "",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      FUDO_INSECURE_SKIP_VERIFY: "true",
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/could not notify .*NODE_EXTRA_CA_CERTS/)]);
    expect([webhook.requests, webhook.connections()]).toEqual([[], 1]);
  });

  test("a certificate of another host: nothing is sent, and there is no advice that cannot help", async () => {
    emulator.addShare(emulator.sessions[0]!);
    const { code, stderr } = await audit(chain(), { FUDO_WEBHOOK_URL: webhook.url.replace("127.0.0.1", "localhost") });
    expect([code, stderr]).toEqual([2, expect.stringContaining("(ERR_TLS_CERT_ALTNAME_INVALID). The next audit")]);
    expect(webhook.requests).toEqual([]);
  });

  test("of an incomplete audit: the exit code stays 3", async () => {
    emulator.addShare(emulator.sessions[0]!);
    webhook.respond = (response) => void response.writeHead(500).end();
    const { code, stderr } = await audit([...chain(), "--session", "1"]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("could not notify")]);
    expect(bodies()).toMatchObject([{ complete: false, text: expect.stringContaining("INCOMPLETE") }]);
  });

  test("because a signal ended the audit: the report is there, and the next audit sends it again", async () => {
    emulator.addShare(emulator.sessions[0]!);
    const received = new Promise<void>((resolve) => (webhook.respond = () => resolve()));
    const { child, outcome } = start(chain());
    await received;
    child.kill("SIGTERM");
    expect(await outcome).toMatchObject({ code: null, signal: "SIGTERM" });
    expect(new Set(pending())).toEqual(new Set(["pending"]));
    webhook.respond = (response) => void response.end("ok");
    expect(await audit(next())).toMatchObject({ code: 1, stderr: "" });
    expect(webhook.requests).toHaveLength(2);
  });
});

test.each([
  ["no address", "chat", /FUDO_WEBHOOK_URL must be an address without user info/],
  ["another protocol", "ftp://chat.example/T0000WEBHOOK-canary_0123", /must be an address/],
  ["a password", "https://user:T0000WEBHOOK-canary_0123@chat.example/", /must be an address without user info/],
  ["plain HTTP", "http://chat.example/T0000WEBHOOK-canary_0123", /must start with https:\/\//],
])("%s is wrong usage, before the first request and without the address", async (_, address, message) => {
  emulator.resetRequests();
  const { code, stderr } = await audit(chain(), { FUDO_WEBHOOK_URL: address });
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  expect(await audit([...chain(), "--webhook", address])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--webhook must/),
  });
  expect([stderr.includes("chat.example/"), emulator.requests, webhook.connections()]).toEqual([false, [], 0]);
});

test("--webhook without an address is wrong usage: a variable of a shell is not set", async () => {
  expect(await audit([...chain(), "--webhook="])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--webhook must be"),
  });
});
