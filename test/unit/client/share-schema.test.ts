// The wire schemas: which deviations in a response are tolerated, and which make it invalid.
import fc from "fast-check";
import { checkResponse, type SuccessResponse } from "../../../provider/client/response";
import { isFudoError, type FudoError } from "../../../provider/client/errors";
import { parseInstant } from "../../../provider/time/instants";
import { redact } from "../../../provider/client/redact";
import { readSessions } from "../../../provider/client/session-schema";
import { readCreatedShare, readShareList, readShareSpec } from "../../../provider/client/share-schema";
import { vendor } from "./fixture";

const request = { method: "POST", path: "/api/v2/x", origin: "https://fudo.example", apiKeySource: "here" } as const;
const response = (text: string): SuccessResponse =>
  checkResponse({ status: 200, statusText: "OK", headers: {}, body: Buffer.from(text) }, request, 0);
const list = (...entries: object[]) =>
  readShareList(response(JSON.stringify({ result: "success", session_share: entries }))).shares;
const key = "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT";

function thrown(run: () => unknown): FudoError {
  try {
    run();
  } catch (error) {
    if (isFudoError(error)) return error;
  }
  throw new Error("no FudoError was thrown");
}

describe("the vendor's samples", () => {
  test("the list", () => {
    expect(readShareList(response(vendor("session-share-list"))).shares[0]).toEqual({
      sessionId: "4665729213955833860",
      key,
      validSince: "2025-05-14 05:11:00-07",
      validTo: "2025-05-14 13:11:00-07",
      readonly: true,
      link: `/sessions/4665729213955833860/?key=${key}`,
      createdAt: "2025-05-14 05:11:20.443267-07",
      modifiedAt: "2025-05-14 05:11:20.443267-07",
      removed: false,
    });
  });

  test("the created share", () => {
    expect(readCreatedShare(response(vendor("session-share-created"))).share).toEqual({
      key: "gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ",
      removed: false,
    });
  });

  test("the specification", () => {
    const spec = readShareSpec(response(vendor("objspec-session_share.inferred")));
    expect(spec["valid_since"]).toMatchObject({ type: "datetime", required: true });
    expect(spec["readonly"]).toMatchObject({ type: "boolean" });
  });
});

