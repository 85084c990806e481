// Mistakes of operators on the real engine: each gets one message, in the preview where that needs no request, without a stack
// trace, a machine path or a credential.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { makeCertificate, startEmulator, type Emulator } from "../../provider/emulator";
import { failed, inHours, engineSuite, diagnosticsOf, share } from "../support/engine-share";
import type { Outcome } from "../support/engine";

type Settings = Readonly<Record<string, string>>;
type Inputs = Readonly<Record<string, unknown>>;

const wrongKey = "this-key-is-not-the-appliance-s";
const suite = engineSuite({ configured: false, canaries: () => [wrongKey] });

/** Runs the program with settings in the environment. Returns all messages. */
async function messagesOf(command: "preview" | "up", settings: Settings, inputs: Inputs): Promise<string[]> {
  const { stack, declare, sessionId } = suite();
  declare(share("vendor", { sessionId, duration: "PT8H", ...inputs }));
  const outcome = await stack[command]([], { env: settings });
  expect(outcome).toMatchObject(failed());
  expect(internalLines(outcome)).toEqual([]);
  return providerMessages(outcome);
}

/** The provider's messages, without what the engine writes before the reason of a failed check. */
function providerMessages(outcome: Outcome): string[] {
  return diagnosticsOf(outcome).map((line) =>
    line.replace(/^\S+ resource '\w+'(: property \w+ value \{.*?\})? has a problem: /, ""),
  );
}

/** Lines that no user should see: stack traces and paths of this machine. */
function internalLines({ all }: Outcome): string[] {
  return all.split("\n").filter((line) => /^\s+at |node_modules|node:internal|\.[jt]s:\d/.test(line));
}

const right = (): Settings => ({ FUDO_URL: suite().emulator.url, FUDO_API_KEY: suite().emulator.apiKey });
const sharePath = () => `/api/v2/session/${suite().sessionId}/share`;

describe("settings", () => {
  const missing = (names: string, setting: string) =>
    `${names} is not set in the stack's configuration or in the environment of the provider's process. Run \`pulumi config set ${setting}\``;
  const noKey = missing("fudo:apiKey (or FUDO_API_KEY)", "--secret fudo:apiKey");
  test.each<[string, Settings, string[]]>([
    ["none", { FUDO_URL: "", FUDO_API_KEY: "" }, [missing("fudo:url (or FUDO_URL)", "fudo:url https://HOST"), noKey]],
    ["no key", { FUDO_API_KEY: "" }, [noKey]],
    [
      "a URL with a path",
      { FUDO_URL: "https://fudo.example/api/v2" },
      ["fudo:url (or FUDO_URL) must be https://host[:port], without user info, path or query"],
    ],
    [
      "plain http",
      { FUDO_URL: "http://fudo.example" },
      ["fudo:url (or FUDO_URL) must start with https:// (plain http only for a loopback address)"],
    ],
    [
      "a key with an authorization scheme",
      { FUDO_API_KEY: `Bearer ${wrongKey}` },
      ["fudo:apiKey (or FUDO_API_KEY) must be one line of printable ASCII without spaces"],
    ],
    [
      "a malformed pin",
      { FUDO_CERTIFICATE_FINGERPRINT: "ab:cd" },
      [
        "fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT) must be SHA-256 fingerprints of 64 hex digits, colons optional, separated by commas",
      ],
    ],
    [
      "a pin and no verification",
      { FUDO_CERTIFICATE_FINGERPRINT: "ab".repeat(32), FUDO_INSECURE_SKIP_VERIFY: "true" },
      [
        "fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT) and fudo:insecureSkipVerify (or FUDO_INSECURE_SKIP_VERIFY) cannot be used together",
        "fudo: fudo:insecureSkipVerify is true: the provider does not verify the appliance's certificate. Anyone on the network path can read the API key.",
      ],
    ],
    [
      "a CA file that does not exist",
      { FUDO_CA_CERTIFICATE: "/etc/fudo/ca.pem" },
      [
        "fudo:caCertificate (or FUDO_CA_CERTIFICATE) is neither PEM text nor a readable file (ENOENT): /etc/fudo/ca.pem",
      ],
    ],
    [
      "malformed durations and policies",
      { FUDO_TIMEOUT: "soon", FUDO_MAX_DURATION: "P1M", FUDO_DELETION_POLICY: "keep" },
      [
        'fudo:deletionPolicy (or FUDO_DELETION_POLICY) must be "abandon" or "refuseWhileLive"',
        "fudo:maxDuration (or FUDO_MAX_DURATION) uses months or years, which have no fixed length; use days (P30D) or hours (PT8H)",
        "fudo:timeout (or FUDO_TIMEOUT) is not an ISO 8601 duration such as PT8H or P2D",
      ],
    ],
  ])("%s: the preview of a new share says so, before any request", async (_, settings, texts) => {
    expect((await messagesOf("preview", { ...right(), ...settings }, {})).sort()).toEqual(texts.sort());
    expect(suite().newRequests()).toEqual([]);
  });
});

