// The plugin with the messages of the oldest `@pulumi/pulumi` that the package allows: it loads the SDK of the program.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { startEmulator } from "../../provider/emulator";
import { connect, end, fill, firstLine, messages } from "../support/drivers/rpc";
import { pluginEnvironment, secret } from "../support/plugin-process";
import { root } from "../support/repository";

const preload = join(__dirname, "..", "support", "oldest-sdk.cjs");

test("a handshake is not implemented, Configure accepts secrets, and a share is created", async () => {
  const emulator = await startEmulator({ seed: 1 });
  const env = pluginEnvironment({ NODE_OPTIONS: `--require ${JSON.stringify(preload)}` });
  const child = spawn(join(root, "pulumi-resource-fudo"), [], { env });
  const { client, ask } = connect(await firstLine(child));
  try {
    // Engine: it then takes the answers from Configure.
    await expect(ask("handshake", new messages.ProviderHandshakeRequest())).rejects.toThrow(/not implement/);
    const Args = { url: emulator.url, apiKey: secret(emulator.apiKey) };
    const configured = await ask("configure", fill(new messages.ConfigureRequest(), { Args }));
    expect(configured.toObject()).toMatchObject({ acceptsecrets: true, supportspreview: true });
    const Urn = "urn:pulumi:dev::project::fudo:index:SessionShare::vendor";
    const Properties = { sessionId: emulator.sessions[0]!, duration: "PT8H", readonly: true, labels: {} };
    const created = await ask("create", fill(new messages.CreateRequest(), { Urn, Properties }));
    expect(created.getId()).toMatch(/\/[0-9a-f]{16}$/);
    expect(emulator.shares()).toHaveLength(1);
  } finally {
    await end(child, client);
    await emulator.close();
  }
});
