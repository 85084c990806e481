// Unit tests with Pulumi's mocks (`pulumi.runtime.setMocks`): whether they are active, and how a function asks them.
import * as pulumi from "@pulumi/pulumi";

/** True if the program runs with mocks. Then no request may leave the process. */
export function underMocks(): boolean {
  // Engine: with mocks, the SDK's monitor is an object that holds them instead of a connection to the engine.
  const monitor: unknown = pulumi.runtime.getMonitor();
  return typeof monitor === "object" && monitor !== null && "mocks" in monitor;
}

/** What the test's mock `call` returns for a function. The tokens are those of the plugin: `fudo:index:getSessions`. */
export async function callMock<T>(name: string, args: object): Promise<T> {
  const token = `fudo:index:${name}`;
  try {
    return (await pulumi.runtime.invoke(token, { ...args })) as T;
  } catch {
    // Engine: the SDK loses the message of what the mock threw, so this one says where to look.
    throw new pulumi.RunError(`fudo: ${name}: the mock \`call\` of this test threw an error for the token ${token}`);
  }
}
