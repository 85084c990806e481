// The wire schemas: which deviations in a response are tolerated, and which make it invalid.
import fc from "fast-check";
import { checkResponse, type SuccessResponse } from "../../../provider/client/http/response";
import { isFudoError, type FudoError } from "../../../provider/client/errors";
import { parseInstant } from "../../../provider/time/instants";
import { redact } from "../../../provider/client/redact/redact";
import { readSessions } from "../../../provider/client/schema/session-schema";
import { readCreatedShare, readShareList, readShareSpec } from "../../../provider/client/schema/share-schema";
import { vendor } from "./fixture";

const request = { method: "POST", path: "/api/v2/x", origin: "https://fudo.example", apiKeySource: "here" } as const;
const response = (text: string): SuccessResponse =>
  checkResponse({ status: 200, statusText: "OK", headers: {}, body: Buffer.from(text) }, request, 0);
/** 25 November 2026, 12:00:00 UTC. */
const now = Date.UTC(2026, 10, 25, 12);
const read = (value: unknown, headers: Record<string, string> = {}) => {
  const body = Buffer.from(JSON.stringify({ result: "success", session_share: value }));
  const { applianceTime: _, ...rest } = readShareList(
    checkResponse({ status: 200, statusText: "OK", headers, body }, request, now),
  );
  return rest;
};
const list = (...entries: object[]) => read(entries).shares;
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

