// The create queue: one create at a time on a session, different sessions in parallel.
import { CreateQueue, type QueueSlot } from "../../../provider/lifecycle/run/create-queue";

const never = new AbortController().signal;

/** Work that ends when the test decides. */
function work() {
  let end = (_: string) => undefined as void;
  let fail = (_: Error) => undefined as void;
  const running = new Promise<string>((resolve, reject) => ((end = resolve), (fail = reject)));
  const started = jest.fn((_slot: QueueSlot) => running);
  return { started, end, fail };
}

const settled = () => new Promise(setImmediate);

test("creates of one session run one after the other in their order, creates of other sessions in parallel", async () => {
  const queue = new CreateQueue();
  const [first, second, other] = [work(), work(), work()];
  const results = [
    queue.enqueue("1", never, first.started),
    queue.enqueue("1", never, second.started),
    queue.enqueue("2", never, other.started),
  ];
  await settled();
  expect([first, second, other].map(({ started }) => started.mock.calls.length)).toEqual([1, 0, 1]);
  first.end("first");
  await settled();
  expect(second.started).toHaveBeenCalled();
  second.end("second");
  other.end("other");
  expect(await Promise.all(results)).toEqual(["first", "second", "other"]);
});

test("a failed create does not fail the next one", async () => {
  const queue = new CreateQueue();
  const [first, second] = [work(), work()];
  const results = [queue.enqueue("1", never, first.started), queue.enqueue("1", never, second.started)];
  first.fail(new Error("lost"));
  second.end("second");
  await expect(results[0]).rejects.toThrow("lost");
  await expect(results[1]).resolves.toBe("second");
});

test("work that throws before its first await fails its own create only", async () => {
  const queue = new CreateQueue();
  await expect(
    queue.enqueue("1", never, () => {
      throw new Error("at once");
    }),
  ).rejects.toThrow("at once");
  await expect(queue.enqueue("1", never, () => Promise.resolve("later"))).resolves.toBe("later");
});

test("a cancelled run ends queued creates as cancelled, and not the create that runs", async () => {
  const queue = new CreateQueue();
  const cancellation = new AbortController();
  const [first, second] = [work(), work()];
  const results = [
    queue.enqueue("1", cancellation.signal, first.started),
    queue.enqueue("1", cancellation.signal, second.started),
  ];
  await settled();
  cancellation.abort();
  first.end("first");
  await expect(results[0]).resolves.toBe("first");
  await expect(results[1]).rejects.toMatchObject({ code: "cancelled", executed: "no" });
  expect(second.started).not.toHaveBeenCalled();
});

describe("a session is idle", () => {
  test("when its last create has ended, with or without a failure, and again after every later one", async () => {
    const queue = new CreateQueue();
    const idle = jest.fn();
    for (const outcome of ["end", "fail"] as const) {
      const [first, last] = [work(), work()];
      const results = Promise.allSettled([
        queue.enqueue("1", never, first.started),
        queue.enqueue("1", never, last.started),
      ]);
      void queue.idle("1").then(idle);
      void queue.idle("2").then(() => idle("another session is idle at once"));
      first.end("");
      await settled();
      expect(idle.mock.calls).toEqual([["another session is idle at once"]]);
      if (outcome === "end") last.end("");
      else last.fail(new Error());
      await results;
      await settled();
      expect(idle).toHaveBeenCalledTimes(2);
      idle.mockClear();
    }
  });

  test("while its running create is in back-off or recovery, although others are queued behind it", async () => {
    const queue = new CreateQueue();
    const [first, second] = [work(), work()];
    void queue.enqueue("1", never, first.started);
    void queue.enqueue("1", never, second.started);
    await settled();
    const slot = first.started.mock.calls[0]![0];
    const idle = jest.fn();
    void queue.idle("1").then(idle);
    await settled();
    expect(idle).not.toHaveBeenCalled();
    slot.suspend();
    await settled();
    expect(idle).toHaveBeenCalledTimes(1);
    slot.resume();
    void queue.idle("1").then(idle);
    await settled();
    expect(idle).toHaveBeenCalledTimes(1);
    slot.suspend();
    first.end("");
    await settled();
    void queue.idle("1").then(idle);
    await settled();
    expect(second.started).toHaveBeenCalled();
    expect(idle).toHaveBeenCalledTimes(2);
  });
});
