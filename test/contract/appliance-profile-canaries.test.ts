// No response of an appliance, however odd, gets into a profile as text: responses carry canaries in every place, and the
// profile holds none of them. The profile also holds no real key, ID, host or port.
import { startEmulator, type Emulator, type Fault } from "../../provider/emulator";
import { schemaProblems } from "../support/appliance-profile";
import { runDoctor, SkippingClock } from "../support/doctor-profile";

const now = Date.parse("2026-11-26T10:07:24.250Z");
const canaries = {
  key: "Qm3xPz7LkWv9Ns2Ty6Rb4Hc8Jd5Gf1Xa",
  lowerCaseKey: "qmxpzlkwvnstyrbhcjdgfxa",
  id: "1234567890123456789",
  host: "vendor.acme.example",
  address: "203.0.113.77",
  person: "Jan Kowalski",
  account: "acme_support_admin",
};
const text = `${Object.values(canaries).join(" ")} /sessions/${canaries.id}/?key=${canaries.key}`;
const odd = Object.fromEntries(Object.values(canaries).map((name) => [name, text]));

const documented = "id session_id user_id key valid_since valid_to readonly link created_at modified_at removed".split(
  " ",
);
const lists = { on: "GET", path: "/share", times: Infinity };
const everywhere = { times: Infinity, when: "after" } as const;
const objspec = { path: "/objspec/", times: Infinity };

/** What the responses carry, and where. */
const faults: readonly (readonly [title: string, fault: Fault])[] = [
  ...documented.flatMap((attribute): [string, Fault][] => [
    [`text as ${attribute}`, { kind: "attribute", attribute, value: text, ...lists }],
    [`an object as ${attribute}`, { kind: "attribute", attribute, value: odd, ...lists }],
    [
      `a list as ${attribute} of the created share`,
      { kind: "attribute", attribute, value: [text], on: "POST", ...everywhere },
    ],
    [`text as the type of ${attribute}`, { kind: "attribute", attribute, value: { type: text, ...odd }, ...objspec }],
  ]),
  ...Object.values(canaries).flatMap((attribute): [string, Fault][] => [
    [`an attribute named ${attribute}`, { kind: "attribute", attribute, value: text, ...everywhere }],
    [
      `an attribute named ${attribute} in objspec`,
      { kind: "attribute", attribute, value: { type: attribute }, ...objspec },
    ],
  ]),
  ["text instead of the key", { kind: "masked", mask: text, ...lists }],
  ["text instead of an entry", { kind: "entry", value: text, ...lists }],
  ["an odd object instead of an entry", { kind: "entry", value: odd, ...lists }],
  ["text instead of the list", { kind: "list", value: text, ...lists }],
  ["an odd object instead of the list", { kind: "list", value: odd, ...lists }],
  ["text instead of objspec", { kind: "list", value: text, ...objspec }],
  ["an odd list of sessions", { kind: "list", value: [odd, text], path: "/session?", times: Infinity }],
  ...["GET", "POST"].flatMap((on) =>
    [200, 204, 301, 400, 401, 403, 404, 409, 429, 503].flatMap((status): [string, Fault][] => {
      const where = { on, path: "/share", ...everywhere, status, headers: { Server: canaries.host, "X-Name": text } };
      return [
        [`a failure of ${on} with ${status}`, { kind: "failure", message: text, ...where }],
        [`text as the response to ${on} with ${status}`, { kind: "bare", body: text, ...where }],
        [`JSON as the response to ${on} with ${status}`, { kind: "bare", body: JSON.stringify(odd), ...where }],
      ];
    }),
  ),
  ["a failure of the health check", { kind: "failure", message: text, path: "/healthcheck", times: Infinity }],
  ["text as the health check", { kind: "bare", status: 200, body: text, path: "/healthcheck", times: Infinity }],
  ["text as the Date header", { kind: "headers", headers: { Date: text, Age: canaries.id }, ...everywhere }],
];

/** Everything in this emulator that must not be in a file. */
function secretsOf(emulator: Emulator): string[] {
  const { apiKey, sessions, url } = emulator;
  const ofShares = emulator.shares().flatMap(({ key, id, userId }) => [key, id, userId]);
  return [apiKey, ...sessions, new URL(url).port, "127.0.0.1", ...ofShares];
}

describe("no canary is in the profile", () => {
  let emulator: Emulator;
  let clock: SkippingClock;
  beforeAll(async () => {
    clock = new SkippingClock(now, 1);
    emulator = await startEmulator({ seed: 1, clock: clock.now, behaviour: { hiddenAttributes: "shown" } });
  });
  afterAll(() => emulator.close());

  test.each(faults)("%s", async (_, fault) => {
    emulator.clearFaults();
    const session = emulator.addSession();
    emulator.addShare(session);
    emulator.fault({ ...fault });
    const { text: written = "", stdout, stderr } = await runDoctor(emulator, clock, session);
    expect(emulator.requests.filter(({ fault: applied }) => applied === fault.kind)).not.toEqual([]);
    emulator.resetRequests();
    expect(schemaProblems(JSON.parse(written))).toEqual([]);
    const found = [...Object.values(canaries), ...secretsOf(emulator)].filter((canary) => written.includes(canary));
    expect(found).toEqual([]);
    const keys = [emulator.apiKey, ...emulator.shares().map(({ key }) => key)];
    expect(keys.filter((key) => (stdout + stderr).includes(key))).toEqual([]);
  });
});
