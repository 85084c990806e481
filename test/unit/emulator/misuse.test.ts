// Misuse of the emulator: a misspelt or impossible option, fault, flag or argument is refused by name, and nothing is stored.
import { startEmulator } from "../../../provider/emulator";
import { firstSession, list, share } from "./requests";
import { startTestEmulator } from "./fixture";

test.each([
  [{ htps: true }, /unknown property of startEmulator "htps"; did you mean "https"\?/],
  [{ Sessions: 2 }, /unknown property of startEmulator "Sessions"; did you mean "sessions"\?/],
  [{ apiKeyOfTheAdministrator: "x" }, /unknown property of startEmulator "apiKeyOfTheAdministrator"; use one of host/],
  [{ sessions: 2.5 }, /sessions must be a whole number from 0 to 100000, not 2.5/],
  [{ sessions: -1 }, /sessions must be a whole number/],
  [{ sessions: "4" }, /sessions must be a whole number .*not "4"/],
  [{ port: 65_536 }, /port must be a whole number from 0 to 65535/],
  [{ host: "" }, /host must not be empty/],
  [{ host: 7 }, /host must be text/],
  [{ https: "yes" }, /https must be true, false or a certificate/],
  [{ https: {} }, /https: chain must be text, not undefined/],
  [{ https: true, names: "fudo" }, /names must be a list/],
  [{ https: true, names: ["two words"] }, /names: "two words" is no host name and no IP address/],
  [{ names: ["fudo"] }, /names are for the generated certificate, so they need https: true/],
  [{ clock: 1000 }, /clock must be a function/],
  [{ seed: {} }, /seed must be text or a number/],
  [{ control: "on" }, /control must be true or false/],
  [{ zone: "Mars/Olympus" }, /zone must be a time zone of the IANA database, not "Mars\/Olympus"/],
  [{ zone: "" }, /zone must not be empty/],
  [{ behaviour: { expiredShare: "hidden" } }, /unknown behaviour flag "expiredShare"; did you mean "expiredShares"\?/],
  [{ behaviour: { shareLimit: 1.5 } }, /behaviour flag shareLimit must be a whole number/],
  [{ behaviour: { shareLimit: [3] } }, /behaviour flag shareLimit must be a whole number/],
  [{ faults: { seed: 1, lostPosts: 5 } }, /random faults: lostPosts must be a number from 0 to 1, not 5/],
  [{ faults: { seed: 1, lostPost: 0.5 } }, /unknown property of random faults "lostPost"; did you mean "lostPosts"\?/],
  [{ faults: { lostPosts: 0.5 } }, /random faults: seed is required/],
  ["https", /startEmulator must be an object/],
])("startEmulator(%j) is rejected", async (options, message) => {
  await expect(startEmulator(options as never)).rejects.toThrow(message);
});

test("an option that is undefined has its default", async () => {
  const emulator = await startTestEmulator({ sessions: undefined, behaviour: { postStatus: undefined } } as never);
  expect([emulator.sessions.length, emulator.behaviour.postStatus]).toEqual([4, "200"]);
});

test.each([
  [{ kind: "failure", status: 99 }, /fault "failure": status must be a whole number from 200 to 599, not 99/],
  [{ kind: "html", status: 100 }, /status must be a whole number from 200/],
  [{ kind: "bare", status: "404" }, /status must be a whole number .*not "404"/],
  [{ kind: "bare", body: {} }, /body must be text, not an object/],
  [{ kind: "failure", message: 7 }, /message must be text/],
  [{ kind: "failure", headers: "Age" }, /headers must be an object/],
  [{ kind: "headers", headers: { Age: 1 } }, /headers: Age must be text, not 1/],
  [{ kind: "headers", headers: { "A B": "1" } }, /valid HTTP token/],
  [{ kind: "headers", headers: { trailer: "Age" } }, /Trailer cannot be sent/],
  [{ kind: "headers" }, /headers is required/],
  [{ kind: "without" }, /attribute is required/],
  [{ kind: "reset", on: "post" }, /unknown method .*"post"; did you mean "POST"\?/],
  [{ kind: "reset", on: "GETS" }, /unknown method .*did you mean "GET"\?/],
  [{ kind: "reset", when: "After" }, /when must be one of before, after, not "After"/],
  [{ kind: "reset", path: 7 }, /path must be text/],
  [{ kind: "reset", times: 0 }, /times must be a whole number from 1/],
  [{ kind: "reset", skip: -1 }, /skip must be a whole number from 0/],
  [{ kind: "reset", requestByte: 3 }, /unknown property of fault "reset" "requestByte"; did you mean "requestBytes"\?/],
  [{ kind: "duplicate", bytes: 3 }, /unknown property of fault "duplicate" "bytes"/],
  [{ kind: "slow", bytes: 0 }, /bytes must be a whole number from 1/],
  [{ kind: "huge", bytes: 1e12 }, /bytes must be a whole number from 0 to 200000000/],
  [{ kind: "maskd" }, /unknown fault "maskd"; did you mean "masked"\?/],
  [{ kind: 7 }, /unknown fault 7/],
  [null, /a fault must be an object/],
])("fault(%j) is rejected, and the next request works", async (fault, message) => {
  const emulator = await startTestEmulator();
  expect(() => emulator.fault(fault as never)).toThrow(message);
  expect((await list(emulator)).status).toBe(200);
});

