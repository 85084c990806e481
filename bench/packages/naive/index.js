// The naive provider, as somebody writes it by hand in an afternoon: its closure is captured by value, it sends requests
// with `fetch`, and it fetches one list after each POST (for the link) and one for each read.
"use strict";
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config("fudo");
const origin = config.require("url");
const apiKey = config.require("apiKey");

async function call(sessionId, method, body) {
  const response = await fetch(`${origin}/api/v2/session/${sessionId}/share`, {
    method,
    headers: { Authorization: apiKey, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method}: ${response.status}`);
  return (await response.json()).session_share;
}

function outputsOf(inputs, { key, link, valid_since, valid_to }) {
  const fingerprint = require("crypto").createHash("sha256").update(key).digest("hex").slice(0, 16);
  return { ...inputs, key, link, url: origin + link, fingerprint, validSince: valid_since, validTo: valid_to };
}

const provider = {
  async create(inputs) {
    const now = Date.now();
    const length = Number(/^PT(\d+)H$/.exec(inputs.duration)[1]) * 3_600_000;
    const body = {
      valid_since: new Date(now).toISOString(),
      valid_to: new Date(now + length).toISOString(),
      readonly: inputs.readonly ?? true,
    };
    const { key } = await call(inputs.sessionId, "POST", body);
    const shares = await call(inputs.sessionId, "GET");
    const outs = outputsOf(
      inputs,
      shares.find((share) => share.key === key),
    );
    return { id: `${inputs.sessionId}/${outs.fingerprint}`, outs };
  },
  async read(id, props) {
    const shares = await call(props.sessionId, "GET");
    const share = shares.find(({ key }) => key === props.key);
    return share === undefined ? {} : { id, props: outputsOf(props, share) };
  },
  async delete() {},
};

const outputs = ["key", "link", "url", "fingerprint", "validSince", "validTo"];

class SessionShare extends pulumi.dynamic.Resource {
  constructor(name, args, opts = {}) {
    const named = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(
      provider,
      name,
      { ...named, ...args },
      { ...opts, additionalSecretOutputs: ["key", "link", "url"] },
      "fudo",
      "SessionShare",
    );
  }
}

module.exports = { SessionShare };
