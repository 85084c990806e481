// Turns: one at a time on a session, side by side on different ones.
import { systemClock } from "../../../provider/time/clock";
import { Turns } from "../../../provider/lifecycle/run/create-queue";
import { VirtualClock } from "../../support/virtual-clock";

/** Work that ends when the test says so. */
function work() {
  let end = (_: string) => undefined as void;
  let fail = (_: Error) => undefined as void;
  const running = new Promise<string>((resolve, reject) => ((end = resolve), (fail = reject)));
  const begun = jest.fn(() => running);
  return { begun, end, fail };
}

const settled = () => new Promise(setImmediate);

test("on one session one after the other, in the order of arrival, on different sessions side by side", async () => {
  const turns = new Turns(new VirtualClock());
  const [first, second, other] = [work(), work(), work()];
  const taken = [turns.take("1", first.begun), turns.take("1", second.begun), turns.take("2", other.begun)];
  await settled();
  expect([first, second, other].map(({ begun }) => begun.mock.calls.length)).toEqual([1, 0, 1]);
  first.end("first");
  await settled();
  expect(second.begun).toHaveBeenCalled();
  second.end("second");
  other.end("other");
  expect(await Promise.all(taken)).toEqual(["first", "second", "other"]);
});

test("a turn that fails is over for its owner alone", async () => {
  const turns = new Turns(new VirtualClock());
  const [first, second] = [work(), work()];
  const taken = [turns.take("1", first.begun), turns.take("1", second.begun)];
  first.fail(new Error("lost"));
  second.end("second");
  await expect(taken[0]).rejects.toThrow("lost");
  await expect(taken[1]).resolves.toBe("second");
});

test("work that throws before it has begun fails its owner, not the queue", async () => {
  const turns = new Turns(new VirtualClock());
  await expect(
    turns.take("1", () => {
      throw new Error("at once");
    }),
  ).rejects.toThrow("at once");
  await expect(turns.take("1", () => Promise.resolve("later"))).resolves.toBe("later");
});

test("a session is idle when its last turn is over, well or not, and again after every later one", async () => {
  const turns = new Turns(new VirtualClock());
  const idle = jest.fn();
  for (const outcome of ["end", "fail"] as const) {
    const [first, last] = [work(), work()];
    const taken = Promise.allSettled([turns.take("1", first.begun), turns.take("1", last.begun)]);
    void turns.idle("1").then(idle);
    void turns.idle("2").then(() => idle("another session is idle at once"));
    first.end("");
    await settled();
    expect(idle.mock.calls).toEqual([["another session is idle at once"]]);
    if (outcome === "end") last.end("");
    else last.fail(new Error());
    await taken;
    expect(idle).toHaveBeenCalledTimes(2);
    idle.mockClear();
  }
});

describe("a session is quiet", () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ["setImmediate"] }));
  afterEach(() => jest.useRealTimers());

  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  function scene() {
    const turns = new Turns(systemClock);
    const quiet = jest.fn();
    const come = () => turns.take("1", () => Promise.resolve());
    const watch = async () => {
      void turns.quiet("1", 100, 500).then(quiet);
      await settled();
    };
    return { turns, quiet, come, watch };
  }

  test("at once where one came alone", async () => {
    const { quiet, come, watch } = scene();
    await come();
    await watch();
    expect(quiet).toHaveBeenCalled();
  });

  test("at once where comers are further apart than the patience", async () => {
    const { quiet, come, watch } = scene();
    await come();
    await pass(101);
    await come();
    await watch();
    expect(quiet).toHaveBeenCalled();
  });

  test("where comers were close together, when nobody has come for as long as the patience", async () => {
    const { quiet, come, watch } = scene();
    await come();
    await pass(60);
    await come();
    await watch();
    await pass(99);
    await come();
    await pass(1);
    expect(quiet).not.toHaveBeenCalled();
    await pass(99);
    expect(quiet).not.toHaveBeenCalled();
    await pass(1);
    expect(quiet).toHaveBeenCalled();
  });

  test("only the last five comers count", async () => {
    const { quiet, come, watch } = scene();
    await come();
    await pass(10_000);
    for (let count = 0; count < 5; count++) await come();
    await watch();
    expect(quiet).not.toHaveBeenCalled();
  });

  test("for the time given at most, however busy it is", async () => {
    const { turns, quiet, watch } = scene();
    void turns.take("1", () => new Promise(() => undefined));
    await watch();
    await pass(499);
    expect(quiet).not.toHaveBeenCalled();
    await pass(1);
    expect(quiet).toHaveBeenCalled();
  });
});
