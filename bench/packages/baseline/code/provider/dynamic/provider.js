// Captured as a module. This path is as long as that of the product's provider, because the state holds it; the outputs
// are as long as the product's.
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
    const moment = instant(now).replace("Z", "123Z");
    const window = { validSince: instant(now), validTo: instant(now + 8 * 3_600_000) };
    const told = { createdAt: moment, modifiedAt: moment };
    return {
      id: `${inputs.sessionId}/${fingerprint}`,
      outs: { ...inputs, ...window, key, link, url: origin + link, fingerprint, appliance: origin, ...told },
    };
  },
  read: async (id, props) => ({ id, props }),
  update: async (_id, olds) => ({ outs: olds }),
  delete: async () => undefined,
};

module.exports = provider;
