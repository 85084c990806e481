// A link that only the vendor can open: the state holds it encrypted to the vendor's public key, and in no other form.
//
// The vendor runs `age-keygen -o key.txt`, keeps the file, and sends you the public key that it prints. Then:
//   pulumi config set --path 'recipients[0]' age1...
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

const config = new pulumi.Config();

const share = new SessionShare("vendor-support", {
  sessionId: config.require("sessionId"),
  duration: "PT8H",
  recipients: config.requireObject<string[]>("recipients"),
  labels: { vendor: "ACME Support", ticket: "CHG-1042" },
});

/** Not a secret. Send what `pulumi stack output sealedUrl` prints; the vendor opens it with `age -d -i key.txt`. */
export const sealedUrl = share.sealedUrl;
export const validTo = share.validTo;
export const fingerprint = share.fingerprint;
