// Completing lists: when the list that completes new shares is requested, and which creates share it.
import { CompletingLists } from "../../../provider/lifecycle/run/completing-lists";
import { CreateQueue } from "../../../provider/lifecycle/run/create-queue";
import { ShareLists } from "../../../provider/lifecycle/run/share-lists";
import { systemClock } from "../../../provider/time/clock";

beforeEach(() => jest.useFakeTimers({ doNotFake: ["setImmediate"] }));
afterEach(() => jest.useRealTimers());

const never = new AbortController().signal;
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

/** `busy()` puts a create into the queue that stays there until the returned function is called. */
function fixture() {
  const listShares = jest.fn((_sessionId: string) =>
    Promise.resolve({ shares: [], provesAbsence: true, problems: [] }),
  );
  const lists = new ShareLists({ listShares }, systemClock);
  const queue = new CreateQueue();
  const completing = new CompletingLists(lists, queue, systemClock);
  const busy = (sessionId = "1") => {
    const { promise, resolve } = Promise.withResolvers<void>();
    void queue.enqueue(sessionId, never, () => promise);
    return resolve;
  };
  return { listShares, completing, queue, busy };
}

test("the list is requested at once when no POST of the session is in flight or queued", async () => {
  const { listShares, completing, busy } = fixture();
  busy("2");
  await completing.next("1", never);
  expect(listShares.mock.calls.map(([sessionId]) => sessionId)).toEqual(["1"]);
});

test("one list serves all creates that wait until the queue is empty; a later create gets a later list", async () => {
  const { listShares, completing, busy } = fixture();
  const end = busy();
  const first = completing.next("1", never);
  const second = completing.next("1", never);
  await pass(499);
  expect(listShares).not.toHaveBeenCalled();
  end();
  expect(await first).toBe(await second);
  expect(listShares).toHaveBeenCalledTimes(1);
  expect(await completing.next("1", never)).not.toBe(await first);
  expect(listShares).toHaveBeenCalledTimes(2);
});

test("the list is requested when five creates wait for it, although POSTs are queued", async () => {
  const { listShares, completing, busy } = fixture();
  busy();
  for (let count = 0; count < 4; count++) void completing.next("1", never);
  await pass(0);
  expect(listShares).not.toHaveBeenCalled();
  void completing.next("1", never);
  await pass(0);
  expect(listShares).toHaveBeenCalledTimes(1);
  void completing.next("1", never);
  await pass(0);
  expect(listShares).toHaveBeenCalledTimes(1);
});

test("the list is requested 500 ms after the first response that waits for it, although POSTs are queued", async () => {
  const { listShares, completing, busy } = fixture();
  busy();
  void completing.next("1", never);
  await pass(400);
  void completing.next("1", never);
  await pass(99);
  expect(listShares).not.toHaveBeenCalled();
  await pass(1);
  expect(listShares).toHaveBeenCalledTimes(1);
});

test("a neighbour in back-off or recovery delays nobody's list", async () => {
  const { listShares, completing, queue } = fixture();
  void queue.enqueue("1", never, (slot) => {
    slot.suspend();
    return new Promise(() => undefined);
  });
  await pass(0);
  await completing.next("1", never);
  expect(listShares).toHaveBeenCalledTimes(1);
});

test("a cancelled run ends the wait, and the list is still requested", async () => {
  const { listShares, completing, busy } = fixture();
  busy();
  const cancellation = new AbortController();
  const list = completing.next("1", cancellation.signal);
  cancellation.abort();
  await list;
  expect(listShares).toHaveBeenCalledTimes(1);
});

test("no timer stays behind", async () => {
  const { completing } = fixture();
  await completing.next("1", never);
  await pass(0);
  expect(jest.getTimerCount()).toBe(0);
});
