// One vendor may watch one session for eight hours.
import * as pulumi from "@pulumi/pulumi";
import { getSessionSharesOutput, SessionShare } from "pulumi-fudo";

const config = new pulumi.Config();
const sessionId = config.require("sessionId");

const share = new SessionShare("vendor-support", {
  sessionId,
  duration: config.get("duration") ?? "PT8H",
  labels: { vendor: "ACME Support", ticket: config.require("ticket") },
});

/** Secret, because it contains the link. */
export const mail = pulumi.interpolate`Open ${share.url} before ${share.validTo}.`;

/** How many links open this session now. */
export const openLinks = getSessionSharesOutput({ sessionId }).shares.apply(
  (shares) => shares.filter(({ status }) => status === "active").length,
);
