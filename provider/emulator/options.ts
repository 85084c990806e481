// The options of an emulator, and their checks.
import { isIP } from "node:net";
import type { BehaviourFlags } from "./appliance/behaviour-flags";
import {
  aFunction,
  anything,
  type Check,
  checkProperties,
  type Checks,
  isPlainObject,
  nonEmptyText,
  text,
  textOrNumber,
  trueOrFalse,
  wholeNumber,
} from "./checks";
import type { Certificate } from "./http/certificate";
import type { RandomFaults } from "./http/faults/fault";
import { type ApplianceProfile, requireProfile } from "./profile/profile";

/** How to start an emulator. Every option has a default. */
export interface EmulatorOptions {
  /** The address to listen on (127.0.0.1). With `0.0.0.0` or `::`, `url` has the loopback address. */
  host?: string;
  /** The port to listen on (any free port). */
  port?: number;
  /** HTTPS with a generated certificate (true), or with this certificate. Plain HTTP by default. */
  https?: boolean | Certificate;
  /** More host names and IP addresses for the generated certificate, for example the name of a container. */
  names?: readonly string[];
  /** The source of the appliance's clock, in milliseconds since the epoch (real time, also under fake timers). */
  clock?: () => number;
  /** The appliance's IANA time zone (`America/Los_Angeles`, as in the vendor's samples). */
  zone?: string;
  /** How the appliance behaves where the vendor documents nothing. */
  behaviour?: Partial<BehaviourFlags>;
  /** What `fudo-audit doctor` wrote about an appliance: behave as it. `behaviour`, `zone` and `clock` have priority. */
  profile?: ApplianceProfile;
  /** Random faults from the start. */
  faults?: RandomFaults;
  /** The same seed gives the same keys, shuffles and generated certificate (random). */
  seed?: string | number;
  /** How many sessions exist at the start (4): ssh, rdp, vnc and http in turn. */
  sessions?: number;
  /** Enables the control API (`POST /emulator/<operation>` from loopback, see README.md). Off by default. */
  control?: boolean;
}

const hostname = /^(\*\.)?[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

const certificate: Check = (name, value) => {
  if (typeof value === "boolean") return;
  if (!isPlainObject(value)) throw new RangeError(`${name} must be true, false or a certificate from makeCertificate`);
  nonEmptyText(`${name}: chain`, value["chain"]);
  nonEmptyText(`${name}: privateKey`, value["privateKey"]);
};

const hostNames: Check = (name, value) => {
  if (!Array.isArray(value)) throw new RangeError(`${name} must be a list of host names and IP addresses`);
  for (const entry of value as unknown[]) {
    nonEmptyText(name, entry);
    if (isIP(entry as string) === 0 && !hostname.test(entry as string))
      throw new RangeError(`${name}: "${String(entry)}" is no host name and no IP address`);
  }
};

// The parts of the emulator check `behaviour`, `faults` and the zone's name.
const checks: Checks<EmulatorOptions> = {
  host: nonEmptyText,
  port: wholeNumber(0, 65_535),
  https: certificate,
  names: hostNames,
  clock: aFunction,
  zone: text,
  behaviour: anything,
  profile: requireProfile,
  faults: anything,
  seed: textOrNumber,
  sessions: wholeNumber(0, 100_000),
  control: trueOrFalse,
};

/** Throws a RangeError that names the first option that is unknown or wrong. */
export function checkOptions(options: EmulatorOptions): void {
  checkProperties("startEmulator", options, checks);
  if (options.names !== undefined && options.https !== true)
    throw new RangeError("startEmulator: names are for the generated certificate, so they need https: true");
}
