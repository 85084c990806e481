// Lists the shares of a session that may open it now or later, without their links, and the attributes that the appliance
// knows of a share. Creates nothing.
import * as pulumi from "@pulumi/pulumi";
import { getSessionShares, getShareSpec } from "pulumi-fudo";

const sessionId = new pulumi.Config().require("sessionId");

export const open = getSessionShares({ sessionId }).then(({ shares }) =>
  shares
    .filter(({ status }) => status === "active" || status === "scheduled")
    .map(({ fingerprint, status, validTo, readonly }) => ({ fingerprint, status, validTo, readonly })),
);

export const attributes = getShareSpec().then((spec) => Object.keys(spec));
