// The plugin's archive of a release, installed with `pulumi plugin install` on a machine that has Node.js and no npm package.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { delimiter, join } from "node:path";
import { closedNetwork, documented, pluginShare, pluginSharesIn } from "../support/engine-plugin";
import { engineSuite, failed, fingerprintOf, openWindow, succeeded } from "../support/engine-share";
import { environmentOf } from "../support/engine-workspace";
import { root, textOf } from "../support/repository";

const { version } = JSON.parse(textOf("package.json")) as { version: string };
const suite = engineSuite({ env: closedNetwork });

/** A home of its own, below a folder with a space in its name. */
const home = () => join(suite().stack.folder, "a home");
const environment = (more: object = {}) => ({ env: { PULUMI_HOME: home(), ...more } });
let archive: string;

/** Writes an archive from this checkout's build. Returns its path. */
function writeArchive(name: string): string {
  const { folder } = suite().stack;
  const file = join(folder, "output", `${name}.tar.gz`);
  const options = { cwd: root, encoding: "utf8", env: environmentOf(folder) } as const;
  const pack = ["pack", "--json", "--ignore-scripts", "--pack-destination", join(folder, "home")];
  const [{ filename }] = JSON.parse(execFileSync("npm", pack, { ...options, stdio: ["ignore", "pipe", "ignore"] })) as [
    { filename: string },
  ];
  execFileSync("node", ["scripts/release-plugin.mjs", ".", join(folder, "home", filename), file], options);
  return file;
}

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

beforeAll(async () => {
  archive = writeArchive("archive");
  expect(await suite().stack.pulumi(["stack", "select", "dev"], environment())).toMatchObject(succeeded());
});

test("two archives of one build are equal, and small", () => {
  expect(sha256(writeArchive("again"))).toBe(sha256(archive));
  expect(statSync(archive).size).toBeLessThan(5_000_000);
});

test("`pulumi plugin install` of the archive is all that a stack needs", async () => {
  const { stack, declare, sessionId, newRequests } = suite();
  const window = openWindow();
  // The public key of the age project's own documentation.
  const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];
  declare(
    pluginShare("vendor", { sessionId, ...window }),
    pluginShare("sealed", { sessionId, ...window, recipients }),
    `new pulumi.ComponentResource("fudo:index:VendorAccess", "access",`,
    `  ${JSON.stringify({ vendor: "ACME", sessionIds: [sessionId], ...window })}, {}, true);`,
  );
  expect(await stack.preview([], environment())).toMatchObject(
    failed("no resource plugin 'pulumi-resource-fudo' found"),
  );
  const install = documented("plugin install").map((word) => word.replace(/^\d\S*$/, version));
  expect(install.pop()).toMatch(/^pulumi-resource-fudo-v\d+\.\d+\.\d+\.tar\.gz$/);
  expect(await stack.pulumi([...install, archive], environment())).toMatchObject(succeeded());
  expect(readdirSync(join(home(), "plugins"))).toContain(`resource-fudo-v${version}`);
  expect(await stack.up([], environment())).toMatchObject(succeeded("+ 5 created"));
  expect(
    pluginSharesIn(await stack.export())
      .map(({ outputs }) => Object.hasOwn(outputs!, "sealedUrl"))
      .sort(),
  ).toEqual([false, false, true]);
  newRequests();
  expect(await stack.up(["--expect-no-changes"], environment())).toMatchObject(succeeded("5 unchanged"));
  expect(await stack.refresh(["--expect-no-changes"], environment())).toMatchObject(succeeded("5 unchanged"));
  expect(newRequests()).toEqual(["GET 200"]);
});

describe("without a Node.js that can run it, one sentence says what to do", () => {
  test("no Node.js", async () => {
    const { stack } = suite();
    const bin = join(stack.folder, "bin without Node.js");
    mkdirSync(bin);
    const folders = String(environmentOf(stack.folder)["PATH"]).split(delimiter);
    for (const name of ["pulumi", "dirname", "readlink"]) {
      const found = folders
        .map((folder) => join(folder, name))
        .find((path) => statSync(path, { throwIfNoEntry: false }));
      symlinkSync(found ?? "", join(bin, name));
    }
    expect(await stack.refresh([], environment({ PATH: bin }))).toMatchObject(
      failed("requires Node.js 22.19 or newer, and there is no `node` on PATH. Install Node.js"),
    );
  });

  test("an old Node.js", async () => {
    const { stack } = suite();
    // Node.js of this machine, told that it is older: the version is all that the plugin looks at.
    const file = join(stack.folder, "old.cjs");
    writeFileSync(
      file,
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });',
    );
    const env = environment({ NODE_OPTIONS: `--require ${JSON.stringify(file)}` });
    expect(await stack.refresh([], env)).toMatchObject(
      failed("requires Node.js 22.19 or newer, but this is Node.js 20.19.0. Put a newer `node` first on PATH."),
    );
  });
});

test("`pulumi import` takes a share by its session and its fingerprint", async () => {
  const { stack, emulator, sessionId } = suite();
  const id = `${sessionId}/${fingerprintOf(emulator.addShare(sessionId).key)}`;
  const command = documented("import").map((word) =>
    word.replace(/^\d+\/[0-9a-f]{16}$/, id).replace(/^vendor$/, "other"),
  );
  const options = ["--yes", "--skip-preview", "--generate-code=false", "--protect=false"];
  expect(await stack.pulumi([...command, ...options], environment())).toMatchObject(succeeded("= 1 imported"));
  expect(pluginSharesIn(await stack.export()).map((share) => share.id)).toContain(id);
});

test("destroy runs it, too, and `pulumi plugin rm` removes it", async () => {
  const { stack } = suite();
  expect(await stack.destroy([], environment())).toMatchObject(succeeded("- 6 deleted"));
  const remove = documented("plugin rm").map((word) => word.replace(/^\d\S*$/, version));
  expect(await stack.pulumi(remove, environment())).toMatchObject(succeeded());
  expect(readdirSync(join(home(), "plugins")).filter((name) => name.startsWith("resource-fudo"))).toEqual([]);
});
