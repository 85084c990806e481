// The round trip of the appliance profile: doctor describes an emulator with random behaviour flags, a second emulator starts
// from that profile, and every story sees the same on both. `SEED=n` repeats a run.
import { behaviourFlagList, startEmulator, type BehaviourFlags, type Emulator } from "../../provider/emulator";
import { Random } from "../../provider/emulator/random";
import { profileOf, schemaProblems } from "../support/appliance-profile";
import { profileIn, runDoctor, SkippingClock } from "../support/doctor-profile";
import { tableOf, textOf, quoted } from "../support/repository";
import { storyResults } from "../support/story-results";

const seed = Number(process.env["SEED"] ?? 1);
const now = Date.parse("2026-11-26T10:07:24.250Z");
const hour = 3_600_000;
const page = textOf("docs/appliance-profile.md");
const names = behaviourFlagList.map(({ name }) => name);

/** The flags that the page says doctor can observe. */
const observable = tableOf(page, "observed flag").flatMap(([name]) => quoted(name));

/** What each random appliance draws from. `pastValidSince` refused would be no share, and `scheduledShares` hidden no entry. */
const choices: { readonly [Name in keyof BehaviourFlags]?: readonly BehaviourFlags[Name][] } = {
  expiredShares: ["shown", "hidden"],
  removedOfLive: ["omitted", "false"],
  hiddenAttributes: ["omitted", "shown"],
  expensiveAttributes: ["shown", "omitted"],
  shownSessionId: ["path", "other"],
  storedWindows: ["microseconds", "milliseconds", "seconds", "minutes"],
  postStatus: ["200", "201"],
  unknownSession: ["404", "empty"],
  notFoundBody: ["failure", "html", "empty"],
  badQuery: ["refused", "ignored"],
  sessionPaging: ["honoured", "ignored"],
  objspecFlags: ["guessed", "omitted"],
  healthcheck: ["disabled", "ok", "error"],
  booleans: ["json", "letters", "words", "numbers"],
  jsonLayout: ["compact", "indented"],
};
const zones = ["-07:00", "+00:00", "+05:30", "-03:30", "+13:00"];

interface RandomAppliance {
  readonly behaviour: Partial<BehaviourFlags>;
  readonly zone: string;
  /** Whether the session has shares before doctor makes its own. Without them, doctor sees an empty list, else an order. */
  readonly hasShares: boolean;
}

function randomAppliance(number: number): RandomAppliance {
  const random = new Random(`${seed} appliance ${number}`);
  const drawn = Object.entries(choices).map(([name, values]) => [name, random.pick<unknown>(values)] as const);
  const hasShares = number % 2 === 0;
  const lag = [{}, { lagRequests: 1 + random.below(4) }, { lagMilliseconds: 1 + random.below(20_000) }][number % 3];
  const more = hasShares
    ? { listOrder: random.pick(["oldest", "newest", "shuffled"]), removedShares: "flagged" }
    : { emptyList: random.pick(["array", "null"]) };
  const behaviour = { ...Object.fromEntries(drawn), ...lag, ...more } as Partial<BehaviourFlags>;
  // Without any 404, nobody sees its body.
  if (behaviour.unknownSession === "empty") behaviour.healthcheck = "disabled";
  return { behaviour, zone: random.pick(zones), hasShares };
}

/** A share that has started, one that starts later, and a revoked one, in the order of their creation. */
function addShares(emulator: Emulator, sessionId: string): void {
  const [, , revoked] = [-2, 1, -3].map((since, index) =>
    emulator.addShare(sessionId, {
      validSince: now + since * hour,
      validTo: now + 9 * hour,
      createdAt: now - (6 - index) * hour,
    }),
  );
  emulator.revoke(revoked!.key);
}

/** What doctor writes about an emulator with these flags. */
async function describeAppliance({ behaviour, zone, hasShares }: RandomAppliance) {
  const clock = new SkippingClock(now, seed);
  const emulator = await startEmulator({ seed, behaviour, zone, clock: clock.now });
  try {
    const session = emulator.sessions[1]!;
    if (hasShares) addShares(emulator, session);
    const run = await runDoctor(emulator, clock, session);
    expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    return profileIn(run);
  } finally {
    await emulator.close();
  }
}

/** Milliseconds are the finest that the provider sends, so an appliance that stores microseconds looks the same. */
const canonical = (flags: Partial<BehaviourFlags>) => ({
  ...flags,
  ...(flags.storedWindows === "milliseconds" && { storedWindows: "microseconds" }),
});

