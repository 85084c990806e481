// With `recipients`, nothing that the engine writes holds a byte of the key, in no form: not the decrypted state, not its history,
// not plans and events, and not even the debug logs that hold every other credential.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../../provider/emulator";
import { newStack, type Stack } from "../support/engine";
import { pluginShare, usePlugin } from "../support/engine-plugin";
import { program, share, succeeded } from "../support/engine-share";
import { cycleKeyShapes, formsOf, keyShapes } from "../support/key-shapes";
import { pathWithLanguages } from "../support/plugin-language";
import { newVendor } from "../support/vendor";

cycleKeyShapes();

const header = "BEGIN AGE ENCRYPTED FILE";

describe.each<[string, (name: string, inputs: object) => string]>([
  ["the class of the dynamic provider", (name, inputs) => share(name, inputs)],
  ["the plugin", (name, inputs) => pluginShare(name, inputs)],
])("%s", (_face, shareOf) => {
  test("creates, seals again, refreshes and destroys a share with a key of each shape, and writes no byte of a key", async () => {
    const emulator = await startEmulator({ seed: 1 });
    // The API key is not in the stack's configuration, because these logs would hold it.
    const env = { FUDO_URL: emulator.url, FUDO_API_KEY: emulator.apiKey, PATH: pathWithLanguages() };
    const stack = await newStack({ program: "", env, canaries: () => [emulator.apiKey] });
    const [vendor, colleague] = ["key.txt", "colleague.txt"].map((file) =>
      newVendor(join(stack.folder, "project"), file),
    );
    usePlugin(stack);
    const [sessionId] = emulator.sessions;
    const declare = (more: object) =>
      stack.writeProgram(
        program(...keyShapes.map((_, index) => shareOf(`share${index}`, { sessionId, duration: "PT8H", ...more }))),
      );
    const recipients = [vendor!.recipient];

    declare({ recipients });
    await loud(stack, ["preview", "--save-plan", "plan.json"]);
    await loud(stack, ["up", "--yes", "--skip-preview", "--plan", "plan.json", "--json"]);
    declare({ recipients: [...recipients, colleague!.recipient] });
    await loud(stack, ["up", "--yes", "--skip-preview", "--diff", "--refresh"]);
    await shown(stack, ["stack", "export", "--show-secrets"]);
    await shown(stack, ["stack", "history", "--show-secrets", "--json"]);
    await shown(stack, ["stack", "output", "--show-secrets", "--json"]);
    await loud(stack, ["destroy", "--yes", "--skip-preview"]);
    await emulator.close();

    const keys = emulator.shares().map(({ key }) => key);
    expect(keys).toHaveLength(keyShapes.length);
    expect(stack.occurrences(keys.flatMap(formsOf))).toEqual([]);
    // The search had something to search in: the engine's own logs have what the provider returned.
    for (const file of ["grpc.json", "trace"])
      expect(readFileSync(join(stack.folder, "output", file), "utf8")).toContain(header);
  });
});

/** Runs the command with each log that the engine has. */
async function loud(stack: Stack, args: readonly string[]): Promise<void> {
  const output = join(stack.folder, "output");
  const logs = ["--logtostderr", "-v=11", `--tracing=file:${join(output, "trace")}`];
  const events = args[0] === "preview" ? [] : [`--event-log=${join(output, `${args[0]}.events`)}`];
  const env = { PULUMI_DEBUG_GRPC: join(output, "grpc.json"), PULUMI_DEBUG_COMMANDS: "true" };
  expect(await stack.pulumi([...args, ...logs, ...events], { env })).toMatchObject(succeeded());
}

/** Runs a command that shows every secret. Its output is searched, too. */
async function shown(stack: Stack, args: readonly string[]): Promise<void> {
  expect(await stack.pulumi(args)).toMatchObject(succeeded());
}
