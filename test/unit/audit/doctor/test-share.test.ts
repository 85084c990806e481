// `doctor --test-share`: what it says and asks before, the one share that it makes, and what it says where that fails.
import { startEmulator, type Emulator, type EmulatorOptions } from "../../../../provider/emulator";
import { runDoctor, type DoctorOptions } from "../../../support/doctor";
import { VirtualClock } from "../../../support/virtual-clock";

const start = Date.parse("2026-03-02T12:00:17.250Z");
let time: VirtualClock;
let emulator: Emulator;

beforeEach(() => startAppliance());
afterEach(() => emulator.close());

async function startAppliance(options: EmulatorOptions = {}): Promise<void> {
  time = new VirtualClock(start);
  emulator = await startEmulator({ seed: 1, clock: time.now, ...options });
}

const doctor = (options: Partial<DoctorOptions> = {}) => runDoctor(emulator, { time, ...options });
const asked = () => ({ args: ["--session", emulator.sessions[0]!, "--test-share"], isTTY: true });
const methods = () => emulator.requests.map(({ method }) => method);
const posts = () => emulator.requests.filter(({ method }) => method === "POST");
const observedIn = (profile: string | undefined) => (JSON.parse(profile!) as { observed: object }).observed;

describe("before the first request", () => {
  test("it says what it will do", async () => {
    const { stdout } = await doctor();
    expect(stdout).toMatch(
      /^doctor makes one share on session \d+: view-only, for 60 seconds\.\nThe API cannot revoke it\. doctor prints and writes neither its link nor its key\.\n/,
    );
  });

  test.each(["y", "yes\n", " YES \n"])("on a terminal it asks, and %j makes the share", async (stdin) => {
    const { code, stdout } = await doctor({ ...asked(), stdin });
    expect(stdout).toMatch(/list after the end\.\nMake this share\? \[y\/N\] /);
    expect([code, posts().length]).toEqual([0, 1]);
  });

  test.each(["", "\n", "n\n", "yesterday\n", "maybe\ny\n"])("%j is no yes: nothing is sent", async (stdin) => {
    const { code, stderr, profile } = await doctor({ ...asked(), stdin });
    expect(stderr).toMatch(/^fudo-audit: nothing was sent: the answer was not yes/);
    expect([code, methods(), profile]).toEqual([2, [], undefined]);
  });

  test("without a terminal it is wrong usage without --yes: nothing is sent", async () => {
    const { code, stderr } = await doctor({ ...asked(), isTTY: false, stdin: "y\n" });
    expect(stderr).toMatch(/--test-share makes a share: add --yes where no terminal can ask you/);
    expect([code, methods()]).toEqual([2, []]);
  });

  test.each([
    [["--test-share", "--yes"], /--test-share needs --session/],
    [["--session", "1", "--yes"], /--yes answers the question of --test-share/],
    [["--session", "1", "-o", "json=other.json"], /one appliance profile to a file/],
    [["--session", "1", "--all-sessions"], /doctor accepts one --session, --test-share, --yes and -o json=FILE/],
  ])("%j is wrong usage", async (args, message) => {
    const { code, stderr } = await doctor({ args });
    expect(stderr).toMatch(message);
    expect([code, methods()]).toEqual([2, []]);
  });

  test("a profile cannot replace the file of the CA certificates or go to a folder", async () => {
    const environment = { FUDO_CA_CERTIFICATE: __filename };
    expect(await doctor({ output: __filename, environment })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is also the file of the setting caCertificate/),
    });
    expect(await doctor({ output: __dirname })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/it is a folder/),
    });
    expect(methods()).toEqual([]);
  });
});

