// `fudo-audit doctor`: one line with advice for each problem, and no API key over a connection that is not trusted.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { checkSpec, checkClock } from "../../../provider/audit/doctor/api-checks";
import { makeCertificate, type EmulatorOptions } from "../../../provider/emulator";
import { hour, createFixture, now, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
const start = async (options: EmulatorOptions = {}, environment: NodeJS.ProcessEnv = {}) => {
  fixture = await createFixture(options);
  Object.assign(fixture.environment, environment);
};

/** Exit code, and outcome and text of each line by its subject. */
async function checked(args: readonly string[] = []) {
  const { code, stdout, stderr } = await fixture.run(["doctor", ...args]);
  expect(stderr).toBe("");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .reduce<string[]>(
      (all, line) => (line.startsWith(" ") ? [...all.slice(0, -1), `${all.at(-1)} > ${line.trim()}`] : [...all, line]),
      [],
    );
  const results = lines.map(
    (line) => /^(ok|warn|fail|note) +(API checks|Not seen|\w+) +(.*)$/.exec(line)!.slice(1) as [string, string, string],
  );
  return {
    code,
    outcomes: results.map(([outcome, subject]) => `${outcome} ${subject}`),
    text: (subject: string) => results.find(([, one]) => one === subject)?.[2],
  };
}

/** Whether the emulator received the API key. */
const keySent = () => fixture.emulator.requests.some(({ authorization }) => authorization !== undefined);

test("all checks pass", async () => {
  await start({ https: true });
  fixture.environment["FUDO_CA_CERTIFICATE"] = fixture.emulator.certificate;
  const { code, outcomes, text } = await checked();
  expect(code).toBe(0);
  expect(outcomes).toEqual([
    "ok Settings",
    "ok Connection",
    "ok Certificate",
    "ok Fingerprint",
    "ok Key",
    "ok Attributes",
    "ok Sessions",
    "ok Shares",
    "ok Clock",
    "note Not seen",
  ]);
  expect(text("Fingerprint")).toContain(fixture.emulator.certificateFingerprint);
  expect(text("Certificate")).toMatch(/^is trusted \(for fudo-emulator, issued by fudo-emulator, expires in \d{4} d/);
  expect(text("Connection")).toBe(`TLSv1.3 with ${fixture.emulator.url}`);
});

test("over plain HTTP to this machine there is no certificate check", async () => {
  await start();
  expect((await checked()).outcomes).toEqual([
    "ok Settings",
    "ok Connection",
    "ok Key",
    "ok Attributes",
    "ok Sessions",
    "ok Shares",
    "ok Clock",
    "note Not seen",
  ]);
});

test("each missing setting is one line, and doctor opens no connection", async () => {
  await start();
  fixture.environment = {};
  const { code, outcomes } = await checked();
  expect([code, outcomes]).toEqual([3, ["fail Settings", "fail Settings"]]);
});

describe("the certificate", () => {
  test("a self-signed certificate is not trusted: doctor prints its fingerprint and does not send the key", async () => {
    await start({ https: true });
    const { code, outcomes, text } = await checked();
    expect([code, outcomes]).toEqual([
      3,
      ["ok Settings", "ok Connection", "fail Certificate", "ok Fingerprint", "warn API checks"],
    ]);
    expect(text("Certificate")).toMatch(
      /^is self-signed .* > To trust this appliance, set fudo:caCertificate \(or FUDO_CA_CERTIFICATE\) .* FUDO_CERTIFICATE_FINGERPRINT/,
    );
    expect(keySent()).toBe(false);
    fixture.environment["FUDO_CERTIFICATE_FINGERPRINT"] = /[0-9A-F:]{95}/.exec(text("Fingerprint")!)![0];
    const pinned = await checked();
    expect(pinned.code).toBe(0);
    expect(pinned.text("Certificate")).toMatch(/^matches a pinned fingerprint/);
    expect(keySent()).toBe(true);
  });

  test("a certificate that does not match the pin fails, with advice on renewal and on interception", async () => {
    await start({ https: true }, { FUDO_CERTIFICATE_FINGERPRINT: "00".repeat(32) });
    const { code, text } = await checked();
    expect(code).toBe(3);
    expect(text("Certificate")).toMatch(
      /^does not match any pinned fingerprint .*was renewed.*someone may be intercepting the connection/,
    );
    expect(keySent()).toBe(false);
  });

  test("a certificate for another host name fails", async () => {
    const certificate = makeCertificate({ names: ["fudo.example"] });
    await start({ https: certificate }, { FUDO_CA_CERTIFICATE: certificate.root });
    expect((await checked()).text("Certificate")).toMatch(
      /^is for a different hostname: it has fudo\.example .* > Set fudo:url \(or FUDO_URL\)/,
    );
    expect(keySent()).toBe(false);
  });

  test("an expired certificate fails", async () => {
    const certificate = makeCertificate({
      validFrom: new Date(now - 48 * hour),
      validTo: new Date(Math.min(now, Date.now()) - 24 * hour),
    });
    await start({ https: certificate }, { FUDO_CA_CERTIFICATE: certificate.root });
    expect((await checked()).text("Certificate")).toMatch(/^has expired .* expired .* ago/);
  });

  test("without verification doctor warns, and says what is wrong with the certificate", async () => {
    await start({ https: true }, { FUDO_INSECURE_SKIP_VERIFY: "true" });
    const { code, text, outcomes } = await checked();
    expect(code).toBe(0);
    expect(outcomes).toContain("warn Certificate");
    expect(text("Certificate")).toMatch(/^is not verified \(FUDO_INSECURE_SKIP_VERIFY\); it is self-signed /);
  });

  test("a CA certificate that cannot be read fails", async () => {
    await start({ https: true }, { FUDO_CA_CERTIFICATE: "/nowhere/ca.pem" });
    expect((await checked()).text("Certificate")).toMatch(
      /^fudo:caCertificate \(or FUDO_CA_CERTIFICATE\) is neither PEM text nor a readable file \(ENOENT\): \/nowhere\/ca\.pem/,
    );
  });
});

describe("the connection", () => {
  test("a refused connection fails", async () => {
    await start({ https: true });
    await fixture.emulator.close();
    const { code, text } = await checked();
    expect(code).toBe(3);
    expect(text("Connection")).toMatch(
      /^cannot open a TLS connection to https:.*ECONNREFUSED.* > Check host and port in FUDO_URL/,
    );
  });

  test("a server without TLS, and a server that does not respond, fail", async () => {
    await start();
    fixture.environment["FUDO_URL"] = fixture.emulator.url.replace("http:", "https:");
    expect((await checked()).text("Connection")).toMatch(/^cannot open a TLS connection to/);
    const silent = createServer((socket) => socket.resume().on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    fixture.environment = {
      ...fixture.environment,
      FUDO_URL: `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      FUDO_TIMEOUT: "PT0.2S",
    };
    expect((await checked()).text("Connection")).toMatch(/ETIMEDOUT/);
    await new Promise((closed) => silent.close(closed));
  });
});

describe("key, rights and attributes", () => {
  beforeEach(() => start());

  test("a rejected key fails", async () => {
    fixture.emulator.rotateKey();
    const { code, outcomes, text } = await checked();
    expect([code, outcomes.at(-1)]).toEqual([3, "fail Key"]);
    expect(text("Key")).toMatch(/401.* > Create a new key in the admin panel/);
  });

  test("a proxy, or an appliance that is too old, fails", async () => {
    fixture.emulator.fault({ kind: "html", status: 404, times: Infinity });
    expect((await checked()).text("Key")).toMatch(/404.* > The session sharing API requires Fudo Enterprise 5\.6/);
    fixture.emulator.clearFaults();
    fixture.emulator.fault({ kind: "html", status: 200, times: Infinity });
    expect((await checked()).text("Key")).toMatch(/ > Check that FUDO_URL is the address of the appliance/);
  });

  test("without the right to list sessions doctor warns, and still checks a named session", async () => {
    fixture.emulator.fault({ kind: "failure", status: 403, message: "no", path: "/session?", times: Infinity });
    expect((await checked()).outcomes.slice(-2)).toEqual(["warn Sessions", "warn Shares"]);
    const named = await checked(["--session", fixture.emulator.sessions[1]!]);
    expect(named.code).toBe(0);
    expect(named.text("Shares")).toBe(`session ${fixture.emulator.sessions[1]} has 0 shares`);
  });

  test("without the right to the shares of a session the check fails", async () => {
    fixture.emulator.fault({ kind: "failure", status: 403, message: "no", path: "/share", times: Infinity });
    const { code, text } = await checked();
    expect(code).toBe(3);
    expect(text("Shares")).toMatch(/403.* > The API user needs session-view/);
  });

  test("a wrong clock is a warning", async () => {
    fixture.emulator.clock.skew = 2 * hour;
    expect((await checked()).text("Clock")).toMatch(
      /^the appliance's clock is 2 h ahead of this machine's clock > .*NTP/,
    );
    fixture.emulator.clock.skew = -2 * hour;
    expect((await checked()).text("Clock")).toMatch(
      /^the appliance's clock is (2 h|1 h 59 min) behind this machine's clock/,
    );
  });
});

test.each<[string, Record<string, Record<string, unknown>>, string, string]>([
  ["an attribute is missing", { link: {} }, "warn", "link is missing"],
  ["a required attribute is missing", { key: {} }, "fail", "key is missing"],
  ["an attribute has another type", { readonly: { type: "string" } }, "warn", "readonly is string, not boolean"],
  [
    "an attribute has the type of older documentation",
    { valid_to: { type: "string" } },
    "ok",
    "a share has the attributes that this release expects",
  ],
  [
    "there is an additional attribute",
    { viewers: { type: "number" } },
    "ok",
    "a share has the attributes that this release expects; unknown to this release: viewers",
  ],
])("the attributes of a share: %s", async (_, change, outcome, text) => {
  await start();
  const types = {
    id: "string",
    session_id: "string",
    user_id: "string",
    key: "string",
    valid_since: "datetime",
    valid_to: "datetime",
    readonly: "boolean",
    link: "string",
    created_at: "datetime",
    modified_at: "datetime",
    removed: "boolean",
  };
  const spec = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }] as const));
  for (const [name, value] of Object.entries(change)) {
    if (value["type"] === undefined) delete spec[name];
    else spec[name] = value as { type: string };
  }
  expect(checkSpec(spec)).toMatchObject({ outcome, text });
});

test("a response time in whole seconds is not a clock difference", () => {
  expect(checkClock(now, now + 900, now + 950)).toMatchObject({ outcome: "ok" });
  expect(checkClock(now - 60_900, now, now)).toMatchObject({ outcome: "ok" });
  expect(checkClock(now - 62_000, now, now)).toMatchObject({ outcome: "warn" });
  expect(checkClock(undefined, now, now)).toMatchObject({
    outcome: "warn",
    text: "the appliance's response contains no time",
  });
});
