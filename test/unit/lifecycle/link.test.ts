// The listed link: handed out only if it is a path that carries the share's own key.
import fc from "fast-check";
import { documentedLink, isOwnLink, otherOrigin, publicUrlOf } from "../../../provider/lifecycle/share/link";
import { recorded, sessionId, settings } from "../../support/states";

const key = "k".repeat(64);

test.each([
  ["the documented form", `/sessions/1/?key=${key}`],
  ["another path", `/shared/session?lang=en&key=${key}`],
  ["the key as a part of the path", `/s/${key}`],
  ["the key in the fragment", `/#/sessions/1?key=${key}`],
])("%s is taken", (_, link) => {
  expect(isOwnLink(link, key)).toBe(true);
});

test.each(["a+b/c==", "a#b;c&d", "a/key=b"])(
  "a link with the unencoded key %s is its own link, and no longer one is",
  (raw) => {
    expect(isOwnLink(`/sessions/1/?key=${raw}`, raw)).toBe(true);
    expect(isOwnLink(`/sessions/1/?key=${raw}x`, raw)).toBe(false);
    expect(isOwnLink(`/sessions/1/?key=other&x=${raw}`, raw)).toBe(false);
  },
);

test.each([
  ["another share's key", `/sessions/2/?key=${"o".repeat(64)}`],
  ["no key", "/sessions/2/"],
  ["an empty key", "/sessions/2/?key="],
  ["a masked key", "/sessions/2/?key=********"],
  ["a longer key that begins with the own one", `/sessions/2/?key=${key}x`],
  ["both keys", `/sessions/2/?key=${key}&key=${"o".repeat(64)}`],
  ["another key and the own one as another parameter", `/sessions/2/?key=${"o".repeat(64)}&x=${key}`],
  ["another key under an encoded name", `/sessions/2/?%6bey=${"o".repeat(64)}&x=${key}`],
  ["another key in the fragment", `/sessions/2/?key=${key}#key=${"o".repeat(64)}`],
  ["another origin", `https://evil.example/sessions/1/?key=${key}`],
  ["another host without a scheme", `//evil.example/?key=${key}`],
  ["another host with a backslash", `/\\evil.example/?key=${key}`],
  ["a space", `/sessions/1/?key=${key} x`],
  ["nothing", ""],
])("a link with %s is not taken", (_, link) => {
  expect(isOwnLink(link, key)).toBe(false);
});

test("the documented link of every key is its own link, and never another key's", () => {
  const keys = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).map((text) => text.toWellFormed());
  fc.assert(
    fc.property(keys, keys, (own, other) => {
      expect(isOwnLink(documentedLink("1", own), own)).toBe(true);
      expect(isOwnLink(documentedLink("1", other), own)).toBe(other === own);
    }),
    {
      numRuns: 1000,
      examples: [
        ["%", " "],
        ["/", "a"],
        ["a%/b", "a%/"],
      ],
    },
  );
});

describe("the URL", () => {
  const link = recorded().link;

  test.each<[string, object, Record<string, string>, string | undefined]>([
    ["is on the recorded appliance", {}, {}, `https://fudo.example${link}`],
    ["is on the public origin", {}, { "fudo:publicUrl": "https://vendors.example" }, `https://vendors.example${link}`],
    ["stays where fudo:url names another appliance", {}, { "fudo:url": "https://other.example" }, recorded().url],
    [
      "stays where public origin and fudo:url are another appliance's",
      {},
      { "fudo:url": "https://other.example", "fudo:publicUrl": "https://vendors.example" },
      recorded().url,
    ],
    ["is on the configured appliance where the state names none", { appliance: "" }, {}, `https://fudo.example${link}`],
    ["stays without any setting", { appliance: "" }, { "fudo:url": "" }, recorded().url],
  ])("%s", (_, more, config, url) => {
    expect(publicUrlOf(recorded(more), settings(config))).toBe(url);
  });

  test("the other origin is the configured one, if both are known and differ", () => {
    expect(otherOrigin(recorded(), settings())).toBeUndefined();
    expect(otherOrigin(recorded(), settings({ "fudo:url": "" }))).toBeUndefined();
    expect(otherOrigin({}, settings())).toBeUndefined();
    expect(otherOrigin(recorded(), settings({ "fudo:url": "https://other.example" }))).toBe("https://other.example");
  });
});

test("a session ID is part of the documented link", () => {
  expect(documentedLink(sessionId, "a b/c?d")).toBe(`/sessions/${sessionId}/?key=a%20b%2Fc%3Fd`);
});
