// The engine tests of the recorded states of one type: today's release gets the state and the program of an older one. Each type
// has a test file of its own, so that they run side by side.
import type { Emulator } from "../../provider/emulator";
import { newStack, type Deployment, type Stack } from "./engine";
import { usePlugin } from "./engine-plugin";
import { diagnosticsOf, fingerprintOf, succeeded } from "./engine-share";
import { textOf } from "./repository";
import { onAppliance, recordedStates, startRecordedAppliance, type RecordedState } from "./recorded-states";

/** A stack with the recorded state, program and configuration, on the appliance of the recording. */
async function openRecorded(recorded: RecordedState, emulator: Emulator): Promise<Stack> {
  const { program, config, face, passphrase, deployment, appliance } = recorded;
  const here = <T>(value: T) => JSON.parse(onAppliance(recorded, emulator, JSON.stringify(value))) as T;
  const stack = await newStack({
    program,
    config: here(config),
    secretConfig: { "fudo:apiKey": emulator.apiKey, "warsaw:apiKey": emulator.apiKey },
    env: { PULUMI_CONFIG_PASSPHRASE: passphrase },
    canaries: () => [emulator.apiKey, ...appliance.shares.map(({ key }) => key)],
  });
  if (face === "plugin") usePlugin(stack);
  const load = async (input: string) =>
    expect(await stack.pulumi(["stack", "import"], { input, record: false })).toMatchObject(succeeded());
  await load(JSON.stringify({ version: 3, deployment }));
  const shown = await stack.pulumi(["stack", "export", "--show-secrets"], { record: false });
  await load(onAppliance(recorded, emulator, shown.stdout));
  return stack;
}

/** The ID of each share, by URN. */
const sharesIn = ({ resources }: Pick<Deployment, "resources">) =>
  Object.fromEntries(resources.flatMap(({ type, urn, id }) => (type.endsWith(":SessionShare") ? [[urn, id]] : [])));

const { version } = JSON.parse(textOf("package.json")) as { version: string };

/** The version of the plugin that each provider resource uses. */
const pluginVersionsIn = ({ resources }: Deployment) =>
  resources.flatMap(({ type, inputs }) => (type === "pulumi:providers:fudo" ? [inputs?.["version"]] : []));

export function describeRecordedStates(face: RecordedState["face"]): void {
  const states = recordedStates().filter((one) => one.face === face);

  describe.each(states.map((recorded) => [recorded.name, recorded] as const))("the state of %s", (_, recorded) => {
    const { deployment, appliance } = recorded;
    const shares = sharesIn(deployment);
    let emulator: Emulator;
    let stack: Stack;
    const newRequests = () => {
      const requests = emulator.requests.map(({ method, status }) => `${method} ${status}`);
      emulator.resetRequests();
      return requests;
    };

    beforeAll(async () => {
      emulator = await startRecordedAppliance(recorded);
      stack = await openRecorded(recorded, emulator);
    });
    afterAll(() => emulator?.close());

    test("preview and `up` change nothing and send no request", async () => {
      const up = await stack.pulumi(["up", "--yes", "--expect-no-changes"]);
      expect(up).toMatchObject(succeeded("unchanged"));
      expect(newRequests()).toEqual([]);
      const state = await stack.export();
      expect(sharesIn(state)).toEqual(shares);
      // The engine needs the older plugin no longer.
      expect(pluginVersionsIn(state).filter((used) => used !== version)).toEqual([]);
    });

    test("refresh reads each session with a share that lives, and after it nothing changes", async () => {
      expect(await stack.refresh()).toMatchObject(succeeded());
      const requests = newRequests();
      expect(requests.filter((request) => request !== "GET 200")).toEqual([]);
      expect(requests.length).toBeGreaterThan(0);
      expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("unchanged"));
      expect(newRequests()).toEqual([]);
    });

    test("destroy removes each share from the state and names the links that still work", async () => {
      const destroy = await stack.destroy([], { env: { FUDO_ABANDON_LIVE: "true" } });
      expect(destroy).toMatchObject(succeeded("deleted"));
      const warned = diagnosticsOf(destroy).flatMap(
        (line) => /share ([0-9a-f]{16}) .*NOT revoked/.exec(line)?.[1] ?? [],
      );
      const live = appliance.shares.filter(({ removed, validTo }) => !removed && Date.parse(validTo) > Date.now());
      expect(warned).toEqual(expect.arrayContaining(live.map(({ key }) => fingerprintOf(key))));
      expect(warned.length).toBeLessThan(appliance.shares.length - 2);
      expect((await stack.export()).resources).toEqual([]);
      expect(newRequests()).toEqual([]);
      expect(emulator.shares()).toHaveLength(appliance.shares.length);
    });
  });

  test("there are recorded states", () => {
    expect(states).not.toEqual([]);
  });
}
