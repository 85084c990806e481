// Reads what an audit reads, and does nothing else with it: the reference for time and memory of `fudo-audit`. Runs as a
// separate process: `read-audit.cjs NODE_MODULES URL FILE SESSIONS STATE ...`; writes everything to FILE as JSON.
// JavaScript, because a compiler in the process would count too.
"use strict";
const { createHash } = require("node:crypto");
const { readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [modules, url, file, sessionsFile, ...states] = process.argv.slice(2);
/** As many as the audit. */
const inFlight = 8;

async function main() {
  // The product's own undici: the bench's node_modules may hold another version.
  const { Pool } = createRequire(join(modules, "pulumi-fudo", "package.json"))("undici");
  const pool = new Pool(url, { connections: inFlight });
  const resources = states
    .flatMap((state) => JSON.parse(readFileSync(state, "utf8")).deployment.resources)
    .filter(({ type }) => type.endsWith("SessionShare"));
  const listed = [];
  const sessions = JSON.parse(readFileSync(sessionsFile, "utf8"))[Symbol.iterator]();
  const headers = { authorization: process.env["FUDO_API_KEY"] };
  const worker = async () => {
    for (const session of sessions) {
      const { body } = await pool.request({ path: `/api/v2/session/${session}/share`, method: "GET", headers });
      for (const share of (await body.json()).session_share)
        listed.push({ ...share, session, key: createHash("sha256").update(share.key).digest("hex") });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  writeFileSync(file, JSON.stringify({ resources, listed }, null, 2));
  await pool.close();
}

void main();
