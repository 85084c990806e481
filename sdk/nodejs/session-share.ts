// The resource class that programs use. It declares types, marks credentials as secret and gives standing notices;
// every decision is the lifecycle's.
import * as pulumi from "@pulumi/pulumi";
import { redactDebugLines } from "./debug-lines";
import { demandProgram } from "./program";
import provider = require("../../provider/dynamic/provider");

/** Everything a program can say of a share. */
export interface SessionShareArgs {
  /** ID of the session to share: a decimal 64-bit number, as text. Changing it replaces the share. */
  readonly sessionId: pulumi.Input<string>;
  /** Start of the window: ISO 8601 instant with an offset, or a `Date`. Default: the moment of creation, kept afterwards. */
  readonly validSince?: pulumi.Input<string | Date> | undefined;
  /** End of the window, in the same form. Exactly one of `validTo` and `duration`. Changing it replaces the share. */
  readonly validTo?: pulumi.Input<string | Date> | undefined;
  /** Length of the window: ISO 8601 duration such as `PT8H` or `P2D` (D is 24 hours, W 168; no months or years). */
  readonly duration?: pulumi.Input<string> | undefined;
  /** `true` (default): the vendor can only look. `false`: the vendor can also act in a live session. */
  readonly readonly?: pulumi.Input<boolean> | undefined;
  /** Who, why, which ticket: kept in the state, never sent to the appliance. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Fingerprint of a share that exists: at creation take over exactly this one instead of making a new one. */
  readonly adopt?: pulumi.Input<string> | undefined;
  /** `"abandon"` (forget, and warn while live) or `"refuseWhileLive"`. Default: the provider's setting, each time. */
  readonly deletionPolicy?: pulumi.Input<"abandon" | "refuseWhileLive"> | undefined;
}

const inputNames = [
  "sessionId",
  "validSince",
  "validTo",
  "duration",
  "readonly",
  "labels",
  "adopt",
  "deletionPolicy",
] as const;
const secretNames = ["key", "link", "url"] as const;
const otherNames = [
  "fingerprint",
  "appliance",
  "grantedSince",
  "grantedTo",
  "createdAt",
  "modifiedAt",
  "removed",
  "missing",
  "userId",
  "shareId",
] as const;

/**
 * A time-limited grant on one brokered session, opened by a secret link. Created once per declaration: a changed
 * `sessionId`, `validSince`, `validTo`, `duration` or `readonly` replaces it, and neither its end nor a revocation ever
 * grants it again. Deleting forgets the share; the API cannot revoke. ID: `<sessionId>/<fingerprint>`.
 */
export class SessionShare extends pulumi.dynamic.Resource {
  declare readonly sessionId: pulumi.Output<string>;
  /** Start of the window that was asked for, UTC. */
  declare readonly validSince: pulumi.Output<string>;
  /** End of the window that was asked for, UTC. */
  declare readonly validTo: pulumi.Output<string>;
  declare readonly duration: pulumi.Output<string | undefined>;
  declare readonly readonly: pulumi.Output<boolean>;
  declare readonly labels: pulumi.Output<Record<string, string>>;
  declare readonly adopt: pulumi.Output<string | undefined>;
  declare readonly deletionPolicy: pulumi.Output<"abandon" | "refuseWhileLive" | undefined>;
  /** The key of the link. A credential: secret. */
  declare readonly key: pulumi.Output<string>;
  /** The path that opens the session. A credential: secret. */
  declare readonly link: pulumi.Output<string>;
  /** The address to give to the vendor. A credential: secret. */
  declare readonly url: pulumi.Output<string>;
  /** First 16 hex digits of SHA-256 of the key: says which share, opens nothing. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Origin of the appliance where the share lives. */
  declare readonly appliance: pulumi.Output<string>;
  /** Start that the appliance granted, only where it differs by a minute or more. */
  declare readonly grantedSince: pulumi.Output<string | undefined>;
  /** End that the appliance granted, only where it differs by a minute or more. */
  declare readonly grantedTo: pulumi.Output<string | undefined>;
  /** UTC, microseconds kept; absent until a list has told it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  declare readonly modifiedAt: pulumi.Output<string | undefined>;
  /** The appliance says that the share was removed. */
  declare readonly removed: pulumi.Output<boolean | undefined>;
  /** The share should be there and was not in the appliance's list. */
  declare readonly missing: pulumi.Output<boolean | undefined>;
  /** Only when the appliance gives it unasked. */
  declare readonly userId: pulumi.Output<string | undefined>;
  /** Only when the appliance gives it unasked. */
  declare readonly shareId: pulumi.Output<string | undefined>;

