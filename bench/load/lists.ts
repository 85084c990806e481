// Fetches lists as fast as it can, with 64 requests in flight: `lists.ts raw|product NODE_MODULES URL SESSION SECONDS`.
// Runs as a separate process and prints `{ requests, ms, cpuMs }`, measured after the warm-up.
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Client from "../../provider/client";
import type * as Clock from "../../provider/time/clock";
import type * as Undici from "undici";

const [which, modules = "", url = "", session = "", seconds = "1"] = process.argv.slice(2);
const inFlight = 64;
const connections = 16;

type List = () => Promise<{ readonly length: number }>;

/** undici with as many connections as the product, and only JSON.parse on the response. */
function raw(): List {
  // The product's own undici: the bench's node_modules may hold another version.
  const { Pool } = createRequire(join(modules, "pulumi-fudo", "package.json"))("undici") as typeof Undici;
  const pool = new Pool(url, { connections });
  const headers = { authorization: "key", "accept-encoding": "identity" };
  return async () => {
    const { body } = await pool.request({ path: `/api/v2/session/${session}/share`, method: "GET", headers });
    return (JSON.parse(await body.text()) as { session_share: unknown[] }).session_share;
  };
}

function product(): List {
  const provider = join(modules, "pulumi-fudo", "dist", "provider");
  const { createClient } = require(join(provider, "client")) as typeof Client;
  const { systemClock } = require(join(provider, "time", "clock")) as typeof Clock;
  const client = createClient({
    url,
    apiKey: "key",
    apiKeySource: "the bench",
    tls: {},
    timeout: 30_000,
    clock: systemClock,
  });
  return async () => (await client.listShares(session)).shares;
}

async function load(list: List, ms: number): Promise<{ requests: number; ms: number; cpuMs: number }> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  let requests = 0;
  const worker = async () => {
    while (performance.now() - begun < ms) {
      if ((await list()).length !== 10) throw new Error("expected a list of ten shares");
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(cpu);
  return { requests, ms: performance.now() - begun, cpuMs: (user + system) / 1000 };
}

async function main(): Promise<void> {
  const list = which === "raw" ? raw() : product();
  await load(list, 1000);
  console.log(JSON.stringify(await load(list, Number(seconds) * 1000)));
  process.exit();
}

void main();
