// The component VendorAccess of TypeScript and JavaScript programs on the real engine: its life, queries, existing shares, and
// what the engine's files contain of the links.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { access, atHour, calendarInstant, eventIn, type Access } from "../support/engine-access";
import { afterKill } from "../support/engine-interrupted";
import {
  diagnosticsOf,
  engineSuite,
  failed,
  fingerprintOf,
  minuteText,
  share,
  sharesIn,
  succeeded,
} from "../support/engine-share";
import { newVendor, openedBy } from "../support/vendor";

jest.setTimeout(180_000);

const vendor = "ACME Support";

/** The POSTs of two sessions run side by side. */
const bySession = <T extends { sessionId: string }>(shares: readonly T[]) =>
  [...shares].sort((one, other) => (one.sessionId < other.sessionId ? -1 : 1));

describe("from preview to destroy", () => {
  const suite = engineSuite();
  let uid = "";
  const ids = () => suite().emulator.sessions.slice(0, 2);
  const declare = (end: number) =>
    suite().declare(access("acme", { vendor, sessionIds: ids(), validSince: atHour(1), validTo: atHour(end) }));
  const outputs = async () => (await suite().stack.outputs(true))["acme"] as Access;

  test("`preview` shows the component and its shares, and sends no request", async () => {
    declare(9);
    expect(await suite().stack.preview()).toMatchObject(succeeded("+ 4 to create"));
    expect(suite().newRequests()).toEqual([]);
  });

  test("`up` creates a share for each session; the next one changes nothing and sends no request", async () => {
    const { stack, emulator, newRequests } = suite();
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const window = { validSince: atHour(1), validTo: atHour(9), readonly: true };
    expect(bySession(emulator.shares())).toMatchObject(ids().map((sessionId) => ({ sessionId, ...window })));
    newRequests();
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    const preview = await stack.preview(["--expect-no-changes"]);
    expect(preview).toMatchObject(succeeded("4 unchanged"));
    expect(preview.all).not.toContain("unknown");
    expect(newRequests()).toEqual([]);
    const shares = sharesIn(await stack.export());
    expect(shares.map(({ urn }) => urn.split("::").slice(2)).sort()).toEqual(
      ids().map((id) => [`fudo:index:VendorAccess$pulumi-nodejs:dynamic/fudo:SessionShare`, `acme-${id}`]),
    );
    expect(shares[0]?.outputs).toMatchObject({ labels: { vendor } });
  });

  test("the links and the text are secrets, and open the sessions", async () => {
    const { stack, emulator } = suite();
    const shown = (await stack.outputs())["acme"] as Access;
    expect(shown).toMatchObject({ sessionIds: ids(), links: "[secret]", handOver: "[secret]" });
    const { links, handOver } = await outputs();
    for (const { sessionId, key, link } of emulator.shares()) {
      expect(links?.[sessionId]).toBe(emulator.url + link);
      expect(handOver).toContain(`Session ${sessionId}:\n${emulator.url}${link}\n`);
      expect(await fetch(links![sessionId]!).then(({ status }) => status)).toBe(403);
      expect(shown.calendar).not.toContain(key);
    }
    expect(handOver).toContain(`from ${minuteText(atHour(1))} until ${minuteText(atHour(9))}`);
  });

  test("the calendar has one event for the window, with session IDs and fingerprints", async () => {
    const { calendar } = await outputs();
    expect(calendar.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    const event = eventIn(calendar);
    expect(event).toMatchObject({
      DTSTART: calendarInstant(atHour(1)),
      DTEND: calendarInstant(atHour(9)),
      SUMMARY: "ACME Support: access to 2 sessions",
    });
    const shares = bySession(suite().emulator.shares());
    expect(event["DESCRIPTION"]).toBe(
      shares.map(({ sessionId, key }) => `Session ${sessionId} (fingerprint ${fingerprintOf(key)})`).join("\\n"),
    );
    uid = event["UID"]!;
  });

  test("another end replaces each share, and the calendar updates the same event", async () => {
    const { stack, emulator, newRequests } = suite();
    declare(10);
    newRequests();
    expect(await stack.preview()).toMatchObject(succeeded("+-2 to replace"));
    expect(newRequests()).toEqual([]);
    // Engine: with this option it prints the debug lines of the SDK. The harness searches them for each key.
    expect(await stack.up(["--json"])).toMatchObject(succeeded("create-replacement"));
    expect(emulator.shares()).toHaveLength(4);
    expect(eventIn((await outputs()).calendar)).toMatchObject({ UID: uid, DTEND: calendarInstant(atHour(10)) });
  });

  test("a session that leaves the list leaves the component, with a warning", async () => {
    const { stack, declare: write, emulator } = suite();
    const sessionIds = ids().slice(0, 1);
    write(access("acme", { vendor, sessionIds, validSince: atHour(1), validTo: atHour(10) }));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("- 1 deleted", "NOT revoked"));
    expect(emulator.shares()).toHaveLength(4);
  });

  test("`destroy` removes the shares from the state and says that the links work", async () => {
    const destroy = await suite().stack.destroy();
    expect(destroy).toMatchObject(succeeded("- 3 deleted"));
    expect(diagnosticsOf(destroy).filter((line) => line.includes("NOT revoked"))).toHaveLength(1);
  });
});

