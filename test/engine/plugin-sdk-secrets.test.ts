// What the generated SDKs tell the engine about credentials, on the real engine: a program that declares its key as plain text,
// and the engine's own record of its messages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { succeeded } from "../support/engine-share";
import { languageSuite, useFixture } from "../support/plugin-language";
import { textOf } from "../support/repository";

jest.setTimeout(300_000);

interface Message {
  readonly method: string;
  readonly request: Registration;
}

interface Registration {
  readonly type: string;
  readonly version: string;
  readonly object: Record<string, unknown>;
  readonly additionalSecretOutputs?: readonly string[];
}

/** How the program registered the resource of this type, from what the engine recorded. */
function registrationIn(file: string, type: string): Registration | undefined {
  const messages = readFileSync(file, "utf8").trimEnd().split("\n");
  return messages
    .map((line) => JSON.parse(line) as Message)
    .find(({ method, request }) => method === "/pulumirpc.ResourceMonitor/RegisterResource" && request.type === type)
    ?.request;
}

// The mark of a secret in Pulumi's messages.
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "plain-text" };
const { version } = JSON.parse(textOf("package.json")) as { version: string };

describe.each(["python", "go", "typescript"] as const)("%s", (language) => {
  const suite = languageSuite(language, { configured: false });

  test("a plain key is a secret in the provider, and key, link and url are secret outputs of the share", async () => {
    const { stack } = suite();
    useFixture("plain-key", language, suite());
    const record = join(stack.folder, "output", "messages.json");
    const env = { PULUMI_DEBUG_GRPC: record };
    expect(await stack.preview([], { env, record: false })).toMatchObject(succeeded("+ 3 to create"));
    const provider = registrationIn(record, "pulumi:providers:fudo");
    expect(provider).toMatchObject({ version, object: { apiKey: secret } });
    const share = registrationIn(record, "fudo:index:SessionShare");
    expect(share).toMatchObject({ version });
    expect([...share!.additionalSecretOutputs!].sort()).toEqual(["key", "link", "url"]);
  });
});
