// `fudo-audit doctor`: each thing that can be wrong, in one line with what to do, and no key over a line that is not trusted.
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { compareSpec, clockLine } from "../../../provider/audit/doctor/api-checks";
import { makeCertificate, type EmulatorOptions } from "../../../provider/emulator";
import { hour, makeScene, now, type Scene } from "./fixture";

let scene: Scene;
const make = async (options: EmulatorOptions = {}, environment: NodeJS.ProcessEnv = {}) => {
  scene = await makeScene(options);
  Object.assign(scene.environment, environment);
};

/** Exit code, and outcome and text of each line by its subject. */
async function examined(args: readonly string[] = []) {
  const { code, stdout, stderr } = await scene.run(["doctor", ...args]);
  expect(stderr).toBe("");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .reduce<string[]>(
      (all, line) => (line.startsWith(" ") ? [...all.slice(0, -1), `${all.at(-1)} > ${line.trim()}`] : [...all, line]),
      [],
    );
  const found = lines.map(
    (line) => /^(ok|warn|fail) +(The rest|\w+) +(.*)$/.exec(line)!.slice(1) as [string, string, string],
  );
  return {
    code,
    outcomes: found.map(([outcome, subject]) => `${outcome} ${subject}`),
    text: (subject: string) => found.find(([, one]) => one === subject)?.[2],
  };
}

/** What the emulator got to see of the key. */
const keySent = () => scene.emulator.requests.some(({ authorization }) => authorization !== undefined);

test("all is well", async () => {
  await make({ https: true });
  scene.environment["FUDO_CA_CERTIFICATE"] = scene.emulator.certificate;
  const { code, outcomes, text } = await examined();
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
  ]);
  expect(text("Fingerprint")).toContain(scene.emulator.certificateFingerprint);
  expect(text("Certificate")).toMatch(/^is trusted \(of fudo-emulator, issued by fudo-emulator, ends in \d{4} d/);
  expect(text("Connection")).toBe(`TLSv1.3 with ${scene.emulator.url}`);
});

test("over plain HTTP to this machine there is no certificate", async () => {
  await make();
  expect((await examined()).outcomes).toEqual([
    "ok Settings",
    "ok Connection",
    "ok Key",
    "ok Attributes",
    "ok Sessions",
    "ok Shares",
    "ok Clock",
  ]);
});

test("settings that are missing: each one is a line, and nothing is tried", async () => {
  await make();
  scene.environment = {};
  const { code, outcomes } = await examined();
  expect([code, outcomes]).toEqual([3, ["fail Settings", "fail Settings"]]);
});

describe("the certificate", () => {
  test("self-signed: not trusted, its fingerprint to pin, and the key stays here", async () => {
    await make({ https: true });
    const { code, outcomes, text } = await examined();
    expect([code, outcomes]).toEqual([
      3,
      ["ok Settings", "ok Connection", "fail Certificate", "ok Fingerprint", "warn The rest"],
    ]);
    expect(text("Certificate")).toMatch(/^is self-signed .* > Set FUDO_CA_CERTIFICATE .* FUDO_CERTIFICATE_FINGERPRINT/);
    expect(keySent()).toBe(false);
    scene.environment["FUDO_CERTIFICATE_FINGERPRINT"] = /[0-9A-F:]{95}/.exec(text("Fingerprint")!)![0];
    const pinned = await examined();
    expect(pinned.code).toBe(0);
    expect(pinned.text("Certificate")).toMatch(/^is one of the pinned ones/);
    expect(keySent()).toBe(true);
  });

  test("another one than pinned: a failure that speaks of renewal and of somebody in between", async () => {
    await make({ https: true }, { FUDO_CERTIFICATE_FINGERPRINT: "00".repeat(32) });
    const { code, text } = await examined();
    expect(code).toBe(3);
    expect(text("Certificate")).toMatch(/^is not one of the pinned ones .*somebody stands in between/);
    expect(keySent()).toBe(false);
  });

  test("for another name", async () => {
    const certificate = makeCertificate({ names: ["fudo.example"] });
    await make({ https: certificate }, { FUDO_CA_CERTIFICATE: certificate.root });
    expect((await examined()).text("Certificate")).toMatch(/^is for another name than FUDO_URL has/);
    expect(keySent()).toBe(false);
  });

  test("expired", async () => {
    const certificate = makeCertificate({
      validFrom: new Date(now - 48 * hour),
      validTo: new Date(Math.min(now, Date.now()) - 24 * hour),
    });
    await make({ https: certificate }, { FUDO_CA_CERTIFICATE: certificate.root });
    expect((await examined()).text("Certificate")).toMatch(/^has expired .* ended /);
  });

  test("unverified on request: a warning, with what it would have said", async () => {
    await make({ https: true }, { FUDO_INSECURE_SKIP_VERIFY: "true" });
    const { code, text, outcomes } = await examined();
    expect(code).toBe(0);
    expect(outcomes).toContain("warn Certificate");
    expect(text("Certificate")).toMatch(/^is not verified \(FUDO_INSECURE_SKIP_VERIFY\); it is self-signed /);
  });

  test("a CA that cannot be read", async () => {
    await make({ https: true }, { FUDO_CA_CERTIFICATE: "/nowhere/ca.pem" });
    expect((await examined()).text("Certificate")).toMatch(/^FUDO_CA_CERTIFICATE is neither PEM text nor a file/);
  });
});