test.each([
  ["hold", (emulator) => emulator.hold({ on: "Post" }), /unknown method .*did you mean "POST"\?/],
  ["hold", (emulator) => emulator.hold({ when: "later" } as never), /when must be one of before, after/],
  ["hold", (emulator) => emulator.hold({ count: 1 } as never), /unknown property of hold "count"/],
  [
    "release",
    (emulator) => emulator.hold({ path: "nowhere" }).release(-1),
    /release: count must be a whole number from 0/,
  ],
  ["skew", (emulator) => (emulator.clock.skew = 1e20), /skew must be a number of milliseconds/],
  ["skew", (emulator) => (emulator.clock.skew = "1h" as never), /skew must be a number .*not "1h"/],
  ["skew", (emulator) => (emulator.clock.skew = NaN), /skew must be a number .*not NaN/],
  ["latency", (emulator) => (emulator.latency = -1), /latency must be a number of milliseconds from 0/],
  ["latency", (emulator) => (emulator.latency = Infinity), /latency must be a number of milliseconds from 0/],
  ["zone", (emulator) => (emulator.zone = undefined as never), /zone must be text/],
  ["behaviour", (emulator) => (emulator.behaviour.postStatus = 202 as never), /postStatus must be one of 200, 201/],
  ["behaviour", (emulator) => Object.assign(emulator.behaviour, { postState: 1 }), /did you mean "postStatus"\?/],
  ["addSession", (emulator) => emulator.addSession({ protocol: "rdp" } as never), /unknown property of addSession/],
  ["addSession", (emulator) => emulator.addSession({ id: 5 } as never), /id must be text/],
  ["addSession", (emulator) => emulator.addSession({ attributes: { a: {} } } as never), /attributes: a must be text/],
  [
    "addShare",
    (emulator) => emulator.addShare(firstSession(emulator), { validTO: 1 } as never),
    /did you mean "validTo"/,
  ],
  ["addShare", (emulator) => emulator.addShare(firstSession(emulator), { validSince: 9e15 }), /validSince must be/],
  ["addShare", (emulator) => emulator.addShare("nonsense"), /session nonsense does not exist/],
  ["denyAccess", (emulator) => emulator.denyAccess(undefined as never), /denyAccess: id must be text/],
  ["blockUser", (emulator) => emulator.blockUser(""), /blockUser: userId must not be empty/],
  ["addApiKey", (emulator) => emulator.addApiKey(7 as never), /addApiKey: userId must be text/],
] as [string, (emulator: Awaited<ReturnType<typeof startEmulator>>) => unknown, RegExp][])(
  "%s with a wrong argument throws an error that names it, and nothing changes",
  async (_name, call, message) => {
    const emulator = await startTestEmulator();
    const stateOf = () => {
      const { clock, latency, zone, behaviour, sessions } = emulator;
      return { skew: clock.skew, latency, zone, behaviour: { ...behaviour }, sessions, shares: emulator.shares() };
    };
    const before = stateOf();
    expect(() => call(emulator)).toThrow(message);
    expect(stateOf()).toEqual(before);
    expect((await list(emulator)).status).toBe(200);
  },
);

test("a key can exist only once", async () => {
  const emulator = await startTestEmulator();
  emulator.addShare(firstSession(emulator), { key: "one" });
  expect(() => emulator.addShare(firstSession(emulator), { key: "one" })).toThrow("a share with this key exists");
  expect(emulator.shares()).toHaveLength(1);
});

test.each([
  [
    "a clock that returns NaN",
    (): number => NaN,
    /clock must return milliseconds since the epoch, but it returned NaN/,
  ],
  [
    "a clock that throws",
    (): number => {
      throw new Error("no battery");
    },
    /no battery/,
  ],
])("%s fails the request, not the process", async (_what, broken, message) => {
  let isBroken = false;
  const emulator = await startTestEmulator({ clock: () => (isBroken ? broken() : Date.parse("2025-05-15T15:00:00Z")) });
  isBroken = true;
  const { status, json } = await share(emulator);
  expect([status, json.message]).toEqual([500, expect.stringMatching(message)]);
  isBroken = false;
  expect((await share(emulator)).status).toBe(200);
});
