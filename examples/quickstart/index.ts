// One vendor may look into one session for eight hours. `pulumi up` grants it; the link is a secret output.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

const share = new SessionShare("vendor-support", {
  sessionId: new pulumi.Config().require("sessionId"),
  duration: "PT8H",
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

/** Secret: it opens the session. `pulumi stack output url --show-secrets` prints it. */
export const url = share.url;
export const validTo = share.validTo;
export const fingerprint = share.fingerprint;
