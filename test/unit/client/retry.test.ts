// The retry policy: which failures are retried, and when.
import { FudoError, type ErrorCode, type FudoErrorDetails } from "../../../provider/client/errors";
import { nextDelay, type Failure } from "../../../provider/client/retry";

const errorWithCode = (code: string) => Object.assign(new Error(code), { code });
const connectionRefused = (details: FudoErrorDetails = {}) =>
  new FudoError("unreachable", "refused", { cause: errorWithCode("ECONNREFUSED"), ...details });
const unavailable = (details: FudoErrorDetails = {}) =>
  new FudoError("unavailable", "503", { status: 503, ...details });
const delay = (failure: Partial<Failure> & { error: FudoError }) =>
  nextDelay({ method: "GET", attempt: 1, elapsed: 0, hasResponded: true, random: 0.5, ...failure });

describe("which failures are retried", () => {
  test.each<[string, "GET" | "POST", FudoError, boolean]>([
    ["a GET after a refused connection", "GET", connectionRefused(), true],
    [
      "a GET after a reset",
      "GET",
      new FudoError("unreachable", "reset", { cause: errorWithCode("ECONNRESET"), executed: "unknown" }),
      true,
    ],
    ["a GET after 503", "GET", unavailable({ executed: "unknown" }), true],
    ["a POST that was never sent", "POST", connectionRefused({ executed: "no" }), true],
    ["a POST after 429", "POST", unavailable({ executed: "no" }), true],
    ["a POST after a lost response", "POST", connectionRefused({ executed: "unknown" }), false],
    ["a POST after 503", "POST", unavailable({ executed: "unknown" }), false],
    [
      "an expired certificate",
      "GET",
      new FudoError("unreachable", "tls", { cause: errorWithCode("CERT_HAS_EXPIRED") }),
      false,
    ],
    [
      "a pinned fingerprint that does not match",
      "GET",
      new FudoError("unreachable", "tls", { cause: errorWithCode("FUDO_CERTIFICATE_PIN") }),
      false,
    ],
    [
      "an unreachable with an unknown cause",
      "GET",
      new FudoError("unreachable", "?", { cause: errorWithCode("constructor") }),
      false,
    ],
  ])("%s", (_what, method, error, retried) => expect(delay({ method, error }) !== undefined).toBe(retried));

  test.each<ErrorCode>([
    "config",
    "unauthorized",
    "not-found",
    "conflict",
    "rejected",
    "protocol",
    "limit",
    "uncertain",
    "refused",
    "cancelled",
  ])("never %s", (code) => expect(delay({ error: new FudoError(code, "no", { executed: "no" }) })).toBeUndefined());
});

describe("the delay", () => {
  test("doubles, with full jitter, up to fifteen seconds", () => {
    const maximums = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => delay({ error: unavailable(), attempt, random: 1 }));
    expect(maximums).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(delay({ error: unavailable(), attempt: 7, random: 0 })).toBe(100);
  });

  test("is at least Retry-After", () => {
    expect(delay({ error: unavailable({ retryAfter: 7 }), random: 0 })).toBe(7100);
    expect(delay({ error: unavailable({ retryAfter: 0 }), random: 0 })).toBe(100);
  });

  test("retries end after two minutes, or at once if Retry-After exceeds the remaining time", () => {
    expect(delay({ error: unavailable(), elapsed: 119_800, random: 0 })).toBe(100);
    expect(delay({ error: unavailable(), elapsed: 119_950, random: 0 })).toBeUndefined();
    expect(delay({ error: unavailable({ retryAfter: 3600 }) })).toBeUndefined();
    expect(delay({ error: unavailable({ retryAfter: 60 }), elapsed: 61_000 })).toBeUndefined();
  });

  test("retries end soon while the appliance has never responded: a mistyped address fails soon", () => {
    const firstContact = (attempt: number, elapsed: number) =>
      delay({ error: connectionRefused(), attempt, elapsed, hasResponded: false, random: 1 });
    expect([firstContact(1, 0), firstContact(2, 500), firstContact(3, 1500)]).toEqual([500, 1000, undefined]);
    expect(firstContact(1, 30_000)).toBeUndefined();
    expect(delay({ error: connectionRefused(), attempt: 9, elapsed: 60_000, hasResponded: true })).toBeGreaterThan(0);
  });

  test("a 503 counts as a response", () => {
    expect(delay({ error: unavailable(), attempt: 5, elapsed: 20_000, hasResponded: false })).toBeGreaterThan(0);
  });
});