describe("an attribute that cannot be read is named and absent, and the rest of the entry and of the list is read", () => {
  test.each<[string, object]>([
    ["key", { key: 5 }],
    ["key", { key: "\ud800" }],
    ["key", { key: "k".repeat(4097) }],
    ["valid_to", { valid_to: "soon" }],
    ["valid_since", { valid_since: "2025-02-30 00:00:00-07" }],
    ["valid_to", { valid_to: 253402300800 }],
    ["created_at", { created_at: 1747224680 }],
    ["created_at", { created_at: "infinity" }],
    ["modified_at", { modified_at: ["2025-05-14 05:11:00-07"] }],
    ["readonly", { readonly: "yes" }],
    ["readonly", { readonly: 2 }],
    ["readonly", { readonly: {} }],
    ["removed", { removed: {} }],
    ["link", { link: 7 }],
    ["session_id", { session_id: 1.5 }],
    ["session_id", { session_id: "\u001b[2J" }],
    ["user_id", { user_id: "12345678901234567890" }],
    ["id", { id: "-1" }],
  ])("%s: %j", (name, attributes) => {
    const { shares, problems } = read([{ key }, { readonly: false, link: "/x", ...attributes }]);
    expect(shares[0]).toEqual({ key, removed: false });
    const readable = { readonly: false, link: "/x", removed: false } as Record<string, unknown>;
    for (const lost of Object.keys(attributes)) if (lost in readable && lost !== "removed") delete readable[lost];
    expect(shares[1]).toEqual({ ...readable, unreadable: [name] });
    const text = problems.join();
    expect(text).toContain(
      name === "key" ? "1 of 2 entries without a readable key" : `1 of 2 entries with a \`${name}\``,
    );
    expect(text).not.toMatch(/soon|yes|1747224680|\[2J/);
  });

  test.each([null, 5, "text", true, [], [key]])("an entry %j is an unidentified entry", (entry) => {
    expect(read([{ key }, entry])).toEqual({
      shares: [
        { key, removed: false },
        { removed: false, unreadable: ["key"] },
      ],
      provesAbsence: true,
      problems: ["the list has 1 of 2 entries without a readable key"],
    });
  });

  test.each([
    "********",
    "••••",
    "x".repeat(64),
    "-",
    "___",
    "gHJN***eOQ",
    "gHJN•••eOQ",
    "gHJNP5SW...",
    "gHJNP5SW…",
    "<hidden>",
    "[redacted]",
    "(secret)",
    " {masked} ",
  ])("the masked key %j is no key", (masked) => {
    expect(list({ key: masked })).toEqual([{ removed: false, unreadable: ["key"] }]);
  });

  test.each(["sgfeea6jsaz4mum9su8w6", "a-b_c", "7", "abc.def..ghi", "a**b", "ключ"])("%j is a key", (unusual) => {
    expect(list({ key: unusual })).toEqual([{ key: unusual, removed: false }]);
  });
});

describe("booleans", () => {
  test.each<[unknown, boolean]>([
    [true, true],
    ["t", true],
    ["T", true],
    ["true", true],
    ["TRUE", true],
    [1, true],
    ["1", true],
    [false, false],
    ["f", false],
    ["False", false],
    [0, false],
    ["0", false],
  ])("%j means %s", (value, expected) =>
    expect(list({ key, readonly: value, removed: value })[0]).toEqual({ key, readonly: expected, removed: expected }),
  );

  test.each([undefined, null, ""])("removed: %j means not removed", (removed) =>
    expect(list({ key, removed })).toEqual([{ key, removed: false }]),
  );

  test.each(["2025-05-14 05:11:20.443267-07", "2026-11-25T12:00:00Z"])(
    "removed: %j is in the past, so the share is removed",
    (removed) => expect(list({ key, removed })).toEqual([{ key, removed: true }]),
  );

  const unsure = [
    "no",
    "off",
    "n",
    "null",
    " ",
    "infinity",
    "-infinity",
    "9999-12-31 00:00:00+00",
    "yes",
    2,
    -1,
    {},
    [],
  ];
  test.each([...unsure, "2026-11-25T12:00:01Z", "10000-01-01 00:00:00+00", "2025-02-30 00:00:00+00"])(
    "removed: %j does not surely mean removed",
    (removed) => expect(list({ key, removed })).toEqual([{ key, removed: false, unreadable: ["removed"] }]),
  );

  test("the appliance's clock decides whether a removal is past, and the local clock where there is no other", () => {
    const entry = [{ key, removed: "2026-11-25T13:00:00Z" }];
    const ahead = { date: "Wed, 25 Nov 2026 13:00:00 GMT" };
    expect([read(entry).shares[0]?.removed, read(entry, ahead).shares[0]?.removed]).toEqual([false, true]);
  });
});

describe("windows without an end", () => {
  const far = [
    "infinity",
    "-infinity",
    "Infinity",
    "10000-01-01 00:00:00+00",
    "+010000-01-01T00:00:00Z",
    "294276-12-31 23:59:59.999999+00",
    "9999-12-31 23:59:59-07",
    "0000-01-01 00:00:00+07",
    "-000001-01-01T00:00:00Z",
    "0044-03-15 00:00:00+00 BC",
  ];
  test.each(far)("%s: such an end never comes, and such a start is over", (text) => {
    const { shares, problems } = read([{ key, valid_since: text, valid_to: text }]);
    expect(shares).toEqual([{ key, validSince: "-infinity", validTo: "infinity", removed: false }]);
    expect(problems).toEqual([
      "the list has 1 of 1 entries with a start or an end that is infinite or outside the years 0 to 9999",
    ]);
  });

  test.each(["10000-13-01 00:00:00+00", "10001-02-29 00:00:00+00", "+2025-05-14T05:11:00Z", "+002025-05-14T05:11:00Z"])(
    "%s cannot be read",
    (text) => expect(list({ key, valid_to: text })).toEqual([{ key, removed: false, unreadable: ["valid_to"] }]),
  );
});

describe("the list as a whole", () => {
  test.each([null, []])("%j is an empty list", (value) =>
    expect(read(value)).toEqual({ shares: [], provesAbsence: true, problems: [] }),
  );

  test.each([undefined, {}])("%j is empty and proves nothing", (value) =>
    expect(read(value)).toEqual({
      shares: [],
      provesAbsence: false,
      problems: [expect.stringContaining("so it does not show what exists")],
    }),
  );

  test.each([{ key, readonly: "t" }, { key: null }, { key: "****" }])("the object %j is a list of one", (value) => {
    const { shares, provesAbsence } = read(value);
    expect([shares, provesAbsence]).toEqual([read([value]).shares, true]);
    expect(shares).toHaveLength(1);
  });

  test.each(["x", 5, true, { 0: { key } }, { readonly: true }])("%j is no list (protocol)", (value) => {
    const error = thrown(() => read(value));
    expect(error).toMatchObject({ code: "protocol", executed: "unknown", status: 200 });
    expect(error.message).toContain("at session_share: expected a list");
  });

  test.each([
    ["6", false],
    ["100", false],
    ["999999999", false],
    ["5", true],
    ["0", true],
    ["", true],
    ["soon", true],
    ["-7", true],
  ])("with `Age: %s` it proves absence: %s", (age, provesAbsence) => {
    const { problems, ...rest } = read([], { age });
    expect(rest).toEqual({ shares: [], provesAbsence });
    expect(problems).toEqual(provesAbsence ? [] : [expect.stringContaining(`is ${age} s old`)]);
  });

  test.each<[string, Buffer]>([
    ["UTF-8", Buffer.from(`\ufeff{"result":"success","session_share":[{"key":"${key}"}]}`)],
    ["UTF-16", Buffer.from(`\ufeff{"result":"success","session_share":[{"key":"${key}"}]}`, "utf16le")],
  ])("a byte order mark before the JSON is skipped (%s)", (_what, body) => {
    const raw = { status: 200, statusText: "OK", headers: {}, body };
    expect(readShareList(checkResponse(raw, request, 0)).shares).toEqual([{ key, removed: false }]);
  });

  test("deeply nested JSON beside a long numeric ID hides nothing", () => {
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const text = `{"result":"success","session_share":[{"key":"${key}","session_id":4665729213955833860,"x":${deep}}]}`;
    expect(readShareList(response(text)).shares).toEqual([{ key, sessionId: "4665729213955833860", removed: false }]);
  });
});

test("random JSON in place of one entry leaves all other entries as they were", () => {
  const entry = fc.record(
    {
      key: fc.oneof(fc.stringMatching(/^[A-Za-z0-9]{20,64}$/), fc.constantFrom<unknown>("****", null)),
      session_id: fc.constantFrom<unknown>("4665729213955833860", 12),
      valid_since: fc.constantFrom("2025-05-14 05:11:00-07", "-infinity"),
      valid_to: fc.constantFrom("2025-05-14 13:11:00-07", "infinity", "10000-01-01 00:00:00+00"),
      readonly: fc.constantFrom<unknown>(true, "f", 1, "maybe"),
      removed: fc.constantFrom<unknown>(false, "t", "off", "2025-05-14 13:11:00-07"),
      created_at: fc.constantFrom<unknown>("2025-05-14 05:11:20.443267-07", 5),
      link: fc.webPath(),
    },
    { requiredKeys: [] },
  );
  // Long numbers are written as text, because JavaScript would round them.
  const long = fc.constantFrom(
    '{"session_id":4665729213955833860}',
    "9223372036854775807",
    '{"key":12345678901234567890}',
  );
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value)),
    long,
  );
  const textOf = (entries: readonly string[]) => `{"result":"success","session_share":[${entries.join(",")}]}`;
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), fc.nat(), anything, (entries, at, other) => {
      const texts = entries.map((each) => JSON.stringify(each));
      const position = at % texts.length;
      const before = readShareList(response(textOf(texts))).shares;
      const after = readShareList(response(textOf(texts.with(position, other)))).shares;
      expect(after.toSpliced(position, 1)).toEqual(before.toSpliced(position, 1));
      expect(after).toHaveLength(before.length);
    }),
    { numRuns: 2000 },
  );
});

