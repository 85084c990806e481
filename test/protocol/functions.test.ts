// The functions over gRPC (`Invoke`), and the list of a session's shares (`List`).
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Emulator } from "../../provider/emulator";
import { fingerprintOf } from "../support/contract-expected";
import { connect, fill, messages } from "../support/drivers/rpc";
import {
  configure,
  isSecret,
  secret,
  startConfiguredPlugin,
  startPluginProcess,
  unknownText,
  type PluginProcess,
} from "../support/plugin-process";

let emulator: Emulator;
let plugin: PluginProcess;
let sessionId: string;
let close: () => Promise<void>;
beforeEach(async () => void ({ emulator, plugin, sessionId, close } = await startConfiguredPlugin()));
afterEach(() => close());

async function invoke(name: string, args: object = {}) {
  const request = fill(new messages.InvokeRequest(), { Tok: `fudo:index:${name}`, Args: args as never });
  const response = await plugin.ask("invoke", request);
  return {
    result: response.getReturn()?.toJavaScript() as Record<string, any> | undefined,
    failures: response.getFailuresList().map((failure: any) => [failure.getProperty(), failure.getReason()]),
  };
}

/** The response messages of List, in their order. */
function list(values: { Token?: string; Query: object; Limit?: number }): Promise<any[]> {
  const request = fill(new messages.ListRequest(), { Token: "fudo:index:SessionShare", ...(values as object) });
  const { client } = connect(plugin.port);
  return new Promise<any[]>((resolve, reject) => {
    const responses: any[] = [];
    (client as any)
      .list(request)
      .on("data", (response: any) => responses.push(response.toObject()))
      .on("error", reject)
      .on("end", () => resolve(responses));
  }).finally(() => client.close());
}