describe("inputs", () => {
  const notAnId =
    "sessionId: must be the session's decimal ID as text, for example 4665729213955833860 (no link, no spaces)";
  const oneEnd = "validTo: set exactly one of validTo and duration";
  test.each<[string, Inputs, string[]]>([
    ["a word as ID", { sessionId: "latest" }, [notAnId]],
    ["a link as ID", { sessionId: "/sessions/7/?key=gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1Hm" }, [notAnId]],
    ["an ID of more than 64 bits", { sessionId: "9223372036854775808" }, [notAnId]],
    [
      "an ID as a number",
      { sessionId: 4665729213955833 },
      ["sessionId: must be text in quotes. As a number, a 64-bit ID loses its last digits"],
    ],
    ["no ID", { sessionId: null }, ["sessionId: is required"]],
    ["no end", { duration: null }, [oneEnd]],
    ["two ends", { validTo: inHours(8) }, [oneEnd]],
    [
      "a date without an offset",
      { duration: null, validTo: "2030-01-01T00:00:00" },
      [
        "validTo: has no offset from UTC; write, for example, 2025-05-15T13:07:00Z or 2025-05-15T15:07:00+02:00, or name a time zone: 2025-05-15T15:07[Europe/Warsaw]",
      ],
    ],
    [
      "a local time that does not exist",
      { duration: null, validTo: "2030-03-31T02:30[Europe/Warsaw]" },
      [
        "validTo: does not exist in Europe/Warsaw: the clocks change there from +01:00 to +02:00; write 2030-03-31T01:30+01:00[Europe/Warsaw] or 2030-03-31T03:30+02:00[Europe/Warsaw]",
      ],
    ],
    [
      "a time in a zone that does not exist",
      { duration: null, validTo: "2030-03-31T02:30[Europe/Warschau]" },
      ["validTo: names an unknown time zone; use a name such as Europe/Warsaw. Did you mean Europe/Warsaw?"],
    ],
    [
      "a day that does not exist",
      { duration: null, validTo: "2030-02-30T00:00:00Z" },
      ["validTo: is a date or time that does not exist"],
    ],
    ["a duration in words", { duration: "8 hours" }, ["duration: is not an ISO 8601 duration such as PT8H or P2D"]],
    [
      "a duration of months",
      { duration: "P1M" },
      ["duration: uses months or years, which have no fixed length; use days (P30D) or hours (PT8H)"],
    ],
    [
      "several failures at once",
      {
        sessionId: "",
        readonly: "no",
        adopt: "abc",
        deletionPolicy: "keep",
        labels: { ticket: 7 },
        validUntil: "tomorrow",
        lables: {},
      },
      [
        notAnId,
        "readonly: must be true or false",
        "adopt: must be a fingerprint: 16 hex digits, as fudo-audit and getSessionShares print it. Never use the key itself",
        'deletionPolicy: must be "abandon" or "refuseWhileLive"',
        "labels: must have names and values that are text of at most 1024 characters without control characters",
        'an input named "validUntil": is not an input of SessionShare',
        'an input named "lables": is not an input of SessionShare. Did you mean labels?',
      ],
    ],
  ])("%s: the preview says so, before any request", async (_, inputs, texts) => {
    expect((await messagesOf("preview", right(), inputs)).sort()).toEqual(texts.sort());
    expect(suite().newRequests()).toEqual([]);
  });
});

