// Another build of the provider under the same stack: no diff, and refresh and destroy use the new code at once.
import {
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { engineSuite, openWindow, diagnosticsOf, share, succeeded } from "../support/engine-share";

/** Installs another release: the same package with another version and other messages. */
function installNextRelease(project: string): void {
  const modules = join(project, "node_modules");
  const before = realpathSync(modules);
  const own = join(modules, "pulumi-fudo");
  rmSync(modules);
  mkdirSync(own, { recursive: true });
  link(before, modules, (name) => name !== "pulumi-fudo");
  link(join(before, "pulumi-fudo"), own, (name) => name === "node_modules");
  cpSync(join(before, "pulumi-fudo"), own, {
    recursive: true,
    filter: (path) => !path.startsWith(join(before, "pulumi-fudo", "node_modules")),
  });
  edit(join(own, "package.json"), /"version": "[^"]*"/, `"version": "99.0.0"`);
  edit(
    join(own, "dist", "provider", "lifecycle", "share", "messages.js"),
    /is no longer in the session's list|is removed from the state but NOT revoked/g,
    "(says the next release)",
  );
}

function link(from: string, to: string, which: (name: string) => boolean): void {
  for (const name of readdirSync(from)) if (which(name)) symlinkSync(join(from, name), join(to, name));
}

function edit(path: string, what: RegExp, by: string): void {
  const text = readFileSync(path, "utf8");
  if (!what.test(text)) throw new Error(`${what.source} is not in ${path}`);
  writeFileSync(path, text.replace(what, by));
}

describe("another release of the provider", () => {
  const suite = engineSuite({ modules: "npm" });

  test("causes no diff and no request", async () => {
    const { stack, declare, sessionId, newRequests, recordedShare: recorded } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    const { inputs } = await recorded();
    newRequests();
    installNextRelease(join(stack.folder, "project"));
    expect(await stack.preview(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect((await recorded()).inputs).toEqual(inputs);
    expect(newRequests()).toEqual([]);
  });

  test("is what refresh, `up` and destroy run from then on", async () => {
    const { stack, emulator, advanceClocks } = suite();
    advanceClocks(0.25);
    emulator.revoke(emulator.shares()[0]!.key);
    for (const outcome of [await stack.refresh(), await stack.up(), await stack.destroy()]) {
      expect(outcome).toMatchObject(succeeded());
      expect(diagnosticsOf(outcome)).toEqual([expect.stringContaining("(says the next release)")]);
    }
  });
});
