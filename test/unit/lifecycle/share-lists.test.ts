// Who shares a list, what counts as known, and who owns a key.
import type { Share } from "../../../provider/client/api";
import { FudoError } from "../../../provider/client/errors";
import { SessionLists } from "../../../provider/lifecycle/run/share-lists";
import { VirtualClock } from "../../support/virtual-clock";

interface Request {
  answer(...keys: string[]): Promise<void>;
  fail(error: FudoError): Promise<void>;
}

/** Lists whose requests the test answers one by one. */
function stage() {
  const clock = new VirtualClock();
  const requests: Request[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  const listShares = () =>
    new Promise<{ shares: Share[]; applianceTime: number }>((resolve, reject) =>
      requests.push({
        answer: (...keys) => (
          resolve({ shares: keys.map((key) => ({ key, removed: false })), applianceTime: clock.now() + 5000 }),
          settled()
        ),
        fail: (error) => (reject(error), settled()),
      }),
    );
  return { clock, requests, settled, lists: new SessionLists({ listShares }, clock) };
}

const unavailable = new FudoError("unavailable", "503");

describe("who may share a request", () => {
  test("reads that begin within a second of it, on the same session", async () => {
    const { lists, requests, clock } = stage();
    const reads = [lists.shared("1"), lists.shared("1"), lists.shared("2")];
    clock.advance(1000);
    reads.push(lists.shared("1"));
    expect(requests).toHaveLength(2);
    clock.advance(1);
    void lists.shared("1");
    expect(requests).toHaveLength(3);
    await requests[0]!.answer("a");
    expect((await reads[3]!).shares).toHaveLength(1);
  });

  test("nobody who wants a fresh one", () => {
    const { lists, requests } = stage();
    void lists.shared("1");
    void lists.fresh("1");
    void lists.fresh("1");
    expect(requests).toHaveLength(3);
  });

  test("whoever waits shares its failure, whoever comes later asks again", async () => {
    const { lists, requests } = stage();
    const reads = [lists.shared("1"), lists.shared("1")];
    const failed = Promise.allSettled(reads);
    await requests[0]!.fail(unavailable);
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    void lists.shared("1");
    expect(requests).toHaveLength(2);
  });

  test("creations that end before it is sent", async () => {
    const { lists, requests, settled } = stage();
    let ready = () => undefined as void;
    const isReady = new Promise<void>((resolve) => (ready = resolve));
    const first = lists.awaited("1", () => isReady);
    const second = lists.awaited("1", () => Promise.reject(new Error("nobody asks the second")));
    expect(requests).toHaveLength(0);
    ready();
    await settled();
    expect(requests).toHaveLength(1);
    const third = lists.awaited("1", () => Promise.resolve());
    await settled();
    expect(requests).toHaveLength(2);
    await requests[0]!.answer("a");
    await requests[1]!.answer("a", "b");
    expect((await Promise.all([first, second, third])).map(({ shares }) => shares.length)).toEqual([1, 1, 2]);
  });

  test("no more than five creations, however long the session is busy", async () => {
    const { lists, requests, settled } = stage();
    const busy = () => new Promise<void>(() => undefined);
    for (let count = 0; count < 4; count++) void lists.awaited("1", busy);
    await settled();
    expect(requests).toHaveLength(0);
    void lists.awaited("1", busy);
    await settled();
    expect(requests).toHaveLength(1);
    void lists.awaited("1", busy);
    await settled();
    expect(requests).toHaveLength(1);
  });
});

describe("a creation's patience", () => {
  test("is none before a list, then grows with the last one, to half a second", async () => {
    const { lists, requests } = stage();
    expect(lists.patience("1")).toBe(0);
    for (const [length, patience] of [
      [40, 20],
      [4000, 500],
      [4, 2],
    ] as const) {
      const list = lists.fresh("1");
      await requests.at(-1)!.answer(...Array.from({ length }, (_, index) => String(index)));
      await list;
      expect(lists.patience("1")).toBe(patience);
    }
    expect(lists.patience("2")).toBe(0);
  });
});

describe("the baseline", () => {
  test("is one for the session and the run", async () => {
    const { lists, requests, clock } = stage();
    void lists.baseline("1");
    await requests[0]!.answer();
    clock.advance(3_600_000);
    await lists.baseline("1");
    void lists.baseline("2");
    expect(requests).toHaveLength(2);
  });

  test("is asked for again when it failed", async () => {
    const { lists, requests } = stage();
    const failed = expect(lists.baseline("1")).rejects.toThrow("503");
    await requests[0]!.fail(unavailable);
    await failed;
    void lists.baseline("1");
    expect(requests).toHaveLength(2);
  });
});

describe("what is new", () => {
  const listed = async ({ lists, requests }: ReturnType<typeof stage>, ...keys: string[]) => {
    const list = lists.fresh("1");
    await requests.at(-1)!.answer(...keys);
    return list;
  };

  test("what no list before the mark has shown, each key once", async () => {
    const on = stage();
    await listed(on, "a");
    await listed(on, "b");
    const mark = on.lists.mark();
    const news = on.lists.unknownSince(mark, "1", await listed(on, "a", "b", "c", "c", "d"));
    expect(news.map(({ key }) => key)).toEqual(["c", "d"]);
    expect(on.lists.isNewSince(mark, "1", "b")).toBe(false);
    expect(on.lists.isNewSince(mark, "1", "never seen")).toBe(true);
    expect(on.lists.isNewSince(mark, "2", "a")).toBe(true);
  });

  test("also what a list showed that was under way when the mark was set", async () => {
    const on = stage();
    const underWay = on.lists.fresh("1");
    const mark = on.lists.mark();
    await on.requests[0]!.answer("a");
    expect(on.lists.unknownSince(mark, "1", await underWay)).toHaveLength(1);
  });

  test("never what somebody in this process has claimed, and a key has one claimant", async () => {
    const on = stage();
    const mark = on.lists.mark();
    expect(on.lists.claim("1", "a")).toBe(true);
    expect(on.lists.claim("1", "a")).toBe(false);
    expect(on.lists.unknownSince(mark, "1", await listed(on, "a", "b")).map(({ key }) => key)).toEqual(["b"]);
    expect(on.lists.claim("1", "b")).toBe(true);
  });

  test("no failed list counts as seen", async () => {
    const on = stage();
    const failed = on.lists.fresh("1").catch(() => undefined);
    await on.requests[0]!.fail(unavailable);
    await failed;
    expect(on.lists.mark()).toBe(0);
  });
});

describe("a session that is not there", () => {
  test.each([
    [true, "is an empty list that says so"],
    [false, "is an error when a proxy says it"],
  ])("404 from the appliance: %s: %s", async (fromAppliance) => {
    const { lists, requests } = stage();
    const list = lists.fresh("1").catch((error: unknown) => error);
    await requests[0]!.fail(new FudoError("not-found", "404", { fromAppliance }));
    if (fromAppliance) expect(await list).toMatchObject({ shares: [], sessionFound: false });
    else expect(await list).toMatchObject({ code: "not-found" });
  });
});

test("the appliance's clock is told against ours, at least", async () => {
  const { lists, requests, clock } = stage();
  const list = lists.fresh("1");
  await requests[0]!.answer();
  expect(await list).toMatchObject({ skew: 5000, applianceTime: clock.now() + 5000, sessionFound: true });
});
