// The baseline's provider, captured as a module. The state holds the package's name and this path, so both together are as
// long as the product's; the outputs are as long as the product's too.
"use strict";
const { createHash, randomBytes } = require("node:crypto");

const origin = "http://127.0.0.1:40000";
const digits = (bytes) => createHash("sha256").update(bytes).digest("hex");

const provider = {
  check: async (_olds, news) => ({ inputs: { readonly: true, labels: {}, ...news }, failures: [] }),
  diff: async () => ({ changes: false, replaces: [] }),
  create: async (inputs) => {
    const key = digits(randomBytes(32));
    const fingerprint = digits(key).slice(0, 16);
    const link = `/sessions/${inputs.sessionId}/?key=${key}`;
    const now = Date.now();
    const instant = (ms) => new Date(ms).toISOString();
    const microseconds = instant(now).replace("Z", "123Z");
    const window = { validSince: instant(now), validTo: instant(now + 8 * 3_600_000) };
    const listed = { createdAt: microseconds, modifiedAt: microseconds };
    return {
      id: `${inputs.sessionId}/${fingerprint}`,
      outs: { ...inputs, ...window, key, link, url: origin + link, fingerprint, appliance: origin, ...listed },
    };
  },
  read: async (id, props) => ({ id, props }),
  update: async (_id, olds) => ({ outs: olds }),
  delete: async () => undefined,
};

module.exports = provider;
