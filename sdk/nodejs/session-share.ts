// The resource class SessionShare, which programs use. It declares types, marks credentials as secret and logs recurring
// warnings. The lifecycle makes every decision.
import * as pulumi from "@pulumi/pulumi";
import { printable } from "../../provider/client/redact/redact";
import { propertyNames, inputsOf, type SessionShareArgs } from "./arguments";
import { protectCredentials, protectDebugLines } from "./credentials";
import { checkedUnderMocks } from "./check-arguments";
import { tagOf } from "./declaration-tag";
import { engineProvider } from "./engine-provider";
import { underMocks } from "./mocks";
import { assertProgramConfiguration } from "./program";
import { shareOptions } from "./share-options";
import { skipSourceMapsOfPromises } from "./stack-traces";
import { inUtc } from "./utc-outputs";
import type { RecordedShare } from "../../provider/lifecycle";

/**
 * A time-limited grant on one brokered session, which a secret link opens. It is created once per declaration. A changed
 * `sessionId`, `validSince`, `validTo`, `duration` or `readonly` replaces it. An expired or revoked share is never
 * re-created automatically. Deleting only removes the share from the state, because the API cannot revoke. ID:
 * `<sessionId>/<fingerprint>`.
 *
 * @example
 * ```ts
 * import { SessionShare } from "pulumi-fudo";
 *
 * const share = new SessionShare("acme", {
 *   sessionId: "4665729213955833860",
 *   duration: "PT8H",
 *   labels: { vendor: "acme", ticket: "OPS-1" },
 * });
 * export const url = share.url;
 * ```
 */
export class SessionShare extends pulumi.dynamic.Resource {
  /** ID of the shared session: a decimal 64-bit number, as text. */
  declare readonly sessionId: pulumi.Output<string>;
  /** Start of the requested window, UTC. */
  declare readonly validSince: pulumi.Output<string>;
  /** End of the requested window, UTC. */
  declare readonly validTo: pulumi.Output<string>;
  /** The declared length of the window: ISO 8601 duration. Absent if the program declares `validTo`. */
  declare readonly duration: pulumi.Output<string | undefined>;
  /** `true`: the vendor can only watch. `false`: the vendor can also act in a live session. */
  declare readonly readonly: pulumi.Output<boolean>;
  /** For example vendor, reason, ticket. Kept in the state, never sent to the appliance. */
  declare readonly labels: pulumi.Output<Record<string, string>>;
  /** Fingerprint of the share that the resource took over, if the program declares it. */
  declare readonly adopt: pulumi.Output<string | undefined>;
  /** The declared policy. Absent: the provider's setting counts, each time. */
  declare readonly deletionPolicy: pulumi.Output<"abandon" | "refuseWhileLive" | undefined>;
  /** The age public keys that the program declares. */
  declare readonly recipients: pulumi.Output<string[] | undefined>;
  /** The key of the link. A credential: secret. Absent with `recipients`. */
  declare readonly key: pulumi.Output<string | undefined>;
  /** The path that opens the session. A credential: secret. Absent with `recipients`. */
  declare readonly link: pulumi.Output<string | undefined>;
  /** The URL to give to the vendor. A credential: secret. Absent with `recipients`. */
  declare readonly url: pulumi.Output<string | undefined>;
  /** The URL, encrypted to `recipients`: an ASCII-armored age file, which `age -d` opens. No secret. Only with `recipients`. */
  declare readonly sealedUrl: pulumi.Output<string | undefined>;
  /** The age public keys that open `sealedUrl`. They differ from `recipients` while the share cannot be sealed again. */
  declare readonly sealedRecipients: pulumi.Output<string[] | undefined>;
  /** The origin in the sealed URL. Absent while it is an earlier one and the share cannot be sealed again. */
  declare readonly sealedOrigin: pulumi.Output<string | undefined>;
  /** First 16 hex digits of SHA-256 of the key. Identifies the share, but does not open it. */
  declare readonly fingerprint: pulumi.Output<string>;
  /** Origin of the appliance where the share lives. */
  declare readonly appliance: pulumi.Output<string>;
  /** Start that the appliance granted. Only if it differs by a minute or more. */
  declare readonly grantedSince: pulumi.Output<string | undefined>;
  /** End that the appliance granted. Only if it differs by a minute or more. */
  declare readonly grantedTo: pulumi.Output<string | undefined>;
  /** When the appliance created the share: UTC, with microseconds. Absent until a list has shown it. */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** When the appliance last changed the share: UTC, with microseconds. Absent until a list has shown it. */
  declare readonly modifiedAt: pulumi.Output<string | undefined>;
  /** The appliance lists the share as removed. */
  declare readonly removed: pulumi.Output<boolean | undefined>;
  /** A list should contain the share, but does not. */
  declare readonly missing: pulumi.Output<boolean | undefined>;
  /** The share was recorded as removed or missing and is listed as live again. Setting `adopt` to its fingerprint accepts that. */
  declare readonly reactivated: pulumi.Output<boolean | undefined>;
  /** ID of the session's user. Only if the appliance returns it. */
  declare readonly userId: pulumi.Output<string | undefined>;
  /** The appliance's own ID of the share. Only if the appliance returns it. */
  declare readonly shareId: pulumi.Output<string | undefined>;