describe("the share", () => {
  test("is one, view-only, and ends 60 seconds after the POST; everything else is a GET", async () => {
    const { code, stdout } = await doctor();
    const [share, ...others] = emulator.shares();
    expect([code, others, methods().filter((method) => method !== "GET")]).toEqual([0, [], ["POST"]]);
    expect(share).toMatchObject({ readonly: true, validTo: "2026-03-02T12:01:17.250Z" });
    const started = start - Date.parse(share!.validSince);
    expect([started >= 4000, started < 60_000, Date.parse(share!.validSince) % 1000 > 0]).toEqual([true, true, true]);
    expect(stdout).toMatch(/^ok {4}Test share {3}share [0-9a-f]{16}, view-only, ended at 12:01:17 UTC$/m);
  });

  test("doctor waits for its end by the appliance's clock", async () => {
    emulator.clock.skew = -45_000;
    await doctor();
    expect(time.now()).toBeGreaterThan(Date.parse(emulator.shares()[0]!.validTo) + 45_000);
  });

  test("doctor does not wait for an end that is far away, and says so", async () => {
    emulator.fault({
      kind: "attribute",
      attribute: "valid_to",
      value: "2026-03-02 14:00:00+00",
      on: "GET",
      path: "/share",
      times: Infinity,
    });
    const { stdout } = await doctor();
    expect(stdout).toMatch(/^warn {2}Test share .* ends at 14:00:00 UTC\n +Its end is too far away to wait for/m);
    expect(time.now()).toBe(start);
  });

  test("a terminal shows what doctor waits for", async () => {
    const { stderr } = await doctor({ isTTY: true });
    expect(stderr).toMatch(/making the test share.*waiting for the end of the share: 62 s.*\r\u001b\[2K/s);
  });

  test("neither its key nor the API key is in the output or in the profile", async () => {
    emulator.fault({ kind: "unknownAttributes", times: Infinity });
    const { stdout, stderr, profile } = await doctor();
    const secrets = [
      ...emulator.shares().flatMap(({ key, link, id, userId }) => [key, link, id, userId]),
      emulator.apiKey,
    ];
    for (const secret of secrets) expect(stdout + stderr + profile).not.toContain(secret);
    expect(profile).not.toMatch(/\d{10}|127\.0\.0\.1|localhost/);
  });
});

test("without --test-share it sends GET requests only, and names what it did not see", async () => {
  const { code, stdout, profile } = await doctor({ args: ["--session", emulator.sessions[0]!] });
  expect([code, new Set(methods())]).toEqual([0, new Set(["GET"])]);
  expect(stdout).toMatch(
    /^note {2}Not seen {5}POST status, POST body, .*\n +To see more, use --session ID --test-share/m,
  );
  expect(observedIn(profile)).toMatchObject({ unknownSession: "404", objspecFlags: "guessed" });
  expect(observedIn(profile)).not.toHaveProperty("postStatus");
});

describe("a failure", () => {
  const fault = (given: Parameters<Emulator["fault"]>[0]) => emulator.fault(given);
  const line = (stdout: string) => /^(\w+ +Test share .*(?:\n {19}.*)?)$/m.exec(stdout)?.[1];

  test.each([400, 401, 403, 404, 409])("the appliance refuses the POST with %d: there is no share", async (status) => {
    fault({ kind: "failure", status, message: "no", on: "POST" });
    const { code, stdout, profile } = await doctor();
    expect(line(stdout)).toMatch(new RegExp(`^fail +Test share +no share was made: POST .*: ${status}`));
    expect([code, posts().length, emulator.shares()]).toEqual([3, 1, []]);
    expect(observedIn(profile)).toMatchObject({ unknownSession: "404" });
  });

  test("a lost response: the share is found in a list, and the POST is not repeated", async () => {
    fault({ kind: "reset", on: "POST", when: "after" });
    const { code, stdout, profile } = await doctor();
    expect(line(stdout)).toMatch(
      /^ok +Test share +share \w+, view-only, ended at .* \(found in a list: the response to the POST was lost\)$/,
    );
    expect([code, posts().length, emulator.shares().length]).toEqual([0, 1, 1]);
    expect(observedIn(profile)).not.toHaveProperty("postStatus");
    expect(observedIn(profile)).not.toHaveProperty("lagRequests");
  });

  test.each(["after", "before"] as const)(
    "a lost response and no list (%s): it says until when there may be a share",
    async (when) => {
      fault({ kind: "html", status: 502, on: "POST", when });
      fault({ kind: "failure", status: 403, on: "GET", path: "/share", skip: 2, times: Infinity });
      const { code, stdout } = await doctor();
      expect(line(stdout)).toMatch(
        /^fail +Test share +the response to the POST was lost \(POST .*502.*\), and no list shows clearly whether there is a share\n +If there is one, it ends at 12:01:17 UTC by the appliance's clock\. Nothing was sent again\.$/,
      );
      expect([code, posts().length]).toEqual([3, 1]);
    },
  );

  test.each([
    ["a list that is refused", { kind: "failure", status: 403 }],
    ["a rejected key", { kind: "failure", status: 401 }],
    ["garbage", { kind: "bare", status: 200, body: "garbage" }],
  ] as const)("%s after the POST: the rest is observed, and the profile has it", async (_, effect) => {
    fault({ ...effect, on: "GET", path: `${emulator.sessions[0]}/share`, skip: 2, times: Infinity });
    const { code, stdout, profile } = await doctor();
    expect(line(stdout)).toMatch(/^ok +Test share +share \w+, view-only, ended at 12:01:17 UTC$/);
    expect(stdout).toMatch(/^note +Not seen +.*New share, Window.*After end/m);
    expect(code).toBe(0);
    expect(observedIn(profile)).toMatchObject({ postStatus: "200", unknownSession: "404" });
  });

  test("a check that fails before: no share, and no more requests with a rejected key", async () => {
    emulator.rotateKey();
    const { code, stdout, profile } = await doctor({ environment: { FUDO_API_KEY: "rejected-key" } });
    expect(line(stdout)).toMatch(/^warn +Test share +skipped: doctor makes it only when all checks above pass$/);
    expect([code, methods()]).toEqual([3, ["GET"]]);
    expect(observedIn(profile)).toEqual({});
  });

  test("a list before the POST that fails: no share", async () => {
    fault({ kind: "failure", status: 403, on: "GET", path: "/share", skip: 1 });
    const { code, stdout } = await doctor();
    expect(line(stdout)).toMatch(/^fail +Test share +no share was made: GET .*403/);
    expect([code, posts()]).toEqual([3, []]);
  });

  test("an appliance that refuses a start in the past: no share, and the advice for a stack", async () => {
    emulator.behaviour.pastValidSince = "refused";
    const { stdout } = await doctor();
    expect(line(stdout)).toMatch(/valid_since: in the past.*declare `validSince`/);
  });

  test("settings that do not allow 60 seconds: no share", async () => {
    const { code, stdout } = await doctor({ environment: { FUDO_MAX_DURATION: "PT30S" } });
    expect(line(stdout)).toMatch(/^fail +Test share +no share was made: duration: .*maxDuration/);
    expect([code, posts()]).toEqual([3, []]);
  });

  test("no response at all: no profile", async () => {
    await emulator.close();
    const { code, stderr, profile } = await doctor();
    expect(stderr).toMatch(/no profile was written, because the appliance has not responded/);
    expect([code, profile]).toEqual([3, undefined]);
  });
});
