// Finds the newest live session of a user on a server by their names, and shares it. If there is none, the preview fails. A
// later session has another ID, so the next `pulumi up` then creates a new link.
import * as pulumi from "@pulumi/pulumi";
import { getSessionOutput, SessionShare } from "pulumi-fudo";

// pulumi config set server db-01
// pulumi config set user "ACME Support"
const config = new pulumi.Config();

const session = getSessionOutput({
  serverName: config.require("server"),
  userName: config.require("user"),
  live: true,
  limit: 1, // the newest
});

const share = new SessionShare("vendor-support", {
  sessionId: session.id,
  duration: "PT4H",
  labels: { vendor: config.require("user"), ticket: "CHG-1042" },
});

export const sessionId = session.id;
export const url = share.url;
