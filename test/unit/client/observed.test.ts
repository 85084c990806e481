// `observe`: one call for each attempt with what was sent and received. Only `fudo-audit doctor` sets it.
import { createClient, type Exchange } from "../../../provider/client";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import { textOf, trackedFiles } from "../../support/repository";
import { VirtualClock } from "../../support/virtual-clock";

let emulator: Emulator;
beforeEach(async () => (emulator = await startEmulator({ seed: 1 })));
afterEach(() => emulator.close());

function observedClient() {
  const exchanges: Exchange[] = [];
  const { url, apiKey } = emulator;
  const options = { url, apiKey, apiKeySource: "a test", tls: {}, timeout: 5000, clock: new VirtualClock(Date.now) };
  return { client: createClient({ ...options, observe: (exchange) => void exchanges.push(exchange) }), exchanges };
}

test("it gets each attempt: status, headers and text, also of an error", async () => {
  const { client, exchanges } = observedClient();
  emulator.fault({ kind: "failure", status: 503, message: "later" });
  await client.listShares(emulator.sessions[0]!);
  await client.close();
  const path = `/api/v2/session/${emulator.sessions[0]}/share`;
  expect(exchanges).toMatchObject([
    { method: "GET", path, response: { status: 503, text: '{"result":"failure","message":"later"}' } },
    { method: "GET", path, response: { status: 200, text: '{"result":"success","session_share":[]}' } },
  ]);
  expect(exchanges[1]!.response!.headers["date"]).toMatch(/GMT$/);
  expect(exchanges[1]!.sentAt).toBeLessThanOrEqual(exchanges[1]!.endedAt);
});

test("it gets an attempt without a response, and the error stays", async () => {
  const { client, exchanges } = observedClient();
  emulator.fault({ kind: "reset", on: "POST", when: "after" });
  const request = { validSince: "2026-01-01T00:00:00.000Z", validTo: "2027-01-01T00:00:00.000Z", readonly: true };
  await expect(client.createShare(emulator.sessions[0]!, request)).rejects.toMatchObject({ executed: "unknown" });
  await client.close();
  expect(exchanges).toMatchObject([{ method: "POST" }]);
  expect(exchanges[0]).not.toHaveProperty("response");
});

test("only doctor sets it", () => {
  const users = trackedFiles("provider/*.ts", "sdk/*.ts").filter((path) => /\bobserve:/.test(textOf(path)));
  expect(users.filter((path) => !/^provider\/(audit\/doctor|client)\//.test(path))).toEqual([]);
});

describe("the health check", () => {
  test.each(["ok", "error"] as const)("that is %s", async (status) => {
    emulator.behaviour.healthcheck = status;
    const { client } = observedClient();
    expect(await client.getHealth()).toBe(status);
    await client.close();
  });

  test("that is disabled, or has another status, is an error", async () => {
    const { client } = observedClient();
    await expect(client.getHealth()).rejects.toMatchObject({ code: "not-found" });
    emulator.fault({ kind: "bare", status: 200, body: '{"result":"success","status":"sideways"}' });
    await expect(client.getHealth()).rejects.toMatchObject({ code: "protocol" });
    await client.close();
  });
});
