// The functions under Pulumi's mocks: the test answers, and no request leaves the process.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import * as fudo from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

let emulator: Emulator;
let calls: pulumi.runtime.MockCallArgs[] = [];
let answer: Record<string, unknown> = {};

// As on a developer's machine, where the environment names the real appliance.
beforeAll(async () => {
  emulator = await startEmulator();
  process.env["FUDO_URL"] = emulator.url;
  process.env["FUDO_API_KEY"] = emulator.apiKey;
});
afterAll(async () => {
  delete process.env["FUDO_URL"];
  delete process.env["FUDO_API_KEY"];
  await emulator.close();
});
beforeEach(async () => {
  calls = [];
  await pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: `${name}-id`, state: inputs }),
    call: (args) => {
      calls.push(args);
      return answer;
    },
  });
});
afterEach(() => expect(emulator.requests).toEqual([]));

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

describe("under mocks, `call` is asked with the plugin's token, and no request is sent", () => {
  test.each<[string, () => Promise<unknown>, object]>([
    ["getSessions", () => fudo.getSessions({ protocol: "ssh", limit: undefined }), { protocol: "ssh" }],
    ["getSessions", () => fudo.getSessions(), {}],
    ["getSession", () => fudo.getSession({ serverName: "db-01", live: true }), { serverName: "db-01", live: true }],
    ["getSession", () => fudo.getSession(), {}],
    ["getSession", () => known(fudo.getSessionOutput({ userName: pulumi.output("ACME") })), { userName: "ACME" }],
    ["getSessionShares", () => fudo.getSessionShares({ sessionId }), { sessionId }],
    ["getShareSpec", () => fudo.getShareSpec(), {}],
    ["getSessions", () => known(fudo.getSessionsOutput({ userId: pulumi.output("7") })), { userId: "7" }],
    ["getSessionShares", () => known(fudo.getSessionSharesOutput({ sessionId })), { sessionId }],
    ["getShareSpec", () => known(fudo.getShareSpecOutput()), {}],
  ])("%s", async (name, call, inputs) => {
    answer = { sessions: [{ id: "5", live: true }], complete: true };
    expect(await call()).toEqual(answer);
    expect(calls).toEqual([expect.objectContaining({ token: `fudo:index:${name}`, inputs })]);
  });
});

test("under mocks, wrong arguments are refused before `call` is asked", async () => {
  await expect(fudo.getSessions({ live: true, ...{ userID: "11" } })).rejects.toThrow(/no argument named/);
  await expect(fudo.getSession({ live: true, ...{ server: "db-01" } })).rejects.toThrow(
    /getSession: there is no argument named/,
  );
  await expect(fudo.getSessionShares({ sessionId: "latest" })).rejects.toThrow(/decimal ID/);
  expect(calls).toEqual([]);
});

test("an error of the mock names the function and the token", async () => {
  await pulumi.runtime.setMocks({
    newResource: () => ({ id: "x", state: {} }),
    call: () => {
      throw new Error("no sessions today");
    },
  });
  await expect(fudo.getSessions()).rejects.toThrow(
    /getSessions: the mock `call` of this test threw an error for the token fudo:index:getSessions/,
  );
});
