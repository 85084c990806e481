// The arguments of a SessionShare, and the properties that the class makes of them for Pulumi.
import * as pulumi from "@pulumi/pulumi";
import { computedOutputs, immutableInputs, stateOnlyInputs } from "../../provider/lifecycle/share/id";

/** The arguments of a SessionShare, without the end of its window. */
export interface SessionShareCommonArgs {
  /** ID of the session to share: a decimal 64-bit number, as text. Changing it replaces the share. */
  readonly sessionId: pulumi.Input<string>;
  /** Start of the window: ISO 8601 instant with an offset or a time zone (`2026-12-05T20:00[Europe/Warsaw]`), or a `Date`. Default: the time of creation, kept afterwards. Changing it replaces the share. */
  readonly validSince?: pulumi.Input<string | Date> | undefined;
  /** `true` (default): the vendor can only watch. `false`: the vendor can also act in a live session. Changing it replaces the share. */
  readonly readonly?: pulumi.Input<boolean> | undefined;
  /** For example vendor, reason, ticket. Kept in the state, never sent to the appliance. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** Fingerprint of an existing share. At creation, the resource takes over this share instead of creating a new one. */
  readonly adopt?: pulumi.Input<string> | undefined;
  /** `"abandon"` (remove from the state, warn while live) or `"refuseWhileLive"`. Default: the provider's setting, each time. */
  readonly deletionPolicy?: pulumi.Input<"abandon" | "refuseWhileLive"> | undefined;
  /** age public keys (`age1…`) of the people who may open the link. The state then holds `sealedUrl`, which only they can open, and neither `key`, `link` nor `url`. */
  readonly recipients?: pulumi.Input<pulumi.Input<string>[]> | undefined;
}

/** The window ends at `validTo`. */
export interface SessionShareUntil {
  /** End of the window: ISO 8601 instant with an offset or a time zone (`2026-12-05T20:00[Europe/Warsaw]`), or a `Date`. Set exactly one of `validTo` and `duration`. Changing it replaces the share. */
  readonly validTo: pulumi.Input<string | Date>;
  /** Not together with `validTo`. */
  readonly duration?: undefined;
}

/** The window ends when `duration` is over. */
export interface SessionShareFor {
  /** Length of the window: ISO 8601 duration such as `PT8H` or `P2D` (D is 24 hours, W 168; no months or years). Set exactly one of `validTo` and `duration`. Changing it replaces the share. */
  readonly duration: pulumi.Input<string>;
  /** Not together with `duration`. */
  readonly validTo?: undefined;
}

/** The arguments of a SessionShare: exactly one of `validTo` and `duration`. */
export type SessionShareArgs = SessionShareCommonArgs & (SessionShareUntil | SessionShareFor);

/** Every property of the resource once: inputs, then outputs. */
export const propertyNames = [...new Set([...immutableInputs, ...stateOnlyInputs, ...computedOutputs])];

/** The arguments in the form in which Pulumi can pass them on. */
export function inputsOf(args: SessionShareArgs): pulumi.Inputs {
  return {
    ...args,
    validSince: converted(args.validSince, instantText),
    validTo: converted(args.validTo, instantText),
    labels: converted(args.labels, plainLabels),
  };
}

// `pulumi.output` cannot be used here, because it converts a Date and a Map to a plain empty object.
function converted(value: unknown, convert: (value: unknown) => unknown): unknown {
  if (pulumi.Output.isInstance<unknown>(value)) return value.apply(convert);
  return value instanceof Promise ? value.then(convert) : convert(value);
}

// `instanceof` would miss a Date of another realm (jest, vm).
function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function instantText(value: unknown): unknown {
  if (kindOf(value) !== "Date") return value;
  const date = value as Date;
  return Number.isNaN(date.getTime()) ? "an invalid Date" : date.toISOString();
}

/** Labels that Pulumi would turn into an empty object (a Map, a Set …) become text, which check rejects. */
function plainLabels(value: unknown): unknown {
  const isLost = typeof value === "object" && value !== null && !["Object", "Array"].includes(kindOf(value));
  return isLost ? `a ${kindOf(value)}` : value;
}
