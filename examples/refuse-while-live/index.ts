// A share that cannot be deleted or replaced while its link works, because the API cannot revoke a link. To delete it
// earlier, revoke the link in the admin panel and run `pulumi refresh`.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

const share = new SessionShare("vendor-support", {
  sessionId: new pulumi.Config().require("sessionId"),
  duration: "PT8H",
  deletionPolicy: "refuseWhileLive",
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

export const url = share.url;
export const validTo = share.validTo;