describe("two components in one stack", () => {
  let berlin: Emulator;
  const suite = engineSuite({ canaries: () => [berlin.apiKey, ...berlin.shares().map(({ key }) => key)] });
  beforeAll(async () => {
    berlin = await startEmulator({ seed: 2 });
  });
  afterAll(() => berlin.close());

  const provider = () => `new pulumi.ProviderResource("pulumi-nodejs", "berlin", {
    "fudo:url": "${berlin.url}", "fudo:apiKey": pulumi.secret(process.env.BERLIN_KEY) })`;

  test("a query on the stack's appliance, and IDs on the appliance of a provider", async () => {
    const { stack, emulator, declare } = suite();
    const found = [emulator.addSession({ serverName: "plc-07" }), emulator.addSession({ serverName: "plc-07" })];
    declare(
      access("acme", { vendor, sessions: { serverName: "plc-07" }, duration: "PT4H" }),
      access(
        "globex",
        { vendor: "Globex", sessionIds: [berlin.sessions[0]], duration: "PT4H" },
        `{ provider: ${provider()} }`,
      ),
    );
    const env = { BERLIN_KEY: berlin.apiKey };
    expect(await stack.preview([], { env })).toMatchObject(succeeded("+ 7 to create"));
    expect([emulator.shares(), berlin.shares()]).toEqual([[], []]);
    expect(await stack.up([], { env })).toMatchObject(succeeded("+ 7 created"));
    expect(
      emulator
        .shares()
        .map(({ sessionId }) => sessionId)
        .sort(),
    ).toEqual([...found].sort());
    expect(berlin.shares()).toMatchObject([{ sessionId: berlin.sessions[0] }]);
    expect(await stack.up(["--expect-no-changes"], { env })).toMatchObject(succeeded("7 unchanged"));
  });

  test("a query that finds nothing, and a query with a provider, share nothing and end with one sentence each", async () => {
    const { stack, emulator, declare, newRequests } = suite();
    declare(access("acme", { vendor, sessions: { serverName: "plc-07", live: false }, duration: "PT4H" }));
    const preview = await stack.preview();
    expect(preview).toMatchObject(failed("VendorAccess acme: no session matches the filters in sessions"));
    expect(diagnosticsOf(preview)).toEqual([expect.stringMatching(/^VendorAccess acme: /)]);
    declare(access("acme", { vendor, sessions: { live: true }, duration: "PT4H" }, `{ provider: ${provider()} }`));
    const up = await stack.up([], { env: { BERLIN_KEY: berlin.apiKey } });
    expect(up).toMatchObject(failed("VendorAccess acme: `sessions` asks the appliance of the stack's configuration"));
    expect(diagnosticsOf(up)).toEqual([expect.stringMatching(/^VendorAccess acme: /)]);
    expect(newRequests().filter((request) => request.startsWith("POST"))).toHaveLength(2);
    expect(emulator.shares()).toHaveLength(2);
  });
});

