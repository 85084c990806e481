// What one process remembers between operations: replaced shares, shares that a create took over, and uncertain creates.
import type { Client } from "../../../provider/client/api";
import { fingerprintOf } from "../../../provider/client/fingerprint";
import { createLifecycle, type RecoverFlag } from "../../../provider/lifecycle";
import { hour, recorded, sessionId, settings } from "../../support/states";
import { VirtualClock } from "../../support/virtual-clock";
import { Appliance } from "./fixture";

const start = "2025-05-15T13:07:10.500Z";
const tag = 10_500;
const inputs = { sessionId, duration: "PT8H", readonly: true, labels: {}, declarationTag: tag };

function fixture(recover: RecoverFlag = "off") {
  const clock = new VirtualClock();
  const appliance = new Appliance(clock);
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const call = { signal: new AbortController().signal, warn, info: warn, assertEngineAlive: () => undefined };
  const createClient = () => Object.assign(appliance as unknown as Client, { origin: "https://fudo.example" });
  const lifecycle = createLifecycle({
    settings: settings(),
    clock,
    createClient,
    flags: { abandonLive: false, recover },
  });
  const window = { validSince: start, validTo: new Date(clock.now() + 8 * hour).toISOString() };
  const { key } = appliance.add({ ...window, createdAt: new Date(Date.parse(start) + 500).toISOString() });
  const fingerprint = fingerprintOf(key);
  const id = `${sessionId}/${fingerprint}`;
  const olds = recorded({ ...window, key, fingerprint, createdAt: start });
  return { appliance, warnings, call, lifecycle, id, olds };
}

describe("a replaced share", () => {
  const news = { ...inputs, readonly: false };

  test("that the newest list shows as revoked is not granted again without a sentence in a preview", async () => {
    const { lifecycle, appliance, call, id, olds } = fixture();
    expect(lifecycle.diff(id, olds, news, call).properties).toMatchObject({ readonly: "replace" });
    Object.assign(appliance.shares[0]!, { removed: true });
    await expect(lifecycle.create(news, call)).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/was revoked on the appliance.*pulumi refresh/),
    });
    expect(appliance.posts).toEqual([]);
  });

  test("that the state knows as removed is granted again: the preview has said so", async () => {
    const { lifecycle, appliance, warnings, call, id, olds } = fixture();
    Object.assign(appliance.shares[0]!, { removed: true });
    lifecycle.diff(id, { ...olds, removed: true }, news, call);
    await lifecycle.create(news, call);
    expect(appliance.posts).toHaveLength(1);
    expect(warnings[0]).toContain("grants access again");
  });

  test("that the newest list no longer shows is announced before the POST", async () => {
    const { lifecycle, appliance, warnings, call, id, olds } = fixture();
    lifecycle.diff(id, olds, news, call);
    appliance.shares.length = 0;
    appliance.meanwhile = () => expect(warnings.at(-1)).toContain("is no longer in the session's list");
    await lifecycle.create(news, call);
    expect(appliance.posts).toHaveLength(1);
  });

  test("of another session is not judged by this session's list", async () => {
    const { lifecycle, appliance, call, id, olds } = fixture();
    Object.assign(appliance.shares[0]!, { removed: true });
    lifecycle.diff(id, olds, { ...news, sessionId: "7" }, call);
    await lifecycle.create({ ...news, sessionId: "7" }, call);
    expect(appliance.posts).toHaveLength(1);
  });

  test("of an older class, which sets no tag, is found by its inputs", async () => {
    const { lifecycle, appliance, call, id, olds } = fixture();
    const untagged = { readonly: false, sessionId, duration: "PT8H" };
    lifecycle.diff(id, olds, untagged, call);
    Object.assign(appliance.shares[0]!, { removed: true });
    await expect(lifecycle.create({ sessionId, duration: "PT8H", readonly: false }, call)).rejects.toMatchObject({
      code: "refused",
    });
  });
});

describe("a share that a create took over", () => {
  test("is an error when a later resource of the state has it too", async () => {
    const { lifecycle, call, id, olds } = fixture("newest");
    await lifecycle.create(inputs, call);
    expect(() => lifecycle.diff(id, olds, inputs, call)).toThrow(/is managed by two resources/);
  });

  test("is deleted from the state without a refusal and without a warning", async () => {
    const { lifecycle, warnings, call, id, olds } = fixture("newest");
    await lifecycle.create(inputs, call);
    warnings.length = 0;
    lifecycle.delete(id, { ...olds, deletionPolicy: "refuseWhileLive" }, call);
    expect(warnings).toEqual([]);
  });
});

test.each(["diff", "read", "update", "delete"] as const)(
  "a share that %s has met is never taken over",
  async (operation) => {
    const { lifecycle, appliance, call, id, olds } = fixture("newest");
    if (operation === "diff") lifecycle.diff(id, olds, { ...inputs, readonly: false }, call);
    if (operation === "read") await lifecycle.read(id, olds, call);
    if (operation === "update") await lifecycle.update(id, olds, inputs, call);
    if (operation === "delete") lifecycle.delete(id, olds, call);
    const created = await lifecycle.create(inputs, call);
    expect(created.id).not.toBe(id);
    expect(appliance.posts).toHaveLength(1);
  },
);

test("a tag and a generated start cause no diff, also after a `validTo` is exchanged for the `duration` it came from", () => {
  const { lifecycle, call, id, olds } = fixture();
  expect(lifecycle.diff(id, { ...olds, duration: "PT8H" }, inputs, call)).toEqual({ changes: false, properties: {} });
  const { duration: _, ...declaredEnd } = olds;
  expect(lifecycle.diff(id, declaredEnd, inputs, call).changes).toBe(false);
  expect(lifecycle.diff(id, declaredEnd, { ...inputs, duration: "PT7H" }, call).properties).toEqual({
    duration: "replace",
  });
});
