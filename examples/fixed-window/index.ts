// A maintenance window with a fixed start and end. Outside the window the link opens nothing.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

// pulumi config set from '2026-12-05T22:00[Europe/Warsaw]'
// pulumi config set to '2026-12-06T04:00[Europe/Warsaw]'
const config = new pulumi.Config();

const share = new SessionShare("maintenance", {
  sessionId: config.require("sessionId"),
  validSince: config.require("from"),
  validTo: config.require("to"),
  readonly: false, // the vendor can also act in the session
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

export const url = share.url;
export const from = share.validSince;
export const to = share.validTo;
