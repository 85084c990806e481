// Shares on two appliances in one stack. Each appliance is a provider resource with its own address and API key.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "pulumi-fudo";

/** `warsaw:url` and `warsaw:apiKey` of the stack's configuration belong to the appliance `warsaw`. */
class Appliance extends pulumi.ProviderResource {
  constructor(name: string) {
    const config = new pulumi.Config(name);
    const url = config.require("url");
    const apiKey = config.requireSecret("apiKey");
    super("pulumi-nodejs", name, { "fudo:url": url, "fudo:apiKey": apiKey });
  }
}

const config = new pulumi.Config();
const warsaw = new Appliance("warsaw");
const berlin = new Appliance("berlin");

const acme = new SessionShare(
  "acme",
  { sessionId: config.require("warsawSession"), duration: "PT8H", labels: { vendor: "ACME" } },
  { provider: warsaw },
);
const globex = new SessionShare(
  "globex",
  { sessionId: config.require("berlinSession"), duration: "PT8H", labels: { vendor: "Globex" } },
  { provider: berlin },
);

export const urls = { acme: acme.url, globex: globex.url };