// The stories compute their windows from the current time.
beforeAll(() => void jest.spyOn(Date, "now").mockReturnValue(now));
afterAll(() => jest.restoreAllMocks());

describe.each(Array.from({ length: 6 }, (_, number) => number))(`random appliance %d of seed ${seed}`, (number) => {
  const appliance = randomAppliance(number);
  const { behaviour, zone } = appliance;
  let profile: Awaited<ReturnType<typeof describeAppliance>>;
  beforeAll(async () => (profile = await describeAppliance(appliance)));

  test("the profile has the observable flags as they are, and no other", () => {
    expect(schemaProblems(profile)).toEqual([]);
    const { lagMilliseconds: lag = 0, ...others } = { ...behaviour };
    const { lagMilliseconds = 0, ...observed } = profile.observed;
    expect(canonical(observed)).toMatchObject(canonical(others));
    // Doctor lists twice a second.
    expect([lagMilliseconds >= lag, lagMilliseconds < lag + 600]).toEqual([true, true]);
    expect(profile.utcOffset).toBe(zone);
    const defaults = Object.fromEntries(behaviourFlagList.map(({ name, defaultValue }) => [name, defaultValue]));
    const rest = Object.entries(observed).filter(([name]) => !Object.hasOwn(behaviour, name));
    expect(Object.fromEntries(rest)).toEqual(Object.fromEntries(rest.map(([name]) => [name, defaults[name]])));
    expect(Object.keys(profile.observed).filter((name) => !observable.includes(name))).toEqual([]);
    expect([...Object.keys(profile.observed), ...profile.unobserved].sort()).toEqual([...names].sort());
  });

  test("an emulator from the profile gives the same result in every story", async () => {
    const lag = {
      requests: behaviour.lagRequests ?? 0,
      milliseconds: behaviour.lagMilliseconds === undefined ? 0 : hour,
    };
    const expected = { lag };
    const original = await storyResults({ behaviour, zone, expected }, now);
    expect(await storyResults({ profile, expected }, now)).toEqual(original);
    expect(Object.keys(original).length).toBeGreaterThan(100);
  });
});

test("without a test share, the profile has only what GET requests show, and an emulator accepts it", async () => {
  const clock = new SkippingClock(now, seed);
  const behaviour = { postStatus: "201", unknownSession: "empty", jsonLayout: "indented" } as const;
  await using emulator = await startEmulator({ seed, behaviour, clock: clock.now });
  const profile = profileIn(await runDoctor(emulator, clock, emulator.sessions[0]!, "GET only"));
  expect(new Set(emulator.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  expect(schemaProblems(profile)).toEqual([]);
  const ofShare = ["postStatus", "pastValidSince", "storedWindows", "lagRequests", "expiredShares", "booleans"];
  expect(profile.unobserved).toEqual(expect.arrayContaining(ofShare));
  await using other = await startEmulator({ profile });
  expect(other.behaviour).toMatchObject({ ...behaviour, postStatus: "200" });
});

test.each([-1234, 0, 90])(
  "a clock that is %d s ahead: the emulator from the profile is that far ahead",
  async (ahead) => {
    const clock = new SkippingClock(now, seed);
    await using emulator = await startEmulator({ seed, clock: clock.now });
    emulator.clock.skew = ahead * 1000;
    const profile = profileIn(await runDoctor(emulator, clock, emulator.sessions[0]!));
    // `Date` has whole seconds.
    expect(Math.abs(profile.clockSkewSeconds! - ahead)).toBeLessThanOrEqual(1);
    await using other = await startEmulator({ profile });
    expect(other.clock.skew).toBe(profile.clockSkewSeconds! * 1000);
  },
);

describe("the page about profiles", () => {
  test("every flag is in the table of observed flags or in the list of the others", () => {
    const others = quoted(page.split("cannot show the other flags:")[1]?.split("\n\n")[0]);
    expect([...observable, ...others].sort()).toEqual([...names].sort());
  });

  test("doctor observes each flag of the table", async () => {
    const profiles = await Promise.all([0, 1].map((number) => describeAppliance(randomAppliance(number))));
    expect(new Set(profiles.flatMap(({ observed }) => Object.keys(observed)))).toEqual(new Set(observable));
  });
});

test("a profile with one wrong flag gives other results in the stories", async () => {
  const original = await storyResults({ behaviour: { storedWindows: "seconds" } }, now);
  const right = profileOf({ storedWindows: "seconds" });
  expect(await storyResults({ profile: right }, now)).toEqual(original);
  expect(await storyResults({ profile: profileOf({ storedWindows: "minutes" }) }, now)).not.toEqual(original);
});
