// Gives one vendor access to each live session of a server in one maintenance window. The outputs are a text with the
// links for the vendor, and a calendar file without links.
//
// pulumi config set server plc-07
// pulumi config set from 2026-12-05T20:00[Europe/Warsaw]
// pulumi config set to 2026-12-06T02:00[Europe/Warsaw]
import * as pulumi from "@pulumi/pulumi";
import { VendorAccess } from "pulumi-fudo";

const config = new pulumi.Config();

const access = new VendorAccess("siemens", {
  vendor: "Siemens",
  sessions: { serverName: config.require("server"), live: true },
  validSince: config.require("from"),
  validTo: config.require("to"),
  readonly: false,
  labels: { ticket: "CHG-1042", approver: "Jan Kowalski" },
});

/** Secret: it contains the links. `pulumi stack output handOver --show-secrets` prints it. */
export const handOver = access.handOver;

/** Not secret: `pulumi stack output calendar > access.ics` */
export const calendar = access.calendar;
