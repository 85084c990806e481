// Property: any one answer of the appliance replaced by an error, nothing, an empty list or random JSON never lowers the exit
// code. The only exception is a valid list that no longer shows a share.
import fc from "fast-check";
import type { Fault } from "../../../../provider/emulator";
import { inWorld, rank } from "./world";
import { anyWorld } from "./world-spec";
import "./settings";

/** What comes instead of one answer. `times`: retries get it too. */
const answer: fc.Arbitrary<Fault> = fc
  .oneof(
    fc.record({
      kind: fc.constantFrom("failure", "html", "bare"),
      status: fc.constantFrom(400, 401, 403, 404, 409, 418, 429, 500, 502, 503),
    }),
    fc.constantFrom(
      { kind: "bare", status: 200 },
      { kind: "bare", status: 200, body: "{}" },
      { kind: "bare", status: 200, body: '{"result":"success"}' },
      { kind: "bare", status: 200, body: '{"result":"failure"}' },
      { kind: "bare", status: 204 },
      { kind: "bare", status: 302 },
      { kind: "truncated" },
      { kind: "reset" },
      { kind: "masked" },
      { kind: "list" },
      { kind: "list", value: [] },
      { kind: "list", value: null },
      { kind: "list", value: {} },
      { kind: "without", attribute: "key" },
      { kind: "without", attribute: "id" },
      { kind: "headers", headers: { Age: "3600" } },
    ),
    fc.jsonValue().map((value) => ({ kind: "bare", status: 200, body: JSON.stringify(value) })),
    fc
      .jsonValue()
      .map((value) => ({
        kind: "bare",
        status: 200,
        body: JSON.stringify({ result: "success", session: value, session_share: value }),
      })),
    fc.jsonValue().map((value) => ({ kind: "list", value })),
    fc.jsonValue().map((value) => ({ kind: "entry", value, index: 0 })),
  )
  .map((effect) => ({ ...effect, on: "GET", times: 40 }) as Fault);

/** A valid list of other shares, or of none: for the shares that it does not contain, it may say that they are gone. */
function isOtherList(fault: Fault, path: string): boolean {
  if (!path.endsWith("/share")) return false;
  const { kind, value, body } = fault as { kind: string; value?: unknown; body?: string };
  if (body === undefined && !(kind === "list" && "value" in fault)) return false;
  const sent = body === undefined ? value : (JSON.parse(body) as { session_share?: unknown } | null)?.session_share;
  const entries = sent === null ? [] : Array.isArray(sent) ? sent : [sent];
  return entries.every((entry) => typeof (entry as { key?: unknown } | null)?.key === "string");
}

test("any one answer replaced never lowers the exit code", async () => {
  await fc.assert(
    fc.asyncProperty(anyWorld, answer, fc.nat(30), (spec, fault, position) =>
      inWorld(spec, async (world) => {
        const { emulator } = world.fixture;
        emulator.resetRequests();
        const before = await world.wholeAudit();
        const paths = emulator.requests.map(({ path }) => path);
        const path = paths[position % paths.length]!;
        emulator.fault({ ...fault, on: (request) => request.path === path });
        const after = await world.audit();
        if (rank(after.code) < rank(before.code) && !isOtherList(fault, path)) {
          throw new Error(`${path}: exit ${before.code} became ${after.code}`);
        }
      }),
    ),
    { numRuns: 1000 },
  );
});
