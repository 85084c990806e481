// The product's policy pack on the real engine, for the shares of both types: what it stops before a request is sent, what it
// warns about, and that the clock alone never makes an existing share violate a rule.
import { pluginShare, usePlugin } from "../support/engine-plugin";
import { engineSuite, failed, hour, inHours, share, startEngineSuite, succeeded } from "../support/engine-share";
import type { Outcome } from "../support/engine";
import { policyEnvironment, policyOptions, productPack } from "../support/policy-pack";
import { textOf } from "../support/repository";

jest.setTimeout(300_000);

/** Violated by `new SessionShare("vendor", violating)`. */
const everyRule = {
  "longest-window": { length: "P7D" },
  "earliest-start": { notBefore: "2099-01-01T00:00[Europe/Warsaw]" },
  curfew: { timeZone: "Europe/Warsaw", periods: [{ from: "22:00", to: "06:00" }] },
  "labels-required": { names: ["ticket"] },
  "allowed-sessions": { sessionIds: ["1"] },
  "deletion-policy": { value: "refuseWhileLive" },
  "recipients-required": "mandatory",
};
const rules = [...Object.keys(everyRule), "readonly-required"].sort();

const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const page = textOf("docs/policy.md");

/** The first block in docs/policy.md of that language. */
function documented(language: string): string {
  const [, text] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "m").exec(page) ?? [];
  if (text === undefined) throw new Error(`docs/policy.md has no block of ${language}`);
  return text;
}

/** The rules under "Policies" in the output, with the level and the resource: `mandatory curfew vendor`. */
function reported({ all }: Outcome): string[] {
  const lines = all.matchAll(/^ +- \[(\w+)\] {2}(\S+) {2}\(\S+ (\S+)\)$/gm);
  return [...lines].map(([, level, rule, name]) => `${level} ${rule} ${name}`).sort();
}

/** `HH:MM` in UTC, that many hours from now. */
function timeOfDay(hours: number): string {
  return new Date(Date.now() + hours * hour).toISOString().slice(11, 16);
}

// Engine: in the preview of an update, a dynamic share has no outputs and looks like a new one.
describe.each([
  ["dynamic shares", share, undefined, ["mandatory curfew day"]],
  ["the plugin's shares", pluginShare, usePlugin, []],
])("%s", (_name, vendor, prepare, afterChange) => {
  const suite = engineSuite();
  let run: (config: object, ...args: string[]) => Promise<Outcome>;
  beforeAll(() => {
    const { stack } = suite();
    prepare?.(stack);
    const pack = productPack(stack.folder);
    const env = policyEnvironment(stack.folder);
    run = (config, ...args) => stack.pulumi([...args, ...policyOptions(stack.folder, pack, config)], { env });
  });
  const preview = (config: object) => run(config, "preview");
  const upWithoutPreview = (config: object, ...more: string[]) => run(config, "up", "--yes", "--skip-preview", ...more);

  test("that violate the rules stop the preview, and stop `up` before a request is sent", async () => {
    const { declare, sessionId, newRequests } = suite();
    const night = { validSince: "2098-06-01T20:00[Europe/Warsaw]", validTo: "2098-06-10T20:00[Europe/Warsaw]" };
    declare(vendor("vendor", { sessionId, ...night, readonly: false }));
    for (const outcome of [await preview(everyRule), await upWithoutPreview(everyRule)]) {
      expect(outcome).toMatchObject(
        failed("2098-06-01 22:00 Europe/Warsaw", "The window has 9 d, and the limit is 7 d."),
      );
      expect(reported(outcome)).toEqual(rules.map((rule) => `mandatory ${rule} vendor`));
    }
    expect(newRequests()).toEqual([]);
  });

  test("are created with a warning where the rules are advisory, and without one where they are disabled", async () => {
    const { declare, sessionId } = suite();
    declare(vendor("vendor", { sessionId, duration: "P8D", readonly: false }));
    const levels = { ...everyRule, all: "advisory", "recipients-required": "advisory", "labels-required": "disabled" };
    const outcome = await upWithoutPreview(levels);
    expect(outcome).toMatchObject(succeeded("+ 1 created"));
    // Only the preview can tell that this window reaches into the curfew.
    expect(outcome.all).toMatch(
      / curfew .*\n.*\n.* Declare another window\. The share exists already\. To revoke its link: /,
    );
    const warned = rules.filter((rule) => rule !== "labels-required");
    expect(reported(outcome)).toEqual(warned.map((rule) => `advisory ${rule} vendor`));
  });

  test("with a wrong configuration are neither created nor accepted", async () => {
    const { declare, sessionId, newRequests } = suite();
    declare(vendor("other", { sessionId, duration: "PT1H" }));
    newRequests();
    const wrong = { "longest-window": { lenght: "P7D" } };
    const outcome = await upWithoutPreview(wrong);
    expect(outcome).toMatchObject(failed("The configuration of longest-window is wrong: lenght is not a property."));
    expect(outcome.all).not.toContain("at Object.");
    const invalid = { curfew: { timeZone: "Europe/Warsaw", periods: [{ from: "10 pm", to: "06:00" }] } };
    expect(await upWithoutPreview(invalid)).toMatchObject(failed("curfew: periods.0.from"));
    expect(newRequests()).toEqual([]);
  });

  test("with values that are not known yet are judged by `up`, before they are created", async () => {
    const { declare, sessionId, emulator, newRequests } = suite();
    const actingShares = () => emulator.shares().filter(({ readonly }) => !readonly).length;
    declare(
      vendor("first", { sessionId, duration: "PT1H" }),
      vendor(
        "second",
        `{ sessionId: "${sessionId}", duration: "PT1H", readonly: first.fingerprint.apply(() => false) }`,
      ),
      vendor("third", `{ sessionId: "${sessionId}", duration: "PT1H", labels: { ticket: first.fingerprint } }`),
    );
    const before = actingShares();
    newRequests();
    const config = { "labels-required": { names: ["ticket"], enforcementLevel: "advisory" } };
    expect(await preview(config)).toMatchObject(
      succeeded("readonly is not known yet. `pulumi up` judges the share", "labels.ticket is not known yet."),
    );
    expect(newRequests()).toEqual([]);
    const outcome = await upWithoutPreview(config);
    expect(outcome).toMatchObject(failed());
    expect(reported(outcome)).toContain("mandatory readonly-required second");
    expect(reported(outcome)).not.toContain("advisory labels-required third");
    expect(actingShares()).toBe(before);
    expect(newRequests()).toContain("POST 200");
  });

  test("that exist never violate a rule because time has passed; a new one is judged from now on", async () => {
    const { declare, sessionId, newRequests, advanceClocks, stack } = suite();
    const day = vendor("day", { sessionId, duration: "PT2H" });
    declare(day);
    const config = curfewLater();
    expect(await upWithoutPreview(config)).toMatchObject(succeeded("SessionShare day created"));
    advanceClocks(1.5);
    newRequests();
    const later = await upWithoutPreview(config, "--expect-no-changes");
    expect(later).toMatchObject(succeeded("unchanged"));
    expect(reported(later)).toEqual([]);
    declare(day, vendor("late", { sessionId, duration: "PT2H" }));
    const outcome = await run(config, "up", "--yes");
    expect(outcome).toMatchObject(failed("If the share exists already, declare the validSince that the state holds"));
    expect(reported(outcome)).toEqual(["mandatory curfew late"]);
    const changed = { sessionId, duration: "PT2H", labels: { ticket: "OPS-1" } };
    declare(vendor("day", changed));
    expect(reported(await preview(config))).toEqual(afterChange);
    // What the message advises.
    const recorded = (await stack.export()).resources.find(({ urn }) => urn.endsWith("::day"));
    const { validSince } = recorded?.outputs as { validSince: string };
    declare(vendor("day", { ...changed, validSince }));
    const kept = await preview(config);
    expect(kept).toMatchObject(succeeded("~ 1 to update"));
    expect(reported(kept)).toEqual([]);
    expect(newRequests()).toEqual([]);
  });
});

