// Creates shares over TLS, one after the other: `posts.ts raw|product NODE_MODULES URL API_KEY CA_FILE COUNT IDLE_MS SESSION`.
// Runs as a separate process and prints the milliseconds of each POST, without the pause before it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type * as Client from "../../provider/client";
import type * as Clock from "../../provider/time/clock";
import type * as Undici from "undici";

const [which, modules = "", url = "", apiKey = "", caFile = "", count = "1", idleMs = "0", session = ""] =
  process.argv.slice(2);
const ca = readFileSync(caFile, "utf8");
const window = { validSince: "2025-05-15T13:07:00.000Z", validTo: "2099-05-15T21:07:00.000Z", readonly: true };

type Post = () => Promise<unknown>;

/** undici, which reuses an idle connection for seconds. */
function raw(): Post {
  const { Pool } = createRequire(join(modules, "pulumi-fudo", "package.json"))("undici") as typeof Undici;
  const pool = new Pool(url, { connect: { ca } });
  const headers = { authorization: apiKey, "content-type": "application/json" };
  const { validSince, validTo, readonly } = window;
  const body = JSON.stringify({ valid_since: validSince, valid_to: validTo, readonly });
  return async () => {
    const response = await pool.request({ path: `/api/v2/session/${session}/share`, method: "POST", headers, body });
    return JSON.parse(await response.body.text()) as unknown;
  };
}

function product(): Post {
  const provider = join(modules, "pulumi-fudo", "dist", "provider");
  const { createClient } = require(join(provider, "client")) as typeof Client;
  const { systemClock: clock } = require(join(provider, "time", "clock")) as typeof Clock;
  const tls = { caCertificate: ca };
  const client = createClient({ url, apiKey, apiKeySource: "the bench", tls, timeout: 30_000, clock });
  return () => client.createShare(session, window);
}

async function main(): Promise<void> {
  const post = which === "raw" ? raw() : product();
  await post();
  const times: number[] = [];
  for (let done = 0; done < Number(count); done += 1) {
    await pause(Number(idleMs));
    const begun = performance.now();
    await post();
    times.push(performance.now() - begun);
  }
  console.log(JSON.stringify(times));
  process.exit();
}

void main();
