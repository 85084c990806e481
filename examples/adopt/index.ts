// Takes over a share that was created in the admin panel. `pulumi up` sends no POST, and the link stays the same.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

// `npx fudo-audit --session ID` prints the fingerprint, the end and the mode of each share of a session.
const config = new pulumi.Config();

const share = new SessionShare("from-the-panel", {
  sessionId: config.require("sessionId"),
  adopt: config.require("fingerprint"),
  validTo: config.require("validTo"), // within a minute of the share's end
  readonly: config.getBoolean("readonly") ?? true, // the share's mode
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

export const url = share.url;
export const validTo = share.validTo;
