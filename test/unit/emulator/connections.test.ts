// Connections: a fault hits the connection of its request only, the URL can be used on this machine, and close() ends all.
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { checkServerIdentity } from "node:tls";
import { type Emulator, startEmulator } from "../../../provider/emulator";
import { RequestLog } from "../../../provider/emulator/http/request-log";
import { list, outcomeOf, send, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

/** A port that is free on every loopback address. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Lists from a given source address and port. */
function listFrom(emulator: Emulator, localAddress: string, localPort: number): Promise<number | undefined> {
  const { protocol, hostname, port } = new URL(emulator.url);
  const path = sharePath(emulator.sessions[0] ?? "");
  const headers = { Authorization: emulator.apiKey };
  const options = { hostname, port, path, headers, localAddress, localPort, agent: false as const };
  return new Promise((resolve, reject) => {
    const outgoing = protocol === "https:" ? secureRequest({ ...options, ca: emulator.certificate }) : request(options);
    outgoing.on("response", (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    });
    outgoing.on("error", reject).end();
  });
}

// macOS and Windows have no second loopback address by default.
const onLinux = process.platform === "linux" ? test.each([[false], [true]]) : test.skip.each([[false], [true]]);

onLinux("of two clients with the same port, a reset hits only its own (https: %s)", async (https) => {
  const emulator = await startTestEmulator({ https });
  const port = await freePort();
  for (const [target, other] of [
    ["127.0.0.1", "127.0.0.2"],
    ["127.0.0.2", "127.0.0.1"],
  ] as const) {
    const sourcePort = await freePort();
    const gate = emulator.hold();
    const kept = listFrom(emulator, other, sourcePort);
    await gate.arrived();
    emulator.fault({ kind: "reset" });
    const hit = outcomeOf(listFrom(emulator, target, sourcePort));
    await gate.arrived(2);
    gate.release();
    expect([await hit, await kept]).toEqual(["ECONNRESET", 200]);
  }
  const gate = emulator.hold();
  const open = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map((address) => outcomeOf(listFrom(emulator, address, port)));
  await gate.arrived(3);
  await emulator.close();
  expect(await Promise.all(open)).toEqual(["ECONNRESET", "ECONNRESET", "ECONNRESET"]);
});

test("close() ends idle connections and those that sent half a request, and can be called again", async () => {
  const emulator = await startEmulator();
  const { hostname, port } = new URL(emulator.url);
  const sockets = [0, 1].map(() => connect(Number(port), hostname));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  sockets[1]?.write("GET / HTTP/1.1\r\nHost");
  const ended = sockets.map((socket) => new Promise((end) => socket.on("error", () => undefined).on("close", end)));
  await Promise.all([emulator.close(), emulator.close()]);
  await emulator.close();
  await Promise.all(ended);
  expect(await outcomeOf(list(emulator))).toBe("ECONNREFUSED");
});

test.each([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["127.0.0.2", "127.0.0.2"],
  ["localhost", undefined],
])("the URL of an emulator that listens on %s can be used", async (host, expected) => {
  const emulator = await startTestEmulator({ host, https: true });
  if (expected !== undefined) expect(new URL(emulator.url).hostname).toBe(expected);
  expect((await list(emulator)).status).toBe(200);
});

test.each(["fudo", "fudo.internal.example", "192.0.2.17", "2001:db8::17"])(
  "the certificate is also valid for the name %s that was added",
  async (name) => {
    const emulator = await startTestEmulator({ https: true, names: [name] });
    let problem: Error | undefined;
    const check = (_host: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
      (problem = checkServerIdentity(name, certificate));
    expect((await list(emulator, { tls: { checkServerIdentity: check } })).status).toBe(200);
    expect(problem).toBeUndefined();
    expect((await list(emulator)).status).toBe(200);
  },
);

test("a gate rejects everyone who waits for requests when the emulator closes, and afterwards", async () => {
  const emulator = await startEmulator();
  const gate = emulator.hold();
  const waiting = [gate.arrived(), gate.arrived(2)].map(outcomeOf);
  await emulator.close();
  const outcome = "the emulator was closed, so no more requests arrive at this gate";
  expect(await Promise.all([...waiting, outcomeOf(gate.arrived()), outcomeOf(emulator.hold().arrived())])).toEqual(
    Array(4).fill(outcome),
  );
});

test("await using closes the emulator at the end of the block", async () => {
  let url: string;
  {
    await using emulator = await startEmulator();
    ({ url } = emulator);
    expect((await list(emulator)).status).toBe(200);
  }
  expect(await outcomeOf(send({ url, apiKey: "" } as Emulator, "GET", "/"))).toBe("ECONNREFUSED");
});

test("the request log keeps the last 20,000 requests, and at most 64 MB of bodies", () => {
  const log = new RequestLog();
  const incoming = (url: string) => ({ method: "POST", url, headers: {} }) as never;
  for (let count = 0; count < 20_005; count++) log.add(incoming(`/${count}`));
  expect([log.records.length, log.records[0]?.path]).toEqual([20_000, "/5"]);
  const dropped = log.records[0]!;
  for (let count = 0; count < 70; count++) log.setBody(log.add(incoming(`/body/${count}`)), "x".repeat(1_000_000));
  expect([log.records.length, log.records[0]?.path]).toEqual([64, "/body/6"]);
  log.setBody(dropped, "x".repeat(64_000_000));
  expect([dropped.body.length, log.records.length]).toEqual([64_000_000, 64]);
});
