// Appliance profiles for tests: a hand-made one, and the check against the published schema.
import Ajv2020 from "ajv/dist/2020";
import { type ApplianceProfile, behaviourFlagList, type BehaviourFlags } from "../../provider/emulator";
import { textOf } from "./repository";

export const profileSchema = JSON.parse(textOf("docs/appliance-profile.schema.json"));

const validate = new Ajv2020({ allErrors: true }).compile(profileSchema);

/** Every difference between the value and the schema; empty for a valid profile. */
export function schemaProblems(value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** A profile with exactly these flags observed. */
export function profileOf(
  observed: Partial<BehaviourFlags> = {},
  more: Partial<ApplianceProfile> = {},
): ApplianceProfile {
  const names = behaviourFlagList.map(({ name }) => name);
  return {
    format: "fudo-appliance-profile/1",
    observed,
    unobserved: names.filter((name) => !Object.hasOwn(observed, name)),
    ...more,
  };
}

/** A profile with a value in each place that the format has. */
export const completeProfile: ApplianceProfile = profileOf(
  { postStatus: "201", expiredShares: "hidden", lagMilliseconds: 120, booleans: "letters" },
  {
    utcOffset: "+05:30",
    clockSkewSeconds: -90,
    delays: { listedAfter: 120, createdAtAfterDate: -15 },
    shapes: {
      times: ["0000-00-00 00:00:00-00", "0000-00-00 00:00:00.000000+00:00", "infinity", "other"],
      dateHeader: true,
      postStatus: 201,
      created: { documented: { key: ["string"] }, others: 0 },
      listed: { documented: { key: ["string"], removed: ["null", "boolean"] }, others: 2 },
      objspec: { documented: { key: "string", valid_to: "datetime" }, others: 1 },
      wrongKey: { status: 401, body: "failure" },
      unknownSession: { status: 404, body: "html" },
      grantedWindow: { start: -250, end: 0 },
      emptyList: "absent",
      repeatedEntries: false,
      unidentifiedEntries: 0,
      afterEnd: "hidden",
    },
  },
);