describe("the connection to the appliance", () => {
  let selfSigned: Emulator;
  let elsewhere: Emulator;
  let expired: Emulator;
  const plain = createServer();

  beforeAll(async () => {
    selfSigned = await startEmulator({ https: true });
    elsewhere = await startEmulator({ https: makeCertificate({ names: ["fudo.example"] }) });
    expired = await startEmulator({ https: makeCertificate({ validTo: new Date(Date.now() - 1000) }) });
    await once(plain.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(() => {
    plain.close();
    return Promise.all([selfSigned, elsewhere, expired].map((emulator) => emulator.close()));
  });

  const pin = "pin its certificate with fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT)";
  const trust = `To trust this appliance, set fudo:caCertificate (or FUDO_CA_CERTIFICATE) to its CA certificate, or ${pin}`;
  const doctor = ". `npx fudo-audit doctor` prints the fingerprint";
  const plainUrl = () => `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  const trusted = (emulator: Emulator) => ({ FUDO_URL: emulator.url, FUDO_CA_CERTIFICATE: emulator.certificate ?? "" });

  test.each<[string, () => Settings, () => string]>([
    [
      "a port where nothing listens",
      () => ({ FUDO_URL: "https://127.0.0.1:1" }),
      () =>
        "fudo[unreachable] ##: https://127.0.0.1:1: connection refused (ECONNREFUSED) (tried 3 times in # s). Check fudo:url (or FUDO_URL), and that this machine can reach that address",
    ],
    [
      "https to a port that speaks http",
      () => ({ FUDO_URL: plainUrl() }),
      () =>
        `fudo[unreachable] ##: ${plainUrl()}: the TLS handshake failed (#): the server does not speak TLS on this port. Check the port, and check that https is correct in fudo:url (or FUDO_URL)`,
    ],
    [
      "a self-signed certificate",
      () => ({ FUDO_URL: selfSigned.url }),
      () => `fudo[unreachable] ##: the certificate of ${selfSigned.url} is self-signed. ${trust}${doctor}`,
    ],
    [
      "a certificate for another name",
      () => trusted(elsewhere),
      () =>
        `fudo[unreachable] ##: the certificate of ${elsewhere.url} is for a different hostname: it has fudo.example. Set fudo:url (or FUDO_URL) to a name of the certificate, or ${pin}${doctor}`,
    ],
    [
      "an expired certificate",
      () => trusted(expired),
      () =>
        `fudo[unreachable] ##: the certificate of ${expired.url} has expired by this machine's clock (#). Renew it on the appliance, or ${pin}${doctor}`,
    ],
    [
      "a certificate that is not the pinned one",
      () => ({ FUDO_URL: selfSigned.url, FUDO_CERTIFICATE_FINGERPRINT: "ab".repeat(32) }),
      () =>
        `fudo[unreachable] ##: the certificate of ${selfSigned.url} does not match a pinned fingerprint: the server presented a certificate with the SHA-256 fingerprint ${selfSigned.certificateFingerprint}. ` +
        "Nothing was sent. If the certificate was renewed, compare this fingerprint with the one in the admin panel, then add it to fudo:certificateFingerprint (or FUDO_CERTIFICATE_FINGERPRINT). If it was not renewed, someone may be intercepting the connection",
    ],
    [
      "a wrong key",
      () => ({ FUDO_API_KEY: wrongKey }),
      () =>
        "fudo[unauthorized] ##: 401 Unauthorized: " +
        "The API key came from the environment variable FUDO_API_KEY. Check that it is complete and current, and that its user is not blocked or expired",
    ],
  ])("%s: `up` says so in one message, and no share is created", async (_, settings, text) => {
    const [line, ...more] = await messagesOf("up", { ...right(), ...settings() }, {});
    expect(more).toEqual([]);
    expect(
      line
        ?.replace(`GET ${sharePath()}`, "##")
        // The client gives up an address that never responded after 1.5 s: on a busy machine before the third attempt.
        .replace(/tried [23] times in \d+ s\)/, "tried 3 times in # s)")
        .replace(/clock \([-:0-9 ]+ UTC\)/, "clock (#)")
        .replace(/\((EPROTO|ERR_SSL_\w+)\): /, "(#): "),
    ).toBe(text());
    expect(suite().emulator.shares()).toEqual([]);
  });

  test("another server at that address: `up` says so in one message for each response", async () => {
    const { emulator } = suite();
    emulator.fault({ on: "GET", kind: "html", status: 200, times: Infinity });
    expect(await messagesOf("up", right(), {})).toEqual([
      `fudo[protocol] GET ${sharePath()}: 200 OK: the response is not a JSON object. Check that fudo:url (or FUDO_URL) is the address of the appliance`,
    ]);
    emulator.clearFaults();
    emulator.fault({ on: "GET", kind: "html", status: 404, times: Infinity });
    expect(await messagesOf("up", right(), {})).toEqual([
      expect.stringMatching(
        /^fudo\[not-found\] GET \S+: 404 Not Found: an HTML page instead of the appliance's JSON\. This response is not from the appliance\. Check that fudo:url/,
      ),
    ]);
    emulator.clearFaults();
    expect(emulator.shares()).toEqual([]);
  });
});
