// Whatever an appliance responds, doctor can judge it, and the profile matches its schema and has nothing of a value. `SEED=n`
// repeats a run.
import fc from "fast-check";
import type { Exchange } from "../../../../provider/client";
import { impossibleSession } from "../../../../provider/audit/doctor/observations/exchanges";
import { observationLines, profileOf } from "../../../../provider/audit/doctor/observations/topics";
import { ApplianceRecord } from "../../../../provider/audit/doctor/record";
import { schemaProblems } from "../../../support/appliance-profile";

const seed = Number(process.env["SEED"] ?? 1);
const canary = "CaNaRy4711";
const session = "4665729213955833857";
const key = `${canary}key`;
const attributeNames = [
  "id",
  "session_id",
  "user_id",
  "key",
  "valid_since",
  "valid_to",
  "readonly",
  "link",
  "created_at",
];
const paths = [
  `/api/v2/session/${session}/share`,
  `/api/v2/session/${impossibleSession}/share`,
  "/api/v2/objspec/session_share",
  "/api/v2/session?offset=0&limit=1",
  "/api/v2/session?offset=1&limit=1",
  "/api/v2/session?offset=-1&limit=1",
  "/api/v2/healthcheck",
  ...["server", "account", "user"].map((kind) => `/api/v2/${kind}?fields=id,name&offset=0&limit=1`),
];

const hostileText = fc.constantFrom(
  canary,
  `2026-03-02 12:00:17 ${canary}`,
  "2026-03-02 12:00:17.250123-07",
  "9999999-03-02T12:00:17Z",
  "0".repeat(100),
  "infinity",
  "+14:99",
  "t",
  "",
);
const value = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, 0, 1, -1e300, [], {}, [canary], { toString: 1 }, { [canary]: canary }),
);
const entry = fc.dictionary(fc.constantFrom(...attributeNames, "removed", "modified_at", canary, "__proto__"), value);
const list = fc.oneof(fc.array(fc.oneof(entry, value), { maxLength: 3 }), entry, value);
const body = fc.oneof(
  fc.record(
    { result: fc.constant("success"), session_share: list, session: list, status: value },
    { requiredKeys: ["result"] },
  ),
  fc.record({ result: fc.constant("failure"), message: hostileText }),
  value,
);
const response = fc.record({
  status: fc.constantFrom(200, 201, 204, 301, 400, 401, 403, 404, 500, 999),
  headers: fc.oneof(
    fc.constant({}),
    fc.record({ date: hostileText }),
    fc.constant({ date: "Mon, 02 Mar 2026 12:00:17 GMT" }),
  ),
  text: fc.oneof(
    body.map((json) => JSON.stringify(json) ?? ""),
    fc.constantFrom("", "<html>", canary),
  ),
});
const exchange: fc.Arbitrary<Exchange> = fc.record(
  {
    method: fc.constantFrom("GET", "GET", "GET", "POST"),
    path: fc.constantFrom(paths[0]!, ...paths),
    sentAt: fc.integer({ min: 1_772_452_800_000, max: 1_772_452_900_000 }),
    endedAt: fc.integer({ min: 1_772_452_900_000, max: 1_772_453_000_000 }),
    response,
  },
  { requiredKeys: ["method", "path", "sentAt", "endedAt"] },
);

test("any responses: lines, a profile that matches the schema, and nothing of a value in either", () => {
  const run = fc.record({
    exchanges: fc.array(exchange, { maxLength: 12 }),
    wrongKey: fc.option(exchange, { nil: undefined }),
    hasShare: fc.boolean(),
    endedAt: fc.option(fc.constant(1_772_452_850_000), { nil: undefined }),
  });
  fc.assert(
    fc.property(run, ({ exchanges, wrongKey, hasShare, endedAt }) => {
      const record = new ApplianceRecord();
      exchanges.forEach(record.add);
      const share = { key, fingerprint: "0".repeat(16), since: 1_772_452_817_250, to: 1_772_452_877_250 };
      Object.assign(record, { session, wrongKey, endedAt, ...(hasShare && { share }) });
      const profile = profileOf(record);
      const lines = observationLines(record, true);
      expect(schemaProblems(profile)).toEqual([]);
      const written = JSON.stringify([profile, lines]);
      expect(written).not.toContain(canary);
      // No ID has so few digits. The skew of a clock that is wrong by years has as many.
      expect(JSON.stringify({ ...profile, clockSkewSeconds: 0 })).not.toMatch(/\d{9}/);
    }),
    { seed, numRuns: 3000 },
  );
});

test("the property can fail: a text in the wrong place does not match the schema", () => {
  const profile = profileOf(new ApplianceRecord());
  expect(schemaProblems(profile)).toEqual([]);
  expect(schemaProblems({ ...profile, shapes: { times: [canary] } })).not.toEqual([]);
});
