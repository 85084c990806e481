// Two vendors, two sessions and a maintenance window, with the plugin. The examples for Python, Go and YAML declare the same.
// `npm install pulumi-fudo` brings the plugin and its SDK.
//
// pulumi config set fudo:url https://fudo.example.com
// pulumi config set --secret fudo:apiKey
// pulumi config set acmeSession 4665729213955833860
// pulumi config set globexSession 4665729213955833861
// pulumi config set from 2026-12-05T20:00:00+01:00
// pulumi config set to 2026-12-06T02:00:00+01:00
import * as pulumi from "@pulumi/pulumi";
import * as fudo from "pulumi-fudo/plugin";

const config = new pulumi.Config();

const acme = new fudo.SessionShare("acme", {
  sessionId: config.require("acmeSession"),
  duration: "PT8H",
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

const globex = new fudo.SessionShare("globex", {
  sessionId: config.require("globexSession"),
  // Each instant has an offset. 20:00 in Warsaw is 19:00 UTC in winter.
  validSince: config.require("from"),
  validTo: config.require("to"),
  // This vendor may use keyboard and mouse.
  readonly: false,
  labels: { vendor: "Globex", ticket: "CHG-1077", approver: "Jan Kowalski" },
});

/** Secret: each link opens a session. `pulumi stack output links --show-secrets` prints them. */
export const links = { acme: acme.url, globex: globex.url };
/** Not secret: `fudo-audit` and log messages name a share by its fingerprint. */
export const fingerprints = { acme: acme.fingerprint, globex: globex.fingerprint };
export const maintenanceEnds = globex.validTo;
