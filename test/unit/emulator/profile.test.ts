// The appliance profile: the published schema against the emulator's own checks, and an emulator that starts from a profile.
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { type ApplianceProfile, behaviourFlagList, type Fault } from "../../../provider/emulator";
import { requireProfile } from "../../../provider/emulator/profile/profile";
import { completeProfile, profileOf, profileSchema, schemaProblems } from "../../support/appliance-profile";
import { textOf } from "../../support/repository";
import { startTestEmulator } from "./fixture";
import { inSampleWindow, list, share } from "./requests";

const problemOf = (value: unknown) => {
  try {
    requireProfile("profile", value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};
const copyOf = (profile: ApplianceProfile) => JSON.parse(JSON.stringify(profile)) as Record<string, any>;

test("the schema has every behaviour flag with its values and its question, and no other", () => {
  const flags = behaviourFlagList.map(({ name, values, question }) => {
    const amount = { type: "integer", minimum: 0, maximum: 1_000_000_000 };
    return [name, { description: question, ...(values.length > 0 ? { enum: values } : amount) }];
  });
  expect(Object.entries(profileSchema.properties.observed.properties)).toEqual(flags);
  expect(profileSchema.properties.unobserved.items.enum).toEqual(flags.map(([name]) => name));
});

test("by its schema, a profile has only numbers, truth values, words of closed lists, and times without their digits", () => {
  const nodes: Record<string, unknown>[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    nodes.push(node as Record<string, unknown>);
    Object.values(node).forEach(visit);
  };
  visit({ ...profileSchema, $defs: Object.values(profileSchema.$defs) });
  for (const node of nodes.filter(({ type }) => type === "object")) expect(node["additionalProperties"]).toBe(false);
  for (const node of nodes.filter(({ type }) => type === "integer")) {
    expect(node).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
  }
  const patterns = nodes.filter(({ type }) => type === "string").map(({ pattern }) => pattern);
  expect(patterns).toEqual(["^[+-](0\\d|1[0-5]):[0-5]\\d$", "^([-+]?infinity|other|[0TZ :.+-]{1,40})$"]);
});

test.each([
  ["one with a value in each place", completeProfile],
  ["one without any observation", profileOf()],
])("the schema and the emulator accept %s", (_, profile) => {
  expect(schemaProblems(copyOf(profile))).toEqual([]);
  expect(problemOf(copyOf(profile))).toBeUndefined();
});

test("the complete profile has a value for every property of the schema", () => {
  const { properties } = profileSchema;
  expect(Object.keys(completeProfile).sort()).toEqual(Object.keys(properties).sort());
  for (const part of ["delays", "shapes"] as const)
    expect(Object.keys(completeProfile[part]!).sort()).toEqual(Object.keys(properties[part].properties).sort());
});

test.each<[string, (profile: Record<string, any>) => unknown, string]>([
  ["another version", (profile) => (profile["format"] = "fudo-appliance-profile/2"), "this release reads"],
  ["another format", (profile) => (profile["format"] = "fudo-audit-report/2"), "is no appliance profile"],
  ["no format", (profile) => delete profile["format"], "is no appliance profile"],
  ["an unknown member", (profile) => (profile["host"] = "fudo.example.com"), '"host"'],
  ["a misspelt member", (profile) => (profile["utcOfset"] = "+01:00"), 'did you mean "utcOffset"?'],
  ["an unknown flag", (profile) => (profile["observed"].sorted = "yes"), '"sorted"'],
  ["a wrong value of a flag", (profile) => (profile["observed"].postStatus = "204"), "postStatus must be one of"],
  ["a flag in another form", (profile) => (profile["observed"].postStatus = 201), 'postStatus must be "201"'],
  ["an amount as text", (profile) => (profile["observed"].lagMilliseconds = "120"), "lagMilliseconds must be 120"],
  ["a huge amount", (profile) => (profile["observed"].shareLimit = 2 ** 52), "shareLimit"],
  ["an unknown flag in unobserved", (profile) => profile["unobserved"].push("sorted"), '"sorted"'],
  ["no unobserved", (profile) => delete profile["unobserved"], "unobserved is required"],
  ["a flag in both", (profile) => profile["unobserved"].push("postStatus"), "postStatus must be in either"],
  ["a flag in none", (profile) => profile["unobserved"].pop(), "jsonLayout must be in either"],
  ["an offset of a zone's name", (profile) => (profile["utcOffset"] = "Europe/Warsaw"), "utcOffset"],
  ["a fraction of a second", (profile) => (profile["clockSkewSeconds"] = 0.5), "clockSkewSeconds"],
  ["an unknown shape", (profile) => (profile["shapes"].message = "Hello"), '"message"'],
  ["text as a time's form", (profile) => profile["shapes"].times.push("2025-05-14"), "times"],
  ["an unknown attribute", (profile) => (profile["shapes"].listed.documented.acme = ["string"]), '"acme"'],
  ["an unknown type", (profile) => profile["shapes"].listed.documented.key.push("secret"), '"secret"'],
  ["an unknown body", (profile) => (profile["shapes"].wrongKey.body = "Unauthorized."), "body must be one of"],
])("%s is refused by name", async (_, change, reason) => {
  const profile = copyOf(completeProfile);
  change(profile);
  expect(problemOf(profile)).toContain(reason);
  await expect(startTestEmulator({ profile: profile as ApplianceProfile })).rejects.toThrow(RangeError);
});

test("the emulator refuses whatever the schema refuses", () => {
  const paths: (string | number)[][] = [];
  const visit = (value: unknown, path: (string | number)[]): void => {
    paths.push(path);
    if (typeof value === "object" && value !== null)
      for (const [name, part] of Object.entries(value))
        visit(part, [...path, Array.isArray(value) ? Number(name) : name]);
  };
  visit(completeProfile, []);
  const values = fc.oneof(
    fc.constantFrom(null, true, -1, 0.5, 1e12, "", "x", "shown", "2025-05-14 05:11:00-07", [], {}, ["key"]),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const changed = fc.tuple(fc.constantFrom(...paths), fc.constantFrom("replace", "add", "remove"), values);
  fc.assert(
    fc.property(changed, ([path, change, value]) => {
      const root: Record<string, any> = { profile: copyOf(completeProfile) };
      const parent = ["profile", ...path].slice(0, -1).reduce((part, name) => part[name], root as any);
      const name = path.at(-1) ?? "profile";
      if (change === "replace") parent[name] = value;
      if (change === "remove" && Array.isArray(parent)) parent.splice(Number(name), 1);
      else if (change === "remove") delete parent[name];
      if (change === "add" && typeof parent[name] === "object") parent[name]["acme"] = value;
      const { profile } = JSON.parse(JSON.stringify(root)) as { profile?: unknown };
      const problem = problemOf(profile);
      // The schema cannot say that each flag has exactly one place.
      if (problem?.includes("in either") !== true)
        expect(problem !== undefined).toBe(schemaProblems(profile).length > 0);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("an emulator starts with the flags, the offset and the skew of its profile", async () => {
  const clock = () => inSampleWindow;
  const emulator = await startTestEmulator({ profile: completeProfile, clock: undefined as never });
  expect(emulator.behaviour).toMatchObject(completeProfile.observed);
  expect(emulator.behaviour.jsonLayout).toBe("compact");
  expect(emulator.clock.skew).toBe(-90_000);
  const other = await startTestEmulator({ profile: profileOf({ postStatus: "201" }, { utcOffset: "+05:30" }), clock });
  expect((await share(other)).status).toBe(201);
  expect((await list(other)).json.session_share).toMatchObject([{ valid_since: "2025-05-15 18:37:00+05:30" }]);
});

test("options given explicitly win over the profile", async () => {
  const emulator = await startTestEmulator({
    profile: completeProfile,
    behaviour: { postStatus: "200", jsonLayout: undefined as never },
    zone: "Europe/London",
    clock: () => inSampleWindow,
  });
  expect(emulator.behaviour).toMatchObject({ ...completeProfile.observed, postStatus: "200", jsonLayout: "compact" });
  expect([emulator.zone, emulator.clock.skew]).toEqual(["Europe/London", 0]);
});

test("the fault on the page imitates an appliance that omits an empty list", async () => {
  const [, fault = ""] = /emulator\.fault\((\{.*?\})\)/s.exec(textOf("docs/appliance-profile.md")) ?? [];
  const emulator = await startTestEmulator();
  emulator.fault(runInNewContext(`(${fault})`) as Fault);
  for (let count = 0; count < 2; count++) expect((await list(emulator)).text).toBe('{"result":"success"}');
  expect((await share(emulator)).status).toBe(200);
});

test.each(["-07:00", "+00:00", "-03:30", "+05:45", "+14:00", "-12:00"])(
  "the offset %s is a zone",
  async (utcOffset) => {
    const emulator = await startTestEmulator({ profile: profileOf({}, { utcOffset }) });
    await share(emulator);
    const [entry] = (await list(emulator)).json.session_share as { valid_since: string }[];
    expect(entry?.valid_since.slice(19)).toBe(utcOffset.replace(/:00$/, ""));
  },
);
