// Several vendors, each with its own link, declared in a YAML file that others can edit without knowing TypeScript.
import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";
import { parse } from "yaml";

interface Vendor {
  sessionId: string;
  duration: string;
  ticket: string;
}

// With the schema "failsafe", every value stays text. A session ID has more digits than a JavaScript number can hold.
const vendors = parse(readFileSync("vendors.yaml", "utf8"), { schema: "failsafe" }) as Record<string, Vendor>;

/** Secret: `pulumi stack output urls --show-secrets` prints the links. */
export const urls: Record<string, pulumi.Output<string | undefined>> = {};

for (const [vendor, { sessionId, duration, ticket }] of Object.entries(vendors))
  urls[vendor] = new SessionShare(vendor, { sessionId, duration, labels: { vendor, ticket } }).url;
