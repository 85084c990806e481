// The outputs of the component VendorAccess, from those of its shares. What contains a link stays secret, and the rest does not.
import * as pulumi from "@pulumi/pulumi";
import type { SharedSession } from "../../provider/lifecycle/vendor-access";
import { valueOf } from "./known-values";
import type { SessionShare } from "./session-share";

/** What a program reads of the component. */
export interface AccessOutputs {
  readonly sessionIds: pulumi.Output<string[]>;
  readonly links: pulumi.Output<Record<string, string> | undefined>;
  readonly sealedLinks: pulumi.Output<Record<string, string> | undefined>;
  readonly handOver: pulumi.Output<string>;
  readonly calendar: pulumi.Output<string>;
}

/** Not known while the sessions, or any output of a share, are not known. */
export function accessOutputs(
  urn: pulumi.Output<string>,
  inputs: pulumi.Inputs,
  declared: Promise<SessionShare[]>,
): AccessOutputs {
  // Loaded here because most programs declare no component, and not in `apply`: Jest refuses that after a test has ended.
  const { handOverText, linksBySession, sharedSessionOutputs } =
    require("../../provider/lifecycle/vendor-access") as typeof import("../../provider/lifecycle/vendor-access");
  const { accessCalendar } =
    require("../../provider/lifecycle/vendor-access/calendar") as typeof import("../../provider/lifecycle/vendor-access/calendar");
  const { sessionIds, sessions, aliases } = inputs as Record<string, unknown>;
  const recipients = inputs["recipients"] as pulumi.Input<string[] | undefined>;
  const vendor = pulumi.output(inputs["vendor"] as pulumi.Input<string>);
  const isSealed = pulumi.output(recipients).apply((known) => (known?.length ?? 0) > 0);
  // Not known before the sessions are: then `declared` is empty.
  const shares = pulumi.output({ sessionIds, sessions, aliases }).apply(() => declared);
  const shared = shares.apply((each) => pulumi.all(each.map((share) => sharedSession(share, sharedSessionOutputs))));
  const texts = pulumi
    .all([shares, isSealed])
    .apply(([each, sealed]) => pulumi.all(each.map(({ url, sealedUrl }) => (sealed ? sealedUrl : url))));
  const linked = pulumi.all([shared, texts]).apply(([known, links]) => linksBySession(known, links));
  const linksIf = (condition: boolean) =>
    isSealed.apply((sealed) => (sealed === condition ? linked : pulumi.output(undefined)));
  return {
    sessionIds: shared.apply((known) => known.map(({ sessionId }) => sessionId)),
    links: linksIf(false),
    sealedLinks: linksIf(true),
    handOver: pulumi
      .all([vendor, shared, linked])
      .apply(([who, known, links]) => handOverText(who, known, links ?? {})),
    calendar: pulumi.all([urn, vendor, shared]).apply(([id, who, known]) => accessCalendar(id, who, known)),
  };
}

/** Known as soon as the share exists. Engine: in a preview, an output that the state does not have is not known. */
function sharedSession(share: SessionShare, names: readonly (keyof SharedSession)[]): pulumi.Output<SharedSession> {
  const { sessionId, readonly, validSince, validTo, fingerprint } = share;
  return pulumi.all([sessionId, readonly, validSince, validTo, fingerprint]).apply(async () => {
    const values = await Promise.all(names.map((name) => valueOf<unknown>(share[name])));
    return Object.fromEntries(names.map((name, index) => [name, values[index]])) as unknown as SharedSession;
  });
}
