// The retry policy as a pure function.
import { FudoError, type ErrorCode, type FudoErrorDetails } from "../../../provider/client/errors";
import { nextDelay, type Failure } from "../../../provider/client/retry";

const coded = (code: string) => Object.assign(new Error(code), { code });
const refused = (details: FudoErrorDetails = {}) =>
  new FudoError("unreachable", "refused", { cause: coded("ECONNREFUSED"), ...details });
const unavailable = (details: FudoErrorDetails = {}) =>
  new FudoError("unavailable", "503", { status: 503, ...details });
const delay = (failure: Partial<Failure> & { error: FudoError }) =>
  nextDelay({ method: "GET", attempt: 1, elapsed: 0, heard: true, random: 0.5, ...failure });

describe("what is tried again", () => {
  test.each<[string, "GET" | "POST", FudoError, boolean]>([
    ["a GET that met a refused connection", "GET", refused(), true],
    [
      "a GET that met a reset",
      "GET",
      new FudoError("unreachable", "reset", { cause: coded("ECONNRESET"), executed: "unknown" }),
      true,
    ],
    ["a GET that met 503", "GET", unavailable({ executed: "unknown" }), true],
    ["a POST that was never sent", "POST", refused({ executed: "no" }), true],
    ["a POST that met 429", "POST", unavailable({ executed: "no" }), true],
    ["a POST whose answer was lost", "POST", refused({ executed: "unknown" }), false],
    ["a POST that met 503", "POST", unavailable({ executed: "unknown" }), false],
    ["a wrong certificate", "GET", new FudoError("unreachable", "tls", { cause: coded("CERT_HAS_EXPIRED") }), false],
    [
      "a pin that does not match",
      "GET",
      new FudoError("unreachable", "tls", { cause: coded("FUDO_CERTIFICATE_PIN") }),
      false,
    ],
    [
      "an unreachable for reasons nobody foresaw",
      "GET",
      new FudoError("unreachable", "?", { cause: coded("constructor") }),
      false,
    ],
  ])("%s", (_what, method, error, again) => expect(delay({ method, error }) !== undefined).toBe(again));

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

describe("how long is waited", () => {
  test("waits double, with full jitter, up to fifteen seconds", () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 20].map((attempt) => delay({ error: unavailable(), attempt, random: 1 }));
    expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(delay({ error: unavailable(), attempt: 7, random: 0 })).toBe(100);
  });

  test("Retry-After is a lower bound", () => {
    expect(delay({ error: unavailable({ retryAfter: 7 }), random: 0 })).toBe(7100);
    expect(delay({ error: unavailable({ retryAfter: 0 }), random: 0 })).toBe(100);
  });

  test("patience ends after two minutes, and at once when Retry-After asks for more than is left", () => {
    expect(delay({ error: unavailable(), elapsed: 119_800, random: 0 })).toBe(100);
    expect(delay({ error: unavailable(), elapsed: 119_950, random: 0 })).toBeUndefined();
    expect(delay({ error: unavailable({ retryAfter: 3600 }) })).toBeUndefined();
    expect(delay({ error: unavailable({ retryAfter: 60 }), elapsed: 61_000 })).toBeUndefined();
  });

  test("an appliance that never answered gets two quick tries: a mistyped address fails soon", () => {
    const stranger = (attempt: number, elapsed: number) =>
      delay({ error: refused(), attempt, elapsed, heard: false, random: 1 });
    expect([stranger(1, 0), stranger(2, 500), stranger(3, 1500)]).toEqual([500, 1000, undefined]);
    expect(stranger(1, 30_000)).toBeUndefined();
    expect(delay({ error: refused(), attempt: 9, elapsed: 60_000, heard: true })).toBeGreaterThan(0);
  });

  test("a 503 is an answer: its sender is no stranger", () => {
    expect(delay({ error: unavailable(), attempt: 5, elapsed: 20_000, heard: false })).toBeGreaterThan(0);
  });
});