describe("tolerated deviations", () => {
  test("unknown, missing, null and reordered attributes", () => {
    expect(list({ removed: null, later: { a: 1 }, valid_to: null, readonly: false, key }, {})).toEqual([
      { key, readonly: false, removed: false },
      { removed: false },
    ]);
  });

  test.each<[unknown, boolean]>([
    [undefined, false],
    [null, false],
    [false, false],
    ["", false],
    ["f", false],
    ["false", false],
    [true, true],
    ["t", true],
    ["true", true],
    ["2025-05-14 05:11:20.443267-07", true],
  ])("removed: %j means %s", (removed, expected) =>
    expect(list({ key, removed })[0]).toHaveProperty("removed", expected),
  );

  test("IDs that come as numbers keep every digit", () => {
    const text = `{"result":"success","session_share":[{"session_id":4665729213955833860,"id": 9223372036854775807,"user_id":7}]}`;
    expect(readShareList(response(text)).shares).toEqual([
      { sessionId: "4665729213955833860", id: "9223372036854775807", userId: "7", removed: false },
    ]);
  });

  test("an empty key counts as absent", () => expect(list({ key: "" })).toEqual([{ removed: false }]));

  test("attributes such as `__proto__` have no effect", () => {
    const text = `{"result":"success","__proto__":{"polluted":1},"session_share":[{"key":"${key}","__proto__":{"removed":true},"constructor":{"prototype":{}}}]}`;
    expect(readShareList(response(text)).shares).toEqual([{ key, removed: false }]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    const spec = readShareSpec(
      response(`{"result":"success","session_share":{"__proto__":{"type":"string"},"key":{"type":"string"}}}`),
    );
    expect(Object.getPrototypeOf(spec) === Object.prototype || Object.getPrototypeOf(spec) === null).toBe(true);
    expect(spec["key"]).toEqual({ type: "string" });
  });

  test("the response to a POST needs only a valid key", () => {
    const text = `{"result":"success","session_share":{"key":"${key}","valid_to":"soon","readonly":3}}`;
    expect(readCreatedShare(response(text)).share).toEqual({ key, removed: false });
  });

  test("a key of an undocumented form is masked from then on", () => {
    list({ key: "short-but-secret" });
    expect(redact("is short-but-secret the key?")).toBe("is [secret] the key?");
  });
});

describe("responses that are invalid (protocol)", () => {
  test.each<[string, object]>([
    ["a key that is not text", { key: 5 }],
    ["text that is not an instant", { valid_to: "soon" }],
    ["an instant that does not exist", { valid_since: "2025-02-30 00:00:00-07" }],
    ["an instant as a number", { created_at: 1747224680 }],
    ["a mode that is not a boolean", { readonly: "yes" }],
    ["a removal that is an object", { removed: {} }],
    ["an ID with a fraction", { session_id: 1.5 }],
  ])("%s: the message names the place and not the value", (_what, entry) => {
    const error = thrown(() => list({ key }, entry));
    expect(error).toMatchObject({ code: "protocol", executed: "unknown", status: 200 });
    expect(error.message).toContain(`session_share.1.${Object.keys(entry)[0]}`);
    expect(error.message).not.toMatch(/soon|yes|1747224680/);
  });

  test.each([
    "{}",
    '{"session_share":null}',
    '{"session_share":{}}',
    '{"session_share":[null]}',
    '{"session_share":"x"}',
  ])("a list of the form %s", (text) => {
    const whole = text.replace("{", '{"result":"success"' + (text === "{}" ? "" : ","));
    expect(thrown(() => readShareList(response(whole))).code).toBe("protocol");
  });

  test.each(["{}", '{"key":null}', '{"key":""}', "[]", "null"])(
    "a created share of the form %s does not prove that the share exists",
    (share) => {
      const error = thrown(() => readCreatedShare(response(`{"result":"success","session_share":${share}}`)));
      expect(error).toMatchObject({ code: "protocol", executed: "unknown" });
    },
  );

  test("a hostile attribute name in a message is printed safely", () => {
    const error = thrown(() =>
      readShareSpec(response(JSON.stringify({ result: "success", session_share: { "\u001b[2Jx": 1 } }))),
    );
    expect(error.message).toContain("session_share.[2Jx");
  });
});

test("a list of more than 50,000 entries exceeds the limit", () => {
  const text = `{"result":"success","session_share":[${"{},".repeat(50_000)}{}]}`;
  expect(thrown(() => readShareList(response(text)))).toMatchObject({ code: "limit", executed: "unknown" });
  expect(thrown(() => readSessions(response(text.replace("session_share", "session"))))).toMatchObject({
    code: "limit",
  });
});

test("any JSON results in shares with readable instants, or in a FudoError", () => {
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(true, null, "2025-05-14 05:11:00-07", "infinity", key, 4665729213955833860n.toString()),
  );
  const names = [
    "key",
    "session_id",
    "valid_since",
    "valid_to",
    "readonly",
    "removed",
    "created_at",
    "link",
    "__proto__",
    "constructor",
    "toString",
  ];
  const entry = fc.dictionary(fc.constantFrom(...names), anyValue);
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      try {
        for (const share of list(...entries)) {
          for (const text of [share.validSince, share.validTo, share.createdAt])
            if (text !== undefined) expect(parseInstant(text)).toBeDefined();
        }
      } catch (error) {
        if (!isFudoError(error)) throw error;
        expect(error.code).toBe("protocol");
      }
    }),
  );
});

describe("sessions", () => {
  const sessions = (...entries: object[]) =>
    readSessions(response(JSON.stringify({ result: "success", session: entries }))).sessions;

  test("the attributes that the product uses in camelCase, IDs as text", () => {
    const text = `{"result":"success","session":[{"id":4665729213955833860,"user_id":"12","started_at":"2025-05-14 05:11:00-07","source_ip":"10.0.0.1","paused":false,"protocol":"ssh","removed":true}]}`;
    expect(readSessions(response(text)).sessions).toEqual([
      { id: "4665729213955833860", userId: "12", startedAt: "2025-05-14 05:11:00-07", protocol: "ssh", removed: true },
    ]);
  });

  test("an attribute of an unexpected type is omitted, because no sample shows it", () => {
    expect(sessions({ id: "7", user_id: null, started_at: 5, protocol: ["ssh"], paused: "no", removed: {} })).toEqual([
      { id: "7", removed: false },
    ]);
  });

  test("an entry without an ID makes the response invalid", () =>
    expect(thrown(() => sessions({ user_id: "1" })).code).toBe("protocol"));
});
