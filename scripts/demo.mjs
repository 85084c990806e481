// `npm run demo`: the life of one share, played by the real Pulumi engine on the quickstart against the emulator. Every
// sentence with a tick has been checked; the first one that is not true ends the demo with exit code 1.
import { createHash } from "node:crypto";
import { get } from "node:https";
import { endWithChildren, interrupted } from "./processes.mjs";
import { claim, edit, openStage, remark, showSecret, step, typed, Untrue } from "./demo-setting.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `The demo needs Node 22.19 or later, this is ${process.versions.node}. \`npm run demo\` brings its own.\n`,
  );
  process.exit(1);
}
const { appliance, project, pulumi, close } = await openStage();

/** What a vendor's browser would get; the emulator's certificate is its own. */
const statusOf = (url) =>
  new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (answer) => resolve(answer.resume().statusCode)).on(
      "error",
      reject,
    );
  });
const fingerprintOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 16);
const link = async () => (await pulumi(["stack", "output", "url", "--show-secrets"], { quiet: true })).trim();
const posts = () => appliance.requests.filter(({ method }) => method === "POST").length;
const newest = () => appliance.shares().at(-1);

/** `pulumi` with the number of API calls that it made. */
async function counted(args) {
  appliance.resetRequests();
  const output = await pulumi(args);
  return { output, calls: appliance.requests.filter(({ path }) => path.startsWith("/api/")).length, posts: posts() };
}

async function configure() {
  step(
    "An appliance and a stack",
    "A Fudo Enterprise appliance is played in memory, over HTTPS. The stack's state stays in a temporary folder.",
  );
  remark(`Appliance ${appliance.url}, session ${appliance.sessions[0]}`);
  await pulumi(["stack", "init", "demo"]);
  await pulumi(["config", "set", "fudo:url", appliance.url]);
  await pulumi(["config", "set", "fudo:certificateFingerprint", appliance.certificateFingerprint]);
  await pulumi(["config", "set", "--secret", "fudo:apiKey"], { input: appliance.apiKey });
  await pulumi(["config", "set", "sessionId", appliance.sessions[0]]);
}

async function grant() {
  step("Grant", "The quickstart declares: ACME Support may look into this session for eight hours.");
  const { output, posts: made } = await counted(["up", "--yes"]);
  const url = await link();
  claim("one share was made on the appliance, with one POST", appliance.shares().length === 1 && made === 1);
  claim(
    `its fingerprint is in the output (${fingerprintOf(newest().key)}), its key is not`,
    output.includes(fingerprintOf(newest().key)) && !output.includes(newest().key),
  );
  remark("The link is a secret output. Shown on purpose, it is what you send to the vendor:");
  typed("pulumi stack output url --show-secrets");
  showSecret(url);
  claim("whoever opens it gets in", (await statusOf(url)) === 200);
  return url;
}

async function again() {
  step("Again", "The same program once more: nothing has changed, so nothing is asked and nothing is granted.");
  const { output, calls } = await counted(["up", "--yes"]);
  claim("no change", /2 unchanged/.test(output) && !/created|updated|replaced/.test(output));
  claim("not one HTTP call to the appliance", calls === 0, `${calls} calls`);
}

async function change(oldUrl) {
  step(
    "Another window",
    "A share cannot be changed, so a changed window is a new share. The old link cannot be called back: Pulumi must say so.",
  );
  edit(project, 'duration: "PT8H"', 'duration: "PT2H"');
  const { output, posts: made } = await counted(["up", "--yes"]);
  claim("the share was replaced, with one POST", /1 replaced/.test(output) && made === 1);
  claim(
    "how long the old link still opens was said before and after",
    output.split(/The old link can be opened until|can open it until/).length > 2,
  );
  claim("and it is so: the old link still opens the session", (await statusOf(oldUrl)) === 200);
}

async function revoked() {
  step(
    "An administrator says no",
    "Somebody deactivates the new link in the appliance's admin panel. Pulumi looks, and does not overrule that.",
  );
  const url = await link();
  appliance.revoke(newest().key);
  claim("the link opens nothing any more", (await statusOf(url)) !== 200);
  const seen = await counted(["refresh", "--yes", "--skip-preview"]);
  claim("refresh saw it, with one call", /1 updated/.test(seen.output) && seen.calls === 1, `${seen.calls} calls`);
  const next = await counted(["up", "--yes"]);
  claim("the next up says that access was withdrawn", /access was withdrawn on the appliance/.test(next.output));
  claim("and grants nothing", next.calls === 0 && appliance.shares().length === 2);
}

async function destroyed() {
  step(
    "A new decision",
    "To grant again, the declaration has to change. The preview says that it grants what was withdrawn.",
  );
  edit(project, 'duration: "PT2H"', 'duration: "PT1H"');
  const granted = await counted(["up", "--yes"]);
  claim(
    "a new share was made, and it was said that access is granted again",
    granted.posts === 1 && /grants access again/.test(granted.output),
  );
  step(
    "Destroy",
    "The API cannot revoke. Destroying the stack forgets the share, so Pulumi says what stays open and where to close it.",
  );
  const url = await link();
  const { output, calls } = await counted(["destroy", "--yes", "--skip-preview"]);
  claim(
    "destroy said until when the link can be opened, and where to revoke it",
    /forgotten, not revoked/.test(output) && /can open it until/.test(output) && /deactivate/.test(output),
  );
  claim(
    "it was honest: the link still opens the session, nothing was called",
    (await statusOf(url)) === 200 && calls === 0,
  );
}

endWithChildren(close);
try {
  await configure();
  const firstUrl = await grant();
  await again();
  await change(firstUrl);
  await revoked();
  await destroyed();
  remark("");
  remark("That was the whole life of a share. The emulator and the state are gone now; nothing is left behind.");
} catch (error) {
  process.exitCode = 1;
  const reason = interrupted() ? "You ended it." : error instanceof Untrue ? error.message : error.stack;
  process.stderr.write(`\nThe demo stopped. ${reason}\n`);
} finally {
  await close();
}
