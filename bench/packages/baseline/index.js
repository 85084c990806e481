// The baseline: a dynamic resource with the product's inputs, outputs and secrets that does nothing else.
"use strict";
const pulumi = require("@pulumi/pulumi");
const provider = require("./build/provider/dynamic/provider.js");

const inputNames = [
  "sessionId",
  "validSince",
  "validTo",
  "duration",
  "readonly",
  "labels",
  "adopt",
  "deletionPolicy",
  "recipients",
];
const secretNames = ["key", "link", "url"];
const otherNames = [
  "sealedUrl",
  "sealedRecipients",
  "sealedOrigin",
  "fingerprint",
  "appliance",
  "grantedSince",
  "grantedTo",
  "createdAt",
  "modifiedAt",
  "removed",
  "missing",
  "reactivated",
  "userId",
  "shareId",
];
const named = Object.fromEntries([...inputNames, ...secretNames, ...otherNames].map((name) => [name, undefined]));

class SessionShare extends pulumi.dynamic.Resource {
  constructor(name, args, opts = {}) {
    super(
      provider,
      name,
      { ...named, ...args },
      { ...opts, additionalSecretOutputs: secretNames },
      "fudo",
      "SessionShare",
    );
  }
}

module.exports = { SessionShare };