  /**
   * A share that exists, looked up on the appliance and never changed. Fails where the session's list does not show it.
   * @param id `<sessionId>/<fingerprint>`
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): SessionShare {
    return new SessionShare(name, undefined, { ...opts, id });
  }

  /** True for every SessionShare, also one of another copy of this package. */
  static override isInstance(value: unknown): value is SessionShare {
    return pulumi.Resource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === token;
  }

  constructor(name: string, args: SessionShareArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal For `get` alone. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args: SessionShareArgs | undefined, opts: pulumi.CustomResourceOptions = {}) {
    demandProgram();
    redactDebugLines();
    const additionalSecretOutputs = [...new Set([...(opts.additionalSecretOutputs ?? []), ...secretNames])];
    super(provider, name, propertiesOf(args), { ...opts, additionalSecretOutputs }, "fudo", "SessionShare");
    giveStandingNotice(this);
  }
}

const token = "pulumi-nodejs:dynamic/fudo:SessionShare";

// Engine: every output must be named, or the program never sees it. A misspelt input goes on to check, which says so.
function propertiesOf(args: SessionShareArgs | undefined): pulumi.Inputs {
  const named = Object.fromEntries([...inputNames, ...secretNames, ...otherNames].map((name) => [name, undefined]));
  return { ...named, ...args, validSince: instantInput(args?.validSince), validTo: instantInput(args?.validTo) };
}

// Not through `pulumi.output`: it takes a Date apart like any object.
function instantInput(value: pulumi.Input<string | Date> | undefined): pulumi.Input<string> | undefined {
  if (pulumi.Output.isInstance<string | Date>(value)) return value.apply(instantText);
  return value instanceof Promise ? value.then(instantText) : value && instantText(value);
}

function instantText(value: string | Date): string {
  if (!isDate(value)) return value;
  return Number.isNaN(value.getTime()) ? "an invalid Date" : value.toISOString();
}

// Another realm's Date, too (jest, vm): `instanceof` would miss it.
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

// Said at each run until the share has ended. For most shares there is nothing to say, and an output of all five would
// cost each of them more than the rest of this class: so only two are looked at first.
function giveStandingNotice(share: SessionShare): void {
  const { removed, missing } = share;
  removed.apply((isRemoved) => isRemoved && sayStandingNotice(share));
  missing.apply((isMissing) => isMissing && removed.apply((isRemoved) => isRemoved || sayStandingNotice(share)));
}

function sayStandingNotice(share: SessionShare): pulumi.Output<void> {
  const { id, validTo, grantedTo, removed, missing } = share;
  return pulumi.all([id, validTo, grantedTo, removed, missing]).apply(([id, to, granted, isRemoved, isMissing]) => {
    // The text is the lifecycle's, loaded only where there is something to say.
    const { standingNotice } =
      require("../../provider/lifecycle/share/messages") as typeof import("../../provider/lifecycle/share/messages");
    const recorded = {
      validTo: to,
      ...(granted && { grantedTo: granted }),
      ...(isRemoved && { removed: isRemoved }),
      ...(isMissing && { missing: isMissing }),
    };
    const text = standingNotice(id, recorded, Date.now());
    if (text !== undefined) void pulumi.log.warn(text, share);
  });
}
