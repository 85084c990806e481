// `npm run demo`: runs the life of one share with the real Pulumi engine, on the quickstart and the emulator. It checks every
// sentence with a tick; the first check that fails ends the demo with exit code 1.
import { createHash } from "node:crypto";
import { get } from "node:https";
import { endWithChildren, interrupted } from "./processes.mjs";
import { check, CheckFailed, edit, note, openDemo, showCommand, showSecret, step } from "./demo-environment.mjs";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `The demo requires Node 22.19 or later, but this is ${process.versions.node}. Start it with \`npm run demo\`, which brings its own Node.\n`,
  );
  process.exit(1);
}
const { appliance, project, pulumi, close } = await openDemo();

/** The status that a vendor's browser gets. The emulator's certificate is self-signed. */
const statusOf = (url) =>
  new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => resolve(response.resume().statusCode)).on(
      "error",
      reject,
    );
  });
const fingerprintOf = (key) => createHash("sha256").update(key).digest("hex").slice(0, 16);
const link = async () => (await pulumi(["stack", "output", "url", "--show-secrets"], { quiet: true })).trim();
const newestShare = () => appliance.shares().at(-1);

/** Runs `pulumi` and counts the API requests that it sends. */
async function counted(args) {
  appliance.resetRequests();
  const output = await pulumi(args);
  const requests = appliance.requests.filter(({ path }) => path.startsWith("/api/"));
  return { output, requests: requests.length, posts: requests.filter(({ method }) => method === "POST").length };
}

async function configure() {
  step(
    "Create a stack for an appliance",
    "The emulator plays a Fudo Enterprise appliance in memory, over HTTPS. The stack's state is in a temporary folder.",
  );
  note(`Appliance ${appliance.url}, session ${appliance.sessions[0]}`);
  await pulumi(["stack", "init", "demo"]);
  await pulumi(["config", "set", "fudo:url", appliance.url]);
  await pulumi(["config", "set", "fudo:certificateFingerprint", appliance.certificateFingerprint]);
  await pulumi(["config", "set", "--secret", "fudo:apiKey"], { input: appliance.apiKey });
  await pulumi(["config", "set", "sessionId", appliance.sessions[0]]);
}

async function grant() {
  step("Grant access", "The quickstart declares that ACME Support may view this session for eight hours.");
  const { output, posts } = await counted(["up", "--yes"]);
  const url = await link();
  check("the appliance created one share, from one POST", appliance.shares().length === 1 && posts === 1);
  check(
    `the output contains its fingerprint (${fingerprintOf(newestShare().key)}), but not its key`,
    output.includes(fingerprintOf(newestShare().key)) && !output.includes(newestShare().key),
  );
  note("The link is a secret output. This command shows it, and you send it to the vendor:");
  showCommand("pulumi stack output url --show-secrets");
  showSecret(url);
  check("the link opens the session", (await statusOf(url)) === 200);
  return url;
}

async function runAgain() {
  step("Run again", "The program has not changed, so the provider sends no request and grants nothing.");
  const { output, requests } = await counted(["up", "--yes"]);
  check("nothing changed", /2 unchanged/.test(output) && !/created|updated|replaced/.test(output));
  check("the appliance got no HTTP request", requests === 0, `${requests} requests`);
}

async function changeWindow(oldUrl) {
  step(
    "Change the window",
    "The API cannot change a share, so another window needs a new share. The API cannot revoke the old link either,",
    "so Pulumi must warn about it.",
  );
  edit(project, 'duration: "PT8H"', 'duration: "PT2H"');
  const { output, posts } = await counted(["up", "--yes"]);
  check("the share was replaced, with one POST", /1 replaced/.test(output) && posts === 1);
  check(
    "a warning in the preview and in the update says until when the old link works",
    output.split(/link works until/).length > 2,
  );
  check("the old link still opens the session, as the warning says", (await statusOf(oldUrl)) === 200);
}

async function revoke() {
  step(
    "An administrator revokes the link",
    "An administrator deactivates the new link in the admin panel. Pulumi reports that and does not grant access again.",
  );
  const url = await link();
  appliance.revoke(newestShare().key);
  check("the link no longer works", (await statusOf(url)) !== 200);
  const refresh = await counted(["refresh", "--yes", "--skip-preview"]);
  check(
    "refresh found the change, with one request",
    /1 updated/.test(refresh.output) && refresh.requests === 1,
    `${refresh.requests} requests`,
  );
  const up = await counted(["up", "--yes"]);
  check(
    "the next up warns that the share was revoked and will not be re-created",
    /was revoked on the appliance and will not be re-created automatically/.test(up.output),
  );
  check("that up sent no request and granted nothing", up.requests === 0 && appliance.shares().length === 2);
}

async function grantAgainAndDestroy() {
  step(
    "Grant access again",
    "To grant access again, you change the declaration. The preview says that the share was revoked before.",
  );
  edit(project, 'duration: "PT2H"', 'duration: "PT1H"');
  const up = await counted(["up", "--yes"]);
  check(
    "the appliance created a new share, and a message says that access is granted again",
    up.posts === 1 && /grants access again/.test(up.output),
  );
  step(
    "Destroy",
    "The API cannot revoke. Destroying the stack removes the share from the state, so Pulumi says until when the link",
    "works and where to revoke it.",
  );
  const url = await link();
  const { output, requests } = await counted(["destroy", "--yes", "--skip-preview"]);
  check(
    "destroy says until when the link works, and where to revoke it",
    /removed from the state but NOT revoked/.test(output) &&
      /link works until/.test(output) &&
      /deactivate/.test(output),
  );
  check(
    "the link still opens the session, as the warning says, and no request was sent",
    (await statusOf(url)) === 200 && requests === 0,
  );
}

endWithChildren(close);
try {
  await configure();
  const firstUrl = await grant();
  await runAgain();
  await changeWindow(firstUrl);
  await revoke();
  await grantAgainAndDestroy();
  note("");
  note("The demo is complete. The emulator stops now, and the temporary files are removed.");
} catch (error) {
  process.exitCode = 1;
  const reason = interrupted() ? "You interrupted it." : error instanceof CheckFailed ? error.message : error.stack;
  process.stderr.write(`\nThe demo stopped. ${reason}\n`);
} finally {
  await close();
}
