// The component VendorAccess over gRPC (`Construct`): what it registers with the engine, several at once, secrets, values that are
// not known yet, and a run that ends.
import { status } from "@grpc/grpc-js";
import type { Emulator } from "../../provider/emulator";
import { fill, messages } from "../support/drivers/rpc";
import { isSecret, secret, startPluginProcess, unknownText, type PluginProcess } from "../support/plugin-process";
import { startEmulator } from "../../provider/emulator";
import { startResourceMonitor, urnOf, type ResourceMonitor } from "../support/resource-monitor";

const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const accessType = "fudo:index:VendorAccess";
const shareType = "fudo:index:SessionShare";
const provider = "urn:pulumi:dev::project::pulumi:providers:fudo::warsaw";
const window = { validSince: "2026-12-05T19:00:00.000Z", validTo: "2026-12-06T01:00:00.000Z" };
const ids = ["4665729213955833860", "4665729213955833861"];
const vendor = "ACME Support";

let emulator: Emulator;
let plugin: PluginProcess;
let monitor: ResourceMonitor;
let share: (inputs: Record<string, any>, name: string) => Promise<object> | object;

beforeEach(async () => {
  emulator = await startEmulator({ seed: 1 });
  plugin = await startPluginProcess();
  const args = { url: emulator.url, apiKey: secret(emulator.apiKey) };
  await plugin.ask("configure", fill(new messages.ConfigureRequest(), { Args: args, Urn: provider, Id: "1234" }));
  share = ({ sessionId }) => ({
    ...window,
    sessionId,
    readonly: true,
    fingerprint: "0123456789abcdef",
    url: secret(`https://fudo.example.com/sessions/${sessionId}/?key=example`),
  });
  monitor = await startResourceMonitor((inputs, name) => share(inputs, name));
});
afterEach(async () => {
  monitor.close();
  await plugin.close();
  await emulator.close();
});

function construct(name: string, inputs: object, more: Record<string, string | boolean> = {}): Promise<any> {
  const request = fill(new messages.ConstructRequest(), {
    Type: accessType,
    Name: name,
    Monitorendpoint: monitor.address,
    Inputs: inputs as never,
    ...more,
  });
  return plugin.ask("construct", request);
}

const stateOf = async (response: Promise<any>) => (await response).getState().toJavaScript() as Record<string, any>;

test("the component and a share for each session are registered, each with the provider of this process", async () => {
  const response = await construct("acme", { vendor, sessionIds: ids, duration: "PT8H", labels: { ticket: "1" } });
  expect(response.getUrn()).toBe(urnOf(accessType, "acme"));
  const common = { type: shareType, parent: urnOf(accessType, "acme"), provider: `${provider}::1234` };
  expect(monitor.registered).toEqual([
    expect.objectContaining({ type: accessType, name: "acme", parent: "" }),
    ...ids.map((sessionId) => ({
      ...common,
      name: `acme-${sessionId}`,
      inputs: { sessionId, duration: "PT8H", labels: { vendor, ticket: "1" } },
    })),
  ]);
  const state = response.getState().toJavaScript();
  expect(monitor.outputs.get(urnOf(accessType, "acme"))).toEqual(state);
  expect(
    Object.entries(state)
      .filter(([, value]) => isSecret(value))
      .map(([name]) => name),
  ).toEqual(["handOver", "links"]);
  expect(response.getStatedependenciesMap().get("links").getUrnsList()).toEqual(
    ids.map((id) => urnOf(shareType, `acme-${id}`)),
  );
});

test("a plugin of an engine that does not name its provider leaves the choice to the engine", async () => {
  const other = await startPluginProcess();
  const request = fill(new messages.ConstructRequest(), {
    Type: accessType,
    Name: "acme",
    Monitorendpoint: monitor.address,
    Inputs: { vendor, sessionIds: ids, duration: "PT8H" },
  });
  await other.ask("construct", request);
  await other.close();
  expect(monitor.registered.map((one) => one.provider)).toEqual(["", "", ""]);
});

