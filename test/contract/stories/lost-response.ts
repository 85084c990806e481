// Stories of a lost response: the appliance created the share, and the create does not know it yet.
import type { StartDriver } from "../../support/drivers/driver";
import { contractSuite, results, type SuiteOptions } from "../../support/contract-suite";

export function lostResponseStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);

  test.each([
    ["a connection reset", { kind: "reset" }],
    ["a half-closed connection", { kind: "halfClose", responseBytes: 200 }],
    ["a response cut short", { kind: "truncated" }],
    ["a proxy's 502", { kind: "html", status: 502 }],
    ["a proxy's 200", { kind: "html", status: 200 }],
    ["a 503 of the appliance", { kind: "failure", status: 503 }],
    ["a proxy's 404", { kind: "html", status: 404 }],
    ["a 404 without a body", { kind: "bare", status: 404 }],
    ["a proxy's 408", { kind: "html", status: 408 }],
    ["a filter's 403", { kind: "html", status: 403 }],
    ["a redirect", { kind: "bare", status: 302, headers: { Location: "https://elsewhere.example/" } }],
    ["invalid gzip", { kind: "bare", status: 200, body: "text", headers: { "Content-Encoding": "gzip" } }],
  ] as const)(
    "%s after the share was created: found with a warning or uncertain, never sent again",
    async (_, fault) => {
      const { emulator, declare, driver, expected } = suite();
      emulator.fault({ on: "POST", when: "after", ...fault });
      const outcomes = await Promise.allSettled([declare()]);
      const [share, ...others] = emulator.shares();
      expect(others).toEqual([]);
      expect(emulator.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
      expect(outcomes).toEqual([expected.lostResponse.outcome(share!.key)]);
      expect(driver.warnings()).toEqual(expected.lostResponse.warnings);
    },
  );

  test("the share of a lost response is not confused with its neighbours on the session", async () => {
    const { emulator, declare, sessionId, expected } = suite();
    // A window with a fraction of a second: it shows that windows are not cut.
    const validSince = Math.floor(Date.now() / 1000) * 1000 + 123;
    const { key: before } = emulator.addShare(sessionId, { validSince });
    emulator.fault({ on: "POST", when: "after", kind: "reset", skip: 2 });
    const declared = Array.from({ length: 6 }, (_, number) => ({ duration: "PT8H", labels: { number: `${number}` } }));
    const outcomes = await Promise.allSettled(declared.map((inputs) => declare(inputs)));
    const created = emulator.shares().map(({ key }) => key);
    expect(created).toHaveLength(7);
    const lost = created[3]!;
    expect(outcomes).toContainEqual(expected.lostResponse.outcome(lost));
    const managed = results(outcomes).map(({ outputs }) => outputs["key"]);
    expect(new Set(managed).size).toBe(managed.length);
    expect(new Set([...managed, lost, before])).toEqual(new Set(created));
  });
}