/** Rules that a share of two hours from now on meets, and one of two hours from 90 minutes later on does not. */
function curfewLater(): object {
  return {
    curfew: { timeZone: "Etc/UTC", periods: [{ from: timeOfDay(3), to: timeOfDay(5) }] },
    "longest-window": { length: "PT2H" },
    "earliest-start": { notBefore: inHours(-1) },
  };
}

describe("the setting fudo:deletionPolicy", () => {
  const suite = engineSuite({ config: { "fudo:deletionPolicy": "refuseWhileLive" } });

  test("counts for shares of both types that declare none", async () => {
    const { declare, sessionId, stack } = suite();
    usePlugin(stack);
    const window = { sessionId, duration: "PT8H" };
    const other = { ...window, deletionPolicy: "abandon" };
    declare(pluginShare("byPlugin", window), share("dynamic", window), share("other", other));
    const config = { "deletion-policy": { value: "refuseWhileLive" } };
    const options = policyOptions(stack.folder, productPack(stack.folder), config);
    const outcome = await stack.preview(options, { env: policyEnvironment(stack.folder) });
    expect(outcome).toMatchObject(failed('The deletionPolicy is "abandon". Declare "refuseWhileLive".'));
    expect(reported(outcome)).toEqual(["mandatory deletion-policy other"]);
  });
});

describe("the shares of a VendorAccess", () => {
  const suite = engineSuite();

  test("are judged one by one", async () => {
    const { declare, emulator, stack } = suite();
    const [allowed = "", other = ""] = emulator.sessions;
    const args = { vendor: "ACME", sessionIds: [allowed, other], duration: "PT8H", recipients: [recipient] };
    declare(`new fudo.VendorAccess("acme", ${JSON.stringify(args)});`);
    const config = { "allowed-sessions": { sessionIds: [allowed] }, "recipients-required": "mandatory" };
    const options = policyOptions(stack.folder, productPack(stack.folder), config);
    const outcome = await stack.preview(options, { env: policyEnvironment(stack.folder) });
    expect(outcome).toMatchObject(failed(`The session ${other} is not one of the allowed sessions.`));
    expect(reported(outcome)).toEqual([expect.stringMatching(/^mandatory allowed-sessions acme/)]);
    expect(emulator.requests).toEqual([]);
  });
});

test("the example in docs/policy.md reports what the page says", async () => {
  const { emulator, stack, declare } = await startEngineSuite();
  try {
    const program = documented("typescript").replace(/^import .*$/m, "");
    declare(program.replace("new SessionShare", "new fudo.SessionShare").replace("export const url", "exports.url"));
    const pack = productPack(stack.folder);
    const config = JSON.parse(documented("json")) as object;
    const args = ["preview", ...policyOptions(stack.folder, pack, config)];
    const outcome = await stack.pulumi(args, { env: policyEnvironment(stack.folder) });
    const [, policies] = /^(Policies:\n[^]*?)\n\n/m.exec(outcome.all) ?? [];
    const printed = policies?.replace(pack, "node_modules/pulumi-fudo/policy");
    // A release sets the version on the page.
    const versionless = (text?: string) => text?.replace(/@v[\d.]+/, "@vVERSION");
    expect(versionless(printed)).toBe(versionless(documented("text").trimEnd()));
  } finally {
    await emulator.close();
  }
});