describe("responses that are invalid (protocol)", () => {
  test.each(["{}", '{"key":null}', '{"key":""}', '{"key":"********"}', "[]", "null"])(
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
    expect(error.message).toContain("session_share.");
    expect(error.message).not.toContain("\u001b");
  });
});

test("a list of more than 50,000 entries exceeds the limit", () => {
  const text = `{"result":"success","session_share":[${"{},".repeat(50_000)}{}]}`;
  expect(thrown(() => readShareList(response(text)))).toMatchObject({ code: "limit", executed: "unknown" });
  expect(thrown(() => readSessions(response(text.replace("session_share", "session"))))).toMatchObject({
    code: "limit",
  });
});

test("any list of objects results in shares with readable instants", () => {
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
      for (const share of list(...entries)) {
        for (const text of [share.validSince, share.validTo, share.createdAt])
          if (text !== undefined) expect(parseInstant(text)).toBeDefined();
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

  test("an attribute of an unexpected type is omitted and named, because no sample shows it", () => {
    expect(sessions({ id: "7", user_id: null, started_at: 5, protocol: ["ssh"], paused: "no", removed: {} })).toEqual([
      { id: "7", removed: false, unreadable: ["protocol", "startedAt"] },
    ]);
  });

  const page = (value: unknown, headers: Record<string, string> = {}) => {
    const body = Buffer.from(JSON.stringify({ result: "success", session: value }));
    return readSessions(checkResponse({ status: 200, statusText: "OK", headers, body }, request, now));
  };

  test.each([
    { user_id: "1" },
    { id: null },
    { id: "" },
    { id: "\u001b[2J\r\n::error::x key=abc" },
    { id: "7 " },
    { id: "0x10" },
    { id: "-1" },
    { id: 1.5 },
    { id: "12345678901234567890" },
    { id: "١٢" },
    null,
    "7",
    [7],
  ])("the entry %j is left out, and the page says so", (entry) => {
    expect(page([{ id: "7" }, entry])).toEqual({
      sessions: [{ id: "7", removed: false }],
      problems: ["the list has 1 of 2 entries without a decimal ID; they are left out"],
    });
  });

  test("null is an empty page, an object with an ID is a page of one, and a page without a list is doubtful", () => {
    expect(page(null)).toEqual({ sessions: [], problems: [] });
    expect(page({ id: 7 })).toEqual({ sessions: [{ id: "7", removed: false }], problems: [] });
    expect(page(undefined).problems).toHaveLength(1);
    expect(page({}).problems).toHaveLength(1);
    expect(page([{ id: 7 }], { age: "100" }).problems).toHaveLength(1);
    expect(thrown(() => page("x")).code).toBe("protocol");
  });
});
