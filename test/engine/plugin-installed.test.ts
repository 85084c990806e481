// How the engine finds the plugin in the npm package, as the package managers install it, with no network but the appliance.
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Modules } from "../support/engine";
import {
  closedNetwork,
  documented,
  installedPath,
  pluginShare,
  pluginSharesIn,
  usePlugin,
} from "../support/engine-plugin";
import { engineSuite, failed, openWindow, succeeded } from "../support/engine-share";
import { environmentOf } from "../support/engine-workspace";
import { textOf } from "../support/repository";

const { version } = JSON.parse(textOf("package.json")) as { version: string };

describe.each<Modules>(["npm", "npm-linked", "pnpm"])("%s", (modules) => {
  const suite = engineSuite({ modules, env: closedNetwork });

  test("`plugins.providers` with the package's folder: a share is created, read and destroyed", async () => {
    const { stack, declare, sessionId, newRequests } = suite();
    usePlugin(stack);
    declare(pluginShare("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(pluginSharesIn(await stack.export())).toEqual([expect.objectContaining({ id: expect.any(String) })]);
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual([]);
    expect(await stack.refresh(["--expect-no-changes"])).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200"]);
    expect(await stack.destroy()).toMatchObject(succeeded("- 2 deleted"));
  });
});

describe("the executable of the package", () => {
  const suite = engineSuite({ modules: "npm", env: closedNetwork });

  test("gives its schema with `pulumi package get-schema`", async () => {
    const { stdout, code } = await suite().stack.pulumi(documented("package get-schema"));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ ...(JSON.parse(textOf("provider/schema.json")) as object), version });
  });

  test("is found on PATH, also through a link; the engine warns", async () => {
    const { stack, declare, sessionId } = suite();
    declare(pluginShare("vendor", { sessionId, ...openWindow() }));
    expect(await stack.preview()).toMatchObject(failed("no resource plugin 'pulumi-resource-fudo' found"));
    const bin = join(stack.folder, "some bin");
    mkdirSync(bin);
    symlinkSync(
      join(stack.folder, "project", installedPath, "pulumi-resource-fudo"),
      join(bin, "pulumi-resource-fudo"),
    );
    const env = { PATH: [bin, environmentOf(stack.folder)["PATH"]].join(delimiter) };
    expect(await stack.up([], { env })).toMatchObject(
      succeeded("+ 2 created", "using pulumi-resource-fudo from $PATH"),
    );
    expect(await stack.destroy([], { env })).toMatchObject(succeeded("- 2 deleted"));
  });
});