describe("Invoke", () => {
  test("getSessions returns what it returns in a TypeScript program; a number arrives as a number", async () => {
    const { result, failures } = await invoke("getSessions", { limit: 2, live: true });
    expect(failures).toEqual([]);
    expect(result).toEqual({ complete: true, sessions: [expect.any(Object), expect.any(Object)] });
    expect(result!["sessions"][0]).toMatchObject({ id: expect.stringMatching(/^\d+$/), live: true });
  });

  test("an argument that is null has no value, except a filter: without it, other sessions would match", async () => {
    const { result } = await invoke("getSessions", { live: true });
    expect(await invoke("getSessions", { live: true, limit: null, names: null })).toEqual({ result, failures: [] });
    expect((await invoke("getSessions", { live: true, serverName: null })).failures).toEqual([
      ["", "getSessions: serverName must be a name as text"],
    ]);
  });

  test("getSession returns the one session, and its service error lists the candidates", async () => {
    expect((await invoke("getSession", { limit: 1 })).result).toMatchObject({ live: true });
    await expect(invoke("getSession")).rejects.toThrow(/^getSession: \d+ sessions match\. Add .*\n- \d+: /s);
  });

  test("getSessionShares returns no key", async () => {
    const { key } = emulator.addShare(sessionId, { validSince: Date.now() - 60_000 });
    const { result } = await invoke("getSessionShares", { sessionId });
    expect(result).toMatchObject({ sessionId, shares: [{ fingerprint: fingerprintOf(key), status: "active" }] });
    expect(JSON.stringify(result)).not.toContain(key);
  });

  test("getShareSpec returns the attributes in one property, as the schema says", async () => {
    const { result } = await invoke("getShareSpec");
    expect(Object.keys(result!)).toEqual(["attributes"]);
    expect(Object.keys(result!["attributes"])).toContain("valid_since");
  });

  test.each<[string, object, string]>([
    ["getSessions", { limit: 0 }, "getSessions: limit must be a whole number greater than zero"],
    ["getSessions", { limit: 1.5 }, "getSessions: limit must be a whole number greater than zero"],
    [
      "getSession",
      { servername: "x" },
      'getSession: there is no argument named "servername". Did you mean serverName?',
    ],
    ["getSessionShares", {}, "getSessionShares: sessionId must be the session's decimal ID as text"],
    ["getShareSpec", { a: 1 }, 'getShareSpec: there is no argument named "a". The function has no arguments'],
  ])("%s(%j) is a failure in the response, without a request", async (name, args, reason) => {
    expect(await invoke(name, args)).toEqual({ result: undefined, failures: [["", reason]] });
    expect(emulator.requests).toEqual([]);
  });

  test("a failed request is the service's error, with its code", async () => {
    emulator.rotateKey();
    await expect(invoke("getSessions")).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("the error for a rejected key says where the key came from: an empty setting is none", async () => {
    const other = await startPluginProcess({ FUDO_API_KEY: "wrong" });
    await configure(other.ask, { url: emulator.url, apiKey: "" });
    const failed = other.ask("invoke", fill(new messages.InvokeRequest(), { Tok: "fudo:index:getSessions" }));
    const message = await failed.catch((error: Error) => error.message);
    await other.close();
    expect(message).toContain("from the environment variable FUDO_API_KEY");
    expect(message).not.toContain("the last `up` stored");
  });

  test.each<[string, () => object]>([
    ["getSessions", () => ({})],
    ["getSession", () => ({ limit: 1 })],
    ["getSessionShares", () => ({ sessionId })],
    ["getShareSpec", () => ({})],
  ])("%s: a Cancel ends the wait before the next attempt", async (name, args) => {
    emulator.fault({ on: "GET", kind: "failure", status: 503, retryAfter: 60, times: 10 });
    const gate = emulator.hold({ on: "GET", when: "after" });
    const asked = invoke(name, args()).catch((error: { code?: string }) => error.code);
    await gate.arrived();
    await plugin.ask("cancel", new Empty());
    gate.release();
    expect(await asked).toBe("unavailable");
    expect(emulator.requests).toHaveLength(1);
  });

  test("a secret argument makes the results secret, and no other", async () => {
    const { result } = await invoke("getSessionShares", { sessionId: secret(sessionId) });
    expect(Object.values(result!).every(isSecret)).toBe(true);
    const { result: plain } = await invoke("getSessionShares", { sessionId });
    expect(Object.values(plain!).some(isSecret)).toBe(false);
  });

  test("an unknown function is an error that names the closest one", async () => {
    await expect(invoke("getSesions")).rejects.toThrow('there is no function "getSesions". Did you mean getSessions?');
    await expect(invoke("toString")).rejects.toThrow(/The functions are getSession, getSessions, /);
  });

  test("a warning arrives at the engine before the response, without a URN", async () => {
    emulator.behaviour.sessionPaging = "ignored";
    await invoke("getSessions");
    expect(plugin.log).toEqual([{ severity: 2, urn: "", message: expect.stringMatching(/^fudo: getSessions: /) }]);
  });
});

describe("List", () => {
  test("one response for each share that can be imported, and no more than the limit", async () => {
    const ids = [1, 2, 3].map(() => `${sessionId}/${fingerprintOf(emulator.addShare(sessionId).key)}`);
    const results = await list({ Query: { sessionId } });
    expect(results.map(({ result }) => result.id).sort()).toEqual(ids.sort());
    expect(await list({ Query: { sessionId }, Limit: 2 })).toHaveLength(2);
    const [{ result }] = results;
    const read = await plugin.ask("read", fill(new messages.ReadRequest(), { Urn: urnOf("listed"), Id: result.id }));
    expect(read.getId()).toBe(result.id);
  });

  test("a session that is not known yet: the list is computed later", async () => {
    expect(await list({ Query: { sessionId: unknownText } })).toEqual([expect.objectContaining({ computed: {} })]);
    expect(emulator.requests).toEqual([]);
  });

  test.each([
    ["another type", { Token: "fudo:index:Other", Query: {} }, /only fudo:index:SessionShare can be listed/],
    ["no session", { Query: {} }, /sessionId must be the session's decimal ID/],
  ])("%s is an error", async (_, values, message) => {
    await expect(list(values)).rejects.toMatchObject({ code: 2, details: expect.stringMatching(message) });
  });
});

const urnOf = (name: string) => `urn:pulumi:dev::project::fudo:index:SessionShare::${name}`;