  /**
   * Looks up an existing share on the appliance, without managing it. Fails if the session's list does not show it.
   * @param name name of the resource in the program
   * @param id `<sessionId>/<fingerprint>`
   * @param opts options of the resource
   *
   * @example
   * ```ts
   * import { SessionShare } from "pulumi-fudo";
   *
   * export const validTo = SessionShare.get("acme", "4665729213955833860/0123456789abcdef").validTo;
   * ```
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): SessionShare {
    return new SessionShare(name, undefined, { ...opts, id });
  }

  /** True for every SessionShare, also of another copy of this package. `@pulumi/policy` uses it. */
  static override isInstance(value: unknown): value is SessionShare {
    return typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === token;
  }

  /**
   * Declares a share.
   * @param name name of the resource in the program
   * @param args what to share, how long, and for whom
   * @param opts options of the resource
   */
  constructor(name: string, args: SessionShareArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Only for `get`. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args: SessionShareArgs | undefined, opts: pulumi.CustomResourceOptions = {}) {
    assertProgramConfiguration();
    protectDebugLines();
    const restore = skipSourceMapsOfPromises();
    try {
      super(
        engineProvider(),
        name,
        propertiesOf(name, args, opts.parent),
        shareOptions(name, opts),
        "fudo",
        "SessionShare",
      );
    } finally {
      restore();
    }
    this.validSince = inUtc(this.validSince, args?.validSince);
    this.validTo = inUtc(this.validTo, args?.validTo);
    protectCredentials(this);
    logRecurringWarning(this);
  }
}

const token = "pulumi-nodejs:dynamic/fudo:SessionShare";

// Engine: a program sees only the outputs that are named here. A misspelled input passes through, so that check reports it.
// The tag comes last: arguments that a program copied from another share must not bring that one's tag.
function propertiesOf(name: string, args: SessionShareArgs | undefined, parent: pulumi.Resource | undefined) {
  const named: pulumi.Inputs = Object.fromEntries(propertyNames.map((property) => [property, undefined]));
  if (args === undefined) return named;
  const inputs = { ...named, ...inputsOf(args), declarationTag: tagOf(token, name, parent) };
  return underMocks() ? checkedUnderMocks(name, args, inputs) : inputs;
}

// Logs the warning at each run until the share expires. Most shares need no warning, and an output of all values costs more
// than the rest of this class. So this function first reads only the three that can cause a warning.
function logRecurringWarning(share: SessionShare): void {
  const { removed, missing, reactivated } = share;
  removed.apply((isRemoved) => isRemoved && warn(share));
  missing.apply((isMissing) => isMissing && removed.apply((isRemoved) => isRemoved || warn(share)));
  reactivated.apply((isReactivated) => isReactivated && warn(share));
}

function warn(share: SessionShare): pulumi.Output<void> {
  const { id, validTo, grantedTo, removed, missing, reactivated, adopt } = share;
  const facts = { validTo, grantedTo, removed, missing, reactivated, adopt };
  return pulumi.all([id, pulumi.output(facts)]).apply(([shareId, recorded]) => {
    // Loaded here because most shares need no warning.
    const { recurringWarning } =
      require("../../provider/lifecycle/share/messages") as typeof import("../../provider/lifecycle/share/messages");
    const text = recurringWarning(shareId, recorded as RecordedShare, Date.now());
    if (text !== undefined) void pulumi.log.warn(printable(text, 2000), share);
  });
}