describe("shares that the stack has already", () => {
  const suite = engineSuite();
  const window = { validSince: atHour(-2), validTo: atHour(5) };

  test("become children by an alias: no POST, no replacement, and the next `up` changes nothing", async () => {
    const { stack, emulator, declare, newRequests } = suite();
    const [first = "", second = ""] = emulator.sessions;
    const group = `class Group extends pulumi.ComponentResource { constructor() { super("my:index:Group", "group"); } }
      const group = new Group();`;
    declare(
      group,
      share("top", { sessionId: first, ...window, labels: { vendor } }),
      share("nested", JSON.stringify({ sessionId: second, ...window, labels: { vendor } }), "{ parent: group }"),
    );
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const before = sharesIn(await stack.export());
    const nested = before.find(({ urn }) => urn.endsWith("::nested"))!.urn;
    newRequests();

    const args = { vendor, sessionIds: [first, second], ...window };
    const aliases = { [first]: "top", [second]: nested };
    declare(access("acme", { ...args, aliases }));
    expect(await stack.preview()).toMatchObject(succeeded("3 unchanged"));
    const up = await stack.up();
    expect(up).toMatchObject(succeeded("+ 1 created"));
    expect(up.all).not.toMatch(/replace|NOT revoked/);
    expect(newRequests()).toEqual([]);
    const after = sharesIn(await stack.export());
    expect(after.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(after.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([`acme-${first}`, `acme-${second}`].sort());

    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded());
    declare(access("acme", args));
    expect(await stack.preview()).toMatchObject(succeeded("~ 1 to update", "3 unchanged"));
    declare(access("siemens", args, `{ aliases: [{ name: "acme" }] }`));
    expect(await stack.preview()).toMatchObject(succeeded("~ 1 to update", "3 unchanged"));
    expect(newRequests()).toEqual([]);
    expect(emulator.shares()).toHaveLength(2);
  });
});

describe("links that only the vendor can open", () => {
  const suite = engineSuite();

  test("the text holds them encrypted and is no secret, and no file has the key in any form", async () => {
    const { stack, emulator, declare, newRequests } = suite();
    const acme = newVendor(stack.folder);
    const sessionIds = emulator.sessions.slice(0, 2);
    declare(access("acme", { vendor, sessionIds, duration: "PT4H", recipients: [acme.recipient] }));
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    const shown = (await stack.outputs())["acme"] as Access;
    const { stdout } = await stack.pulumi(["stack", "export", "--show-secrets"], { record: false });
    for (const { sessionId, key, link } of emulator.shares()) {
      const sealed = shown.sealedLinks![sessionId]!;
      expect(openedBy(acme, sealed).trim()).toBe(emulator.url + link);
      expect(shown.handOver).toContain(sealed);
      expect(stdout).not.toContain(key);
    }
    expect(shown.links).toBeUndefined();
    newRequests();
    const preview = await stack.preview(["--expect-no-changes"]);
    expect(preview).toMatchObject(succeeded("4 unchanged"));
    expect(preview.all).not.toContain("unknown");
    expect(await stack.up(["--expect-no-changes"])).toMatchObject(succeeded("4 unchanged"));
    expect(newRequests()).toEqual([]);
  });
});

describe("sessions that only the run knows", () => {
  const suite = engineSuite();

  test("the preview says that it does not show the shares, and `up` creates them", async () => {
    const { stack, emulator, declare, sessionId } = suite();
    const value = `class Value extends pulumi.dynamic.Resource { constructor() {
      super({ create: async () => ({ id: "value", outs: { value: "${sessionId}" } }) }, "value", { value: undefined }); } }`;
    const program = access("acme", { vendor, sessionIds: ["later"], duration: "PT4H" });
    declare(value, program.replace('"later"', "new Value().value"));
    const preview = await stack.preview();
    expect(preview).toMatchObject(succeeded("this preview does not show the shares", "+ 3 to create"));
    expect(await stack.up()).toMatchObject(succeeded("+ 4 created"));
    expect(emulator.shares()).toMatchObject([{ sessionId }]);
  });
});

describe("a component whose outputs the program does not use", () => {
  const suite = engineSuite();

  test("a mistake is one sentence too", async () => {
    suite().declare(`new fudo.VendorAccess("acme", { vendor: "ACME", sessionIds: [" 5"], duration: "PT4H" });`);
    const preview = await suite().stack.preview();
    expect(preview).toMatchObject(failed());
    expect(diagnosticsOf(preview)).toEqual([
      expect.stringMatching(/^VendorAccess acme: each of sessionIds must be .*\(no link, no spaces\)$/),
    ]);
  });
});

describe("an option that bypasses the provider", () => {
  const suite = engineSuite();

  test("is refused with refuseWhileLive, as for a share that has it itself", async () => {
    const { stack, emulator, declare } = suite();
    const args = {
      vendor,
      sessionIds: emulator.sessions.slice(0, 1),
      duration: "PT4H",
      deletionPolicy: "refuseWhileLive",
    };
    declare(access("acme", args, "{ retainOnDelete: true }"));
    expect(await stack.preview()).toMatchObject(failed("retainOnDelete and deletionPolicy refuseWhileLive contradict"));
  });
});

describe("a killed run", () => {
  const suite = engineSuite();

  test("SIGKILL of `pulumi` between POST and state: FUDO_RECOVER=true takes the link over", async () => {
    const { stack, emulator, declare } = suite();
    declare(access("acme", { vendor, sessionIds: emulator.sessions.slice(0, 1), duration: "PT4H" }));
    const gate = emulator.hold({ on: "POST", when: "after" });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await gate.arrived();
    await up.provider();
    up.killEngine();
    await up.done;
    gate.release();
    await up.providerEnded(10_000);
    await afterKill(stack);
    expect(await stack.up([], { env: { FUDO_RECOVER: "true" } })).toMatchObject(succeeded("was taken over"));
    expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    const [recorded] = sharesIn(await stack.export());
    expect(recorded?.outputs).toMatchObject({ fingerprint: fingerprintOf(emulator.shares()[0]!.key) });
  });
});
