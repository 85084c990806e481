// The functions' client belongs to the run of a stack, and to its settings: nothing of one run is left for the next one.
import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../provider/emulator";
import { getSessions, getShareSpec } from "../../../sdk/nodejs";
import { startScriptedServer } from "../../support/scripted-server";

const emulators: Emulator[] = [];
afterEach(() => Promise.all(emulators.splice(0).map((emulator) => emulator.close())));

async function emulatorWith(id: string): Promise<Emulator> {
  const emulator = await startEmulator({ sessions: 0 });
  emulator.addSession({ id });
  emulators.push(emulator);
  return emulator;
}

function use(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  more: Record<string, string> = {},
): void {
  pulumi.runtime.setAllConfig({ "fudo:url": url, "fudo:apiKey": apiKey, ...more }, ["fudo:apiKey"]);
}

const ids = async () => (await getSessions()).sessions.map(({ id }) => id);

test("another configuration in the same process asks the other appliance", async () => {
  const [one, two] = [await emulatorWith("11"), await emulatorWith("22")];
  use(one);
  expect(await ids()).toEqual(["11"]);
  use(two);
  expect(await ids()).toEqual(["22"]);
  use(one);
  expect(await ids()).toEqual(["11"]);
});

test.each<[string, object | undefined]>([
  ["without a stack", undefined],
  ["in one and the same stack", {}],
])("a second emulator in one process is asked, after the first one was closed, %s", async (_, resource) => {
  const stack = jest.spyOn(pulumi.runtime, "getStackResource").mockReturnValue(resource as pulumi.runtime.Stack);
  pulumi.runtime.setAllConfig({});
  for (const id of ["11", "22", "33"]) {
    const emulator = await emulatorWith(id);
    process.env["FUDO_URL"] = emulator.url;
    process.env["FUDO_API_KEY"] = emulator.apiKey;
    expect(await ids()).toEqual([id]);
    await emulator.close();
    emulators.pop();
  }
  delete process.env["FUDO_URL"];
  delete process.env["FUDO_API_KEY"];
  stack.mockRestore();
});

test("after a key rotation the new key is used", async () => {
  const emulator = await emulatorWith("11");
  use(emulator);
  expect(await ids()).toEqual(["11"]);
  emulator.rotateKey();
  await expect(getSessions()).rejects.toThrow(/401/);
  use(emulator);
  expect(await ids()).toEqual(["11"]);
});

test("another timeout, too, takes effect at once", async () => {
  const emulator = await emulatorWith("11");
  use(emulator);
  await ids();
  use(emulator, { "fudo:timeout": "soon" });
  await expect(getSessions()).rejects.toThrow(/fudo:timeout/);
});

test("the warning about missing verification comes once in each run, not once in each process", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
  const stack = jest.spyOn(pulumi.runtime, "getStackResource");
  const emulator = await emulatorWith("11");
  use(emulator, { "fudo:insecureSkipVerify": "true" });
  for (let run = 1; run <= 2; run += 1) {
    const resource = {} as pulumi.runtime.Stack;
    stack.mockReturnValue(resource);
    await ids();
    await ids();
    expect(warn).toHaveBeenCalledTimes(run);
  }
  warn.mockRestore();
  stack.mockRestore();
});

test("names and texts of the appliance's specification are safe to print", async () => {
  const appliance = await startScriptedServer();
  const attributes = { "id\u001b[2J": { type: "text", "##vso[x]": ["::error::gone", "a\r\nb"], n: 1 } };
  appliance.respond = () => ({ body: JSON.stringify({ result: "success", session_share: attributes }) });
  use({ url: appliance.url, apiKey: "sgfeea6jsaz4mum9su8w6" });
  expect(await getShareSpec()).toEqual({ "id[2J": { type: "text", "# #vso[x]": [": :error::gone", "a b"], n: 1 } });
  await appliance.close();
});
