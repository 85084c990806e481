// The arguments of the component VendorAccess, and the inputs that the class makes of them for Pulumi.
import type * as pulumi from "@pulumi/pulumi";
import { inputsOf, type SessionShareArgs, type SessionShareFor, type SessionShareUntil } from "./arguments";
import type { GetSessionsOutputArgs } from "./sessions";

/** The arguments of a VendorAccess, without the sessions and the end of the window. */
export interface VendorAccessCommonArgs {
  /** Name of the vendor: each share gets it as the label `vendor`, unless `labels` has one. */
  readonly vendor: pulumi.Input<string>;
  /** Start of the window: ISO 8601 instant with an offset, or a `Date`. Default: the time of creation, kept afterwards. Changing it replaces each share. */
  readonly validSince?: pulumi.Input<string | Date> | undefined;
  /** `true` (default): the vendor can only watch. `false`: the vendor can also act in live sessions. Changing it replaces each share. */
  readonly readonly?: pulumi.Input<boolean> | undefined;
  /** Labels of each share, for example reason and ticket. */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** `"abandon"` or `"refuseWhileLive"`, for each share. Default: the provider's setting, each time. */
  readonly deletionPolicy?: pulumi.Input<"abandon" | "refuseWhileLive"> | undefined;
  /** age public keys (`age1…`) of the people who may open the links. The state then holds encrypted URLs, and no key, link or url. */
  readonly recipients?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** SessionShares of this stack that become children of the component without a new link: by session ID, the name of a share without a parent, or the URN of any share. */
  readonly aliases?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/** The sessions are named by their IDs. */
export interface VendorAccessByIds {
  /** IDs of the sessions: decimal 64-bit numbers, as text. Set exactly one of `sessionIds` and `sessions`. */
  readonly sessionIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Not together with `sessionIds`. */
  readonly sessions?: undefined;
}

/** The sessions are found by a query. */
export interface VendorAccessByQuery {
  /** Filters as for `getSessions`. Each preview and each `up` runs them again. Finding no session is an error. Set exactly one of `sessionIds` and `sessions`. */
  readonly sessions: pulumi.Input<GetSessionsOutputArgs>;
  /** Not together with `sessions`. */
  readonly sessionIds?: undefined;
}

/** The arguments of a VendorAccess: exactly one of `sessionIds` and `sessions`, and exactly one of `validTo` and `duration`. */
export type VendorAccessArgs = VendorAccessCommonArgs &
  (VendorAccessByIds | VendorAccessByQuery) &
  (SessionShareUntil | SessionShareFor);

/** The arguments in the form in which Pulumi can pass them on. */
export function accessInputsOf(args: VendorAccessArgs): pulumi.Inputs {
  return inputsOf(args as unknown as SessionShareArgs);
}