describe("the connection", () => {
  test("nobody listens", async () => {
    await make({ https: true });
    await scene.emulator.close();
    const { code, text } = await examined();
    expect(code).toBe(3);
    expect(text("Connection")).toMatch(/^no TLS with https:.*ECONNREFUSED.* > Is FUDO_URL right/);
  });

  test("what answers does not speak TLS, or does not answer", async () => {
    await make();
    scene.environment["FUDO_URL"] = scene.emulator.url.replace("http:", "https:");
    expect((await examined()).text("Connection")).toMatch(/^no TLS with/);
    const silent = createServer((socket) => socket.resume().on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    scene.environment = {
      ...scene.environment,
      FUDO_URL: `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      FUDO_TIMEOUT: "PT0.2S",
    };
    expect((await examined()).text("Connection")).toMatch(/ETIMEDOUT/);
    await new Promise((closed) => silent.close(closed));
  });
});

describe("key, rights and words", () => {
  beforeEach(() => make());

  test("a refused key", async () => {
    scene.emulator.rotateKey();
    const { code, outcomes, text } = await examined();
    expect([code, outcomes.at(-1)]).toEqual([3, "fail Key"]);
    expect(text("Key")).toMatch(/401.* > Make a new key in the admin panel/);
  });

  test("a proxy, or an appliance that is too old", async () => {
    scene.emulator.fault({ kind: "html", status: 404, times: Infinity });
    expect((await examined()).text("Key")).toMatch(/404.* > Session sharing by the API needs Fudo Enterprise 5\.6/);
    scene.emulator.clearFaults();
    scene.emulator.fault({ kind: "html", status: 200, times: Infinity });
    expect((await examined()).text("Key")).toMatch(/ > Is FUDO_URL the appliance itself/);
  });

  test("no right to the list of sessions: a warning, and a named session is still looked at", async () => {
    scene.emulator.fault({ kind: "failure", status: 403, message: "no", path: "/session?", times: Infinity });
    expect((await examined()).outcomes.slice(-2)).toEqual(["warn Sessions", "warn Shares"]);
    const named = await examined(["--session", scene.emulator.sessions[1]!]);
    expect(named.code).toBe(0);
    expect(named.text("Shares")).toBe(`session ${scene.emulator.sessions[1]} lists 0`);
  });

  test("no right to a session's shares", async () => {
    scene.emulator.fault({ kind: "failure", status: 403, message: "no", path: "/share", times: Infinity });
    const { code, text } = await examined();
    expect(code).toBe(3);
    expect(text("Shares")).toMatch(/403.* > The API user needs session-view/);
  });

  test("a clock that is off", async () => {
    scene.emulator.clock.skew = 2 * hour;
    expect((await examined()).text("Clock")).toMatch(/^the appliance's is 2 h ahead of this machine's > .*NTP/);
    scene.emulator.clock.skew = -2 * hour;
    expect((await examined()).text("Clock")).toMatch(/^the appliance's is (2 h|1 h 59 min) behind this machine's/);
  });
});

test.each<[string, Record<string, Record<string, unknown>>, string, string]>([
  ["an attribute that is gone", { link: {} }, "warn", "there is no link"],
  ["an indispensable one", { key: {} }, "fail", "there is no key"],
  ["another type", { readonly: { type: "string" } }, "warn", "readonly is string, not boolean"],
  ["an older page's type", { valid_to: { type: "string" } }, "ok", "a share is as this release expects"],
  [
    "an attribute more",
    { viewers: { type: "number" } },
    "ok",
    "a share is as this release expects; unknown to this release: viewers",
  ],
])("the appliance's description of a share: %s", async (_, change, outcome, text) => {
  await make();
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
  expect(compareSpec(spec)).toMatchObject({ outcome, text });
});

test("an answer's whole second is no skew", () => {
  expect(clockLine(now, now + 900, now + 950)).toMatchObject({ outcome: "ok" });
  expect(clockLine(now - 60_900, now, now)).toMatchObject({ outcome: "ok" });
  expect(clockLine(now - 62_000, now, now)).toMatchObject({ outcome: "warn" });
  expect(clockLine(undefined, now, now)).toMatchObject({
    outcome: "warn",
    text: "the appliance does not tell its time",
  });
});
