// The lists of a run: which requests share one, what is new since a POST, and which keys are managed.
import type { ShareList } from "../../../provider/client/api";
import { FudoError } from "../../../provider/client/errors";
import { ShareLists } from "../../../provider/lifecycle/run/share-lists";
import { VirtualClock } from "../../support/virtual-clock";

interface Request {
  respond(...keys: string[]): Promise<void>;
  respondWith(more: Partial<ShareList>): Promise<void>;
  fail(error: FudoError): Promise<void>;
}

const listOf = (keys: readonly string[], more: Partial<ShareList>): ShareList => ({
  shares: keys.map((key) => ({ key, removed: false })),
  provesAbsence: true,
  problems: [],
  ...more,
});

const never = new AbortController().signal;

/** Lists whose requests the test answers one by one. */
function fixture() {
  const clock = new VirtualClock();
  const requests: Request[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const listShares = () =>
    new Promise<ShareList>((resolve, reject) =>
      requests.push({
        respond: (...keys) => (resolve(listOf(keys, { applianceTime: clock.now() + 5000 })), settled()),
        respondWith: (more) => (resolve(listOf([], more)), settled()),
        fail: (error) => (reject(error), settled()),
      }),
    );
  const lists = new ShareLists({ listShares }, clock);
  const coalesced = (sessionId: string) => lists.coalesced(sessionId, never);
  const fetch = (sessionId: string) => lists.fetch(sessionId, never);
  const snapshot = (sessionId: string) => lists.snapshot(sessionId, never);
  return { clock, requests, settled, lists, coalesced, fetch, snapshot };
}

const unavailable = new FudoError("unavailable", "503");

describe("one request serves", () => {
  test("the reads of a session that start within a second of it", async () => {
    const { coalesced, requests, clock } = fixture();
    const reads = [coalesced("1"), coalesced("1"), coalesced("2")];
    clock.advance(1000);
    reads.push(coalesced("1"));
    expect(requests).toHaveLength(2);
    clock.advance(1);
    void coalesced("1");
    expect(requests).toHaveLength(3);
    await requests[0]!.respond("a");
    expect((await reads[3]!).shares).toHaveLength(1);
  });

  test("no caller that needs a list requested now", () => {
    const { coalesced, fetch, requests } = fixture();
    void coalesced("1");
    void fetch("1");
    void fetch("1");
    expect(requests).toHaveLength(3);
  });

  test("its failure to the reads that wait for it; a later read sends a new request", async () => {
    const { coalesced, requests } = fixture();
    const reads = [coalesced("1"), coalesced("1")];
    const failed = Promise.allSettled(reads);
    await requests[0]!.fail(unavailable);
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    void coalesced("1");
    expect(requests).toHaveLength(2);
  });
});

describe("the snapshot", () => {
  test("is requested once for each session and run", async () => {
    const { snapshot, requests, clock } = fixture();
    void snapshot("1");
    await requests[0]!.respond();
    clock.advance(3_600_000);
    await snapshot("1");
    void snapshot("2");
    expect(requests).toHaveLength(2);
  });

  test("is requested again after a failure", async () => {
    const { snapshot, requests } = fixture();
    const failed = expect(snapshot("1")).rejects.toThrow("503");
    await requests[0]!.fail(unavailable);
    await failed;
    void snapshot("1");
    expect(requests).toHaveLength(2);
  });
});

describe("new since a sequence number", () => {
  const listed = async ({ fetch, requests }: ReturnType<typeof fixture>, ...keys: string[]) => {
    const list = fetch("1");
    await requests.at(-1)!.respond(...keys);
    return list;
  };

  test("is what no earlier list has shown, each key once", async () => {
    const given = fixture();
    await listed(given, "a");
    await listed(given, "b");
    const sequenceNumber = given.lists.sequenceNumber();
    const added = given.lists.newSince(sequenceNumber, "1", await listed(given, "a", "b", "c", "c", "d"));
    expect(added.map(({ key }) => key)).toEqual(["c", "d"]);
    expect(given.lists.isNewSince(sequenceNumber, "1", "b")).toBe(false);
    expect(given.lists.isNewSince(sequenceNumber, "1", "never seen")).toBe(true);
    expect(given.lists.isNewSince(sequenceNumber, "2", "a")).toBe(true);
  });

  test("is also what a list shows that was in flight at that number", async () => {
    const given = fixture();
    const inFlight = given.fetch("1");
    const sequenceNumber = given.lists.sequenceNumber();
    await given.requests[0]!.respond("a");
    expect(given.lists.newSince(sequenceNumber, "1", await inFlight)).toHaveLength(1);
  });

  test("is never a managed key, and only one resource manages a key", async () => {
    const given = fixture();
    const sequenceNumber = given.lists.sequenceNumber();
    expect(given.lists.manage("1", "a")).toBe(true);
    expect(given.lists.manage("1", "a")).toBe(false);
    expect(given.lists.newSince(sequenceNumber, "1", await listed(given, "a", "b")).map(({ key }) => key)).toEqual([
      "b",
    ]);
    expect(given.lists.manage("1", "b")).toBe(true);
  });

  test("does not count a failed list", async () => {
    const given = fixture();
    const failed = given.fetch("1").catch(() => undefined);
    await given.requests[0]!.fail(unavailable);
    await failed;
    expect(given.lists.sequenceNumber()).toBe(0);
  });
});

describe("a session that does not exist", () => {
  test.each([
    [true, "is an empty list with `sessionFound: false`"],
    [false, "is an error when a proxy sent it"],
  ])("404 from the appliance: %s: %s", async (fromAppliance) => {
    const { fetch, requests } = fixture();
    const list = fetch("1").catch((error: unknown) => error);
    await requests[0]!.fail(new FudoError("not-found", "404", { fromAppliance }));
    if (fromAppliance) expect(await list).toMatchObject({ shares: [], sessionFound: false });
    else expect(await list).toMatchObject({ code: "not-found" });
  });
});

test("a list holds how far the appliance's clock is ahead of this machine's, at least", async () => {
  const { fetch, requests, clock } = fixture();
  const list = fetch("1");
  await requests[0]!.respond();
  expect(await list).toMatchObject({ skew: 5000, applianceTime: clock.now() + 5000, sessionFound: true });
});

describe("a list that is doubtful", () => {
  test("passes on that it proves no absence", async () => {
    const { fetch, requests } = fixture();
    const list = fetch("1");
    await requests[0]!.respondWith({ provesAbsence: false, problems: ["cached"] });
    expect(await list).toMatchObject({ provesAbsence: false, problems: ["cached"] });
  });

  test("is reported once in a run for each session and problem, at most five at a time", async () => {
    const { fetch, requests, lists } = fixture();
    const warnings: string[] = [];
    const problems = ["a", "b", "a", "c", "d", "e", "f", "g"];
    for (const sessionId of ["1", "1", "2"]) {
      const list = fetch(sessionId);
      await requests.at(-1)!.respondWith({ problems });
      lists.reportProblems(sessionId, await list, (text) => void warnings.push(text));
    }
    const reported = (sessionId: string) => [
      ...["a", "b", "c", "d", "e"].map((problem) => `session ${sessionId}: ${problem}`),
      `session ${sessionId}: 2 more problems in the list of its shares; fudo-audit names them all`,
    ];
    expect(warnings).toEqual([...reported("1"), ...reported("2")]);
  });
});

test("a run knows how far the appliance's clock was behind at most; a clock that is ahead does not count", async () => {
  const { fetch, requests, clock, lists } = fixture();
  for (const skew of [5000, -7000, undefined, -3000]) {
    void fetch("1");
    await requests.at(-1)!.respondWith(skew === undefined ? {} : { applianceTime: clock.now() + skew });
  }
  expect(lists.clockBehind()).toBe(-7000);
});
