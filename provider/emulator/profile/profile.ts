// The appliance profile: what `fudo-audit doctor` saw of one user's appliance. The emulator behaves as that appliance.
// docs/appliance-profile.schema.json describes the same format for other readers.
import {
  type BehaviourFlagName,
  type BehaviourFlags,
  behaviourFlagList,
  parseBehaviourFlags,
} from "../appliance/behaviour-flags";
import { type Check, checkProperties, type Checks, isPlainObject, requireKnown, wholeNumber } from "../checks";
import { type ProfileDelays, type ProfileShapes, shapeChecks } from "./shapes";

/** The format that this release reads. */
export const profileFormat = "fudo-appliance-profile/1";

/** What `fudo-audit doctor -o json=FILE` writes: no credential, ID, host, address or free text. */
export interface ApplianceProfile {
  /** The format and its version. */
  readonly format: typeof profileFormat;
  /** The behaviour flags that doctor could observe. */
  readonly observed: Readonly<Partial<BehaviourFlags>>;
  /** All other behaviour flags: the emulator keeps their defaults. */
  readonly unobserved: readonly BehaviourFlagName[];
  /** The offset of the times that the appliance prints, for example `-07:00`. */
  readonly utcOffset?: string;
  /** How far the appliance's clock was ahead of the clock of doctor's machine. */
  readonly clockSkewSeconds?: number;
  /** How long the appliance took. The emulator does not use it. */
  readonly delays?: ProfileDelays;
  /** Facts for the reader of a report. The emulator does not use them. */
  readonly shapes?: ProfileShapes;
}

/** What an emulator takes from a profile. */
export interface ProfiledAppliance {
  readonly behaviour: Readonly<Partial<BehaviourFlags>>;
  readonly zone: string | undefined;
  /** In milliseconds. */
  readonly skew: number;
}

const flagNames: readonly string[] = behaviourFlagList.map(({ name }) => name);
const hundredYears = 3_155_760_000;

const checks: Checks<ApplianceProfile> = {
  format: () => undefined,
  observed: (_name, value) => checkFlags(value),
  unobserved: (name, value) => {
    if (!Array.isArray(value)) throw new RangeError(`${name} must be a list of behaviour flags`);
    for (const flag of value as unknown[]) requireKnown("behaviour flag in unobserved", flag, flagNames);
  },
  utcOffset: (name, value) => {
    if (typeof value !== "string" || !/^[+-](0\d|1[0-5]):[0-5]\d$/.test(value))
      throw new RangeError(`${name} must be an offset like -07:00`);
  },
  clockSkewSeconds: wholeNumber(-hundredYears, hundredYears),
  ...shapeChecks,
};

/** Throws a RangeError that names the first part of the profile that is unknown, missing or wrong. */
export const requireProfile: Check = (_name, value) => {
  if (!isPlainObject(value)) throw new RangeError("the profile must be a JSON object that fudo-audit doctor wrote");
  const { format } = value;
  if (format !== profileFormat) throw new RangeError(formatProblem(format));
  checkProperties("the profile", value, checks);
  for (const name of ["observed", "unobserved"])
    if (value[name] === undefined) throw new RangeError(`the profile: ${name} is required`);
  checkCoverage(value as unknown as ApplianceProfile);
};

/** What an emulator takes from the profile; nothing without a profile. */
export function profiledAppliance(profile: ApplianceProfile | undefined): ProfiledAppliance {
  return {
    behaviour: profile?.observed ?? {},
    zone: profile?.utcOffset,
    skew: (profile?.clockSkewSeconds ?? 0) * 1000,
  };
}

function formatProblem(format: unknown): string {
  if (typeof format === "string" && /^fudo-appliance-profile\/\d{1,9}$/.test(format))
    return `the profile has the format ${format}, but this release reads ${profileFormat}: use the release that wrote it`;
  return `the file is no appliance profile: its format is not ${profileFormat}`;
}

function checkFlags(value: unknown): void {
  const flags = parseBehaviourFlags(value as Record<string, unknown>);
  for (const [name, flag] of Object.entries(value as object)) {
    if (typeof flag === "number") wholeNumber(0, 1_000_000_000)(`the profile: behaviour flag ${name}`, flag);
    // The options accept `200` for "200", but the format has one form for each value.
    if (flag !== flags[name as BehaviourFlagName])
      throw new RangeError(`the profile: behaviour flag ${name} must be ${JSON.stringify(flags[name as never])}`);
  }
}

/** Each flag has exactly one place: a flag without one would be an observation that got lost. */
function checkCoverage({ observed, unobserved }: ApplianceProfile): void {
  for (const name of flagNames) {
    const places = unobserved.filter((each) => each === name).length + (Object.hasOwn(observed, name) ? 1 : 0);
    if (places !== 1)
      throw new RangeError(
        `the profile: behaviour flag ${name} must be in either observed or unobserved, not ${places === 0 ? "in none" : "twice"}`,
      );
  }
}
