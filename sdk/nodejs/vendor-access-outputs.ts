// The outputs of the component VendorAccess, from those of its shares. What contains a link stays secret, and the rest does not.
import * as pulumi from "@pulumi/pulumi";
import type { SharedSession } from "../../provider/lifecycle/vendor-access";
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
  const vendor = pulumi.output(inputs["vendor"] as pulumi.Input<string>);
  const { sessionIds, sessions, aliases } = inputs as Record<string, unknown>;
  // Not known before the sessions are: then `declared` is empty.
  const shares = pulumi.output({ sessionIds, sessions, aliases }).apply(() => declared);
  const shared = shares.apply((each) => pulumi.all(each.map((share) => outputsNamed(share, sharedSessionOutputs))));
  const urls = (name: "url" | "sealedUrl") =>
    pulumi
      .all([shared, shares.apply((each) => pulumi.all(each.map((share) => share[name])))])
      .apply(([known, texts]) => linksBySession(known, texts));
  const [links, sealedLinks] = [urls("url"), urls("sealedUrl")];
  return {
    sessionIds: shared.apply((known) => known.map(({ sessionId }) => sessionId)),
    links,
    sealedLinks,
    handOver: pulumi
      .all([vendor, shared, links, sealedLinks])
      .apply(([who, known, open, sealed]) => handOverText(who, known, { ...open, ...sealed })),
    calendar: pulumi.all([urn, vendor, shared]).apply(([id, who, known]) => accessCalendar(id, who, known)),
  };
}

function outputsNamed(share: SessionShare, names: readonly (keyof SharedSession)[]): pulumi.Output<SharedSession> {
  const outputs = names.map((name): [string, pulumi.Output<unknown>] => [name, share[name]]);
  return pulumi.output(Object.fromEntries(outputs)) as pulumi.Output<unknown> as pulumi.Output<SharedSession>;
}
