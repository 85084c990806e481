// Drives the provider as the engine does: its serialized text, deserialized in the SDK's own dynamic-provider process,
// over gRPC. Needs the build (`dist`).
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import type { Driver, DriverOptions, Values } from "./driver";
import { connect, end, fill, firstLine, messages, withoutSecret } from "./rpc";

const root = join(__dirname, "..", "..", "..");
const serializer = `
  const provider = require("pulumi-fudo/dist/provider/dynamic/provider.js");
  require("@pulumi/pulumi").runtime.serializeFunction(() => provider, { allowSecrets: true }).then(({ text }) => process.stdout.write(text));
`;
let text: string | undefined;

/** The provider's text as a program in this checkout registers it. */
export function providerText(): string {
  return (text ??= execFileSync("node", ["-e", serializer], { cwd: root, encoding: "utf8" }));
}

export async function startDynamic({ config, environment = {} }: DriverOptions): Promise<Driver> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FUDO_")));
  const child = spawn("node", [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"], {
    cwd: root,
    env: { ...inherited, PULUMI_NODEJS_PROJECT: "contract", ...environment },
  });
  const stderr = collect(child);
  const { client, ask } = connect(await firstLine(child));
  let count = 0;
  // Warnings come through another pipe than responses. The SDK prints what a provider's text throws: when that has arrived,
  // all earlier warnings have arrived too.
  const receivedAll = async () => {
    const marker = `all warnings up to here: ${(count += 1)};`;
    const failing = fill(new messages.CheckRequest(), {
      Olds: {},
      News: { __provider: `throw new Error(${JSON.stringify(marker)})` },
    });
    await Promise.all([stderr.contains(marker), ask("check", failing).catch(() => undefined)]);
  };
  await ask("configure", fill(new messages.ConfigureRequest(), { Args: config }));
  const call = (method: string, request: unknown) => ask(method, request).finally(receivedAll);
  const warnings = () => warningsOf(stderr.text());
  const addedInputs = { declarationTag: 4711 };
  return { ...operations(call), warnings, addedInputs, close: () => end(child, client) };
}

function collect(child: ChildProcessWithoutNullStreams): { text(): string; contains(part: string): Promise<void> } {
  let text = "";
  const waiting = new Map<string, () => void>();
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    for (const [awaited, tell] of waiting) if (text.includes(awaited) && waiting.delete(awaited)) tell();
  });
  return {
    text: () => text,
    contains: (part) => (text.includes(part) ? Promise.resolve() : new Promise((tell) => waiting.set(part, tell))),
  };
}

function operations(call: (method: string, request: unknown) => Promise<any>): Omit<Driver, "warnings" | "close"> {
  const own = (properties: Values) => ({ ...properties, __provider: providerText() });
  return {
    check: async (olds, news) => {
      const answer = await call("check", fill(new messages.CheckRequest(), { Olds: olds, News: own(news) }));
      const failures = answer
        .getFailuresList()
        .map((failure: any) => ({ property: failure.getProperty(), reason: failure.getReason() }));
      return { inputs: plain(answer.getInputs()), failures };
    },
    diff: async (id, olds, news) => {
      const answer = await call("diff", fill(new messages.DiffRequest(), { Id: id, Olds: own(olds), News: own(news) }));
      const kinds = messages.DiffResponse.DiffChanges;
      if (answer.getChanges() === kinds.DIFF_UNKNOWN) throw new Error("diff must say whether there are changes");
      return { changes: answer.getChanges() === kinds.DIFF_SOME, replaces: answer.getReplacesList() };
    },
    create: async (inputs) => {
      const answer = await call("create", fill(new messages.CreateRequest(), { Properties: own(inputs) }));
      return { id: answer.getId(), outputs: plain(answer.getProperties()) };
    },
    read: async (id, olds) =>
      plain((await call("read", fill(new messages.ReadRequest(), { Id: id, Properties: own(olds) }))).getProperties()),
    update: async (id, olds, news) =>
      plain(
        (
          await call("update", fill(new messages.UpdateRequest(), { Id: id, Olds: own(olds), News: own(news) }))
        ).getProperties(),
      ),
    delete: async (id, olds) =>
      void (await call("delete", fill(new messages.DeleteRequest(), { Id: id, Properties: own(olds) }))),
  };
}

// Engine: it hands secret values to a dynamic provider in plain text, so the driver's callers see them like this too.
function plain(properties: { toJavaScript(): object }): Values {
  const { __provider, ...own } = properties.toJavaScript() as Values;
  if (__provider === undefined) throw new Error("the provider's text is lost");
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, withoutSecret(name, value)]));
}

function warningsOf(stderr: string): string[] {
  return stderr.split("\n").flatMap((line) => (line.startsWith("fudo: ") ? [line.slice("fudo: ".length)] : []));
}