test("several components at once do not disturb each other, on two engines", async () => {
  const second = await startResourceMonitor((inputs, name) => share(inputs, name));
  const names = ["a", "b", "c", "d"];
  const states = await Promise.all(
    names.map((name, index) =>
      stateOf(
        construct(
          name,
          { vendor: name, sessionIds: [String(index + 1)], duration: "PT8H" },
          index % 2 === 0 ? {} : { Monitorendpoint: second.address },
        ),
      ),
    ),
  );
  expect(states.map(({ sessionIds }) => sessionIds)).toEqual([["1"], ["2"], ["3"], ["4"]]);
  expect([monitor, second].map(({ registered }) => registered.map(({ name }) => name).sort())).toEqual([
    ["a", "a-1", "c", "c-3"],
    ["b", "b-2", "d", "d-4"],
  ]);
  second.close();
});

test("a query asks the appliance of the provider", async () => {
  const found = emulator.addSession({ serverName: "plc-07" });
  const state = await stateOf(construct("acme", { vendor, sessions: { serverName: "plc-07" }, duration: "PT8H" }));
  expect(state["sessionIds"]).toEqual([found]);
  expect(emulator.requests.every(({ method }) => method === "GET")).toBe(true);
});

test("a secret input makes every output secret", async () => {
  const state = await stateOf(construct("acme", { vendor: secret(vendor), sessionIds: ids, duration: "PT8H" }));
  expect(Object.values(state).every(isSecret)).toBe(true);
  expect(isSecret(monitor.registered[1]!.inputs["labels"])).toBe(true);
});

describe("in a preview", () => {
  test("sessions that are not known yet: no share, every output not known, and a message", async () => {
    const inputs = { vendor, sessionIds: [unknownText], duration: "PT8H" };
    const state = await stateOf(construct("acme", inputs, { Dryrun: true }));
    const values = Object.values(state).map((value) => (isSecret(value) ? value.value : value));
    expect(values).toEqual(Array<string>(5).fill(unknownText));
    expect(monitor.registered).toHaveLength(1);
    expect(plugin.log).toMatchObject([
      { urn: urnOf(accessType, "acme"), message: expect.stringContaining("this preview does not show the shares") },
    ]);
  });

  test("shares that do not exist yet: the sessions are known, and the links are not", async () => {
    share = ({ sessionId }) => ({ sessionId, ...window, readonly: true, fingerprint: unknownText, url: unknownText });
    const inputs = { vendor, sessionIds: ids, duration: "PT8H" };
    const state = await stateOf(construct("acme", inputs, { Dryrun: true }));
    expect(state).toMatchObject({ sessionIds: ids, calendar: unknownText });
    expect(JSON.stringify([state["links"], state["handOver"]])).not.toContain("example");
  });
});

describe("failures are one sentence", () => {
  test("another component", async () => {
    const request = construct("acme", {}, { Type: "fudo:index:Other" });
    await expect(request).rejects.toMatchObject({ code: "rejected", message: expect.stringContaining("no component") });
  });

  test("the engine ends the run while a share waits", async () => {
    share = () => Promise.reject(Object.assign(new Error("resource monitor shut down"), { code: status.UNAVAILABLE }));
    const request = construct("acme", { vendor, sessionIds: ids, duration: "PT8H" });
    await expect(request).rejects.toMatchObject({ code: "cancelled" });
    expect(monitor.outputs.size).toBe(0);
  });

  test("Cancel ends the wait of a query before the next attempt", async () => {
    emulator.fault({ on: "GET", kind: "failure", status: 503, retryAfter: 60, times: 10 });
    const gate = emulator.hold({ on: "GET", when: "after" });
    const asked = construct("acme", { vendor, sessions: { live: true }, duration: "PT8H" }).catch(
      (error: unknown) => error,
    );
    await gate.arrived();
    await plugin.ask("cancel", new Empty());
    gate.release();
    expect(await asked).toMatchObject({ code: "unavailable" });
    expect(emulator.requests).toHaveLength(1);
  });

  test("Cancel ends a Construct that waits for its shares", async () => {
    let arrived: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (arrived = resolve));
    share = () => {
      arrived();
      return new Promise<object>(() => undefined);
    };
    const outcome = construct("acme", { vendor, sessionIds: ids, duration: "PT8H" }).catch((error: unknown) => error);
    await waiting;
    await plugin.ask("cancel", new Empty());
    expect(await outcome).toMatchObject({ code: "cancelled" });
  });
});
