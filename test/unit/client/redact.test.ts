// Masking of credentials, and removal of characters that are unsafe to print.
import { createHash } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { FudoError } from "../../../provider/client/errors";
import { plainCause, printable, printableValue, registerSecret, redact } from "../../../provider/client/redact/redact";

const shareKey = "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT";
const apiKey = "sgfeea6jsaz4mum9su8w6";

beforeAll(() => registerSecret(apiKey));

// Not the time on the clock: other tests may run on the same processor.
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

describe("redact", () => {
  test.each([
    ["a registered secret", `the key ${apiKey}!`, "the key [secret]!"],
    ["text that looks like a share key", `share ${shareKey} exists`, "share [secret] exists"],
    ["a key of any form in a link", "/sessions/47/?key=a-b_c", "/sessions/47/?key=[secret]"],
    ["the key in an escaped link", "sessions%2F47%3Fkey%3Dabc", "sessions%2F47%3Fkey%3D[secret]"],
    ["the key in JSON", '{"key":"short","readonly":true}', '{"key":"[secret]","readonly":true}'],
    ["the key in JSON in JSON", String.raw`"{\"key\": \"short\"}"`, String.raw`"{\"key\": \"[secret]\"}"`],
    ["an Authorization header", "authorization: Bearer abc def\r\nhost: x", "authorization: [secret]\r\nhost: x"],
    ["an Authorization property", "{ Authorization: 'abc', host: 'x' }", "{ Authorization: '[secret]', host: 'x' }"],
  ])("masks %s", (_what, text, expected) => expect(redact(text)).toBe(expected));

  test("keeps IDs, fingerprints and certificate fingerprints with colons", () => {
    const text = `4665729213955833860/0123456789abcdef ${"AB:".repeat(31)}AB monkey=1 fudo:apiKey`;
    expect(redact(text)).toBe(text);
  });

  test.each([
    ["240 equal letters", "x".repeat(240)],
    ["a compound word", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"],
    ["a compound word without umlauts", "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"],
    ["240 equal capitals", "L".repeat(240)],
    ["words that begin with capitals", "SupportSessionOfTheVendorForTheMigrationOfTheDatabase"],
    ["words after a small letter", "supportSessionForTheMigrationOfTheDatabase"],
    ["more letters than one match takes", "word".repeat(3000)],
  ])("keeps a long word: %s", (_what, text) =>
    expect(redact(`label=${text}, and more`)).toBe(`label=${text}, and more`),
  );

  test.each([
    ["a key without digits", shareKey.replaceAll(/\d/g, "q")],
    ["a key in small letters", shareKey.toLowerCase()],
    ["hex digits", "9f86d081884c7d659a2feaa0c55ad015"],
    ["digits", "3".repeat(40)],
    ["a word that is followed by a digit", `${"word".repeat(9)}7`],
    ["a word that a key is attached to", `${"word".repeat(30)}${shareKey}`],
    ["64 equal capitals", "K".repeat(64)],
    ["capitals without words", "ABaCdEFgHiJkLMnOpQRsTuVwXYzAbCdEfG"],
  ])("masks what is not a word: %s", (_what, text) => expect(redact(`label=${text}, and`)).toBe("label=[secret], and"));

  test("of random keys that have no digit, none passes for a word", () => {
    for (let index = 0; index < 20_000; index += 1) {
      const letters = createHash("sha512")
        .update(`${index}`)
        .digest("base64")
        .replaceAll(/[^A-Za-z]/g, "");
      expect(redact(letters.slice(0, 64))).toBe("[secret]");
    }
  });

  test("a value of fewer than eight characters is not masked, because it may be an ordinary word", () => {
    registerSecret("key");
    expect(redact("the key is there")).toBe("the key is there");
  });

  test("a secret that begins with another secret is masked completely", () => {
    registerSecret("tok-12345");
    registerSecret("tok-12345-long");
    expect(redact("tok-12345-long tok-12345")).toBe("[secret] [secret]");
  });

  test("a registered secret is masked in plain text, URL-encoded and in JSON", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 8, maxLength: 40 }),
        fc.constantFrom("<", ">"),
        (secret, edge) => {
          fc.pre(secret.trim().length >= 8 && secret.isWellFormed());
          const value = secret.trim();
          registerSecret(value);
          const json = JSON.stringify(value).slice(1, -1);
          for (const form of [value, encodeURIComponent(value), json])
            expect(redact(`${edge}${form}${edge}`)).not.toContain(form);
        },
      ),
    );
  });

  test("ten megabytes of text are redacted in less than five seconds", () => {
    const before = cpuSeconds();
    for (const unit of ["a", "authorization", "key=", '"key":', " ", "\u202e"])
      printable(unit.repeat(10_000_000 / unit.length));
    expect(cpuSeconds() - before).toBeLessThan(5);
  });
});

describe("many secrets", () => {
  // 12,000 keys that no pattern matches: 64 characters with `-` and `_`.
  const keys = Array.from(
    { length: 12_000 },
    (_, index) => `-_${createHash("sha512").update(`${index}`).digest("base64url").slice(0, 62)}`,
  );

  test("12,000 keys of unusual shape, remembered between 12,000 messages, take less than five seconds", () => {
    const before = cpuSeconds();
    for (const key of keys) {
      registerSecret(key);
      expect(redact(`link /sessions/47/${key}.`)).toBe("link /sessions/47/[secret].");
    }
    for (const key of keys) expect(printable(`it said ${key}`)).toBe("it said [secret]");
    expect(cpuSeconds() - before).toBeLessThan(5);
  });

  test.each<[string, (index: number) => string]>([
    ["that begin alike", (index) => `${"a-".repeat(500)}${index}`],
    ["that end alike", (index) => `${index}.${"a-".repeat(500)}`],
    ["of as many lengths", (index) => `z.${"a-".repeat(index / 4)}`],
  ])("12,000 keys %s take less than five seconds", (_what, keyOf) => {
    const before = cpuSeconds();
    for (let index = 10_000; index < 22_000; index += 1) registerSecret(keyOf(index).slice(0, 4096));
    for (let index = 10_000; index < 22_000; index += 1) redact(`${"a-".repeat(100)} ${keyOf(index).slice(0, 100)}`);
    expect(cpuSeconds() - before).toBeLessThan(5);
  });

  test("secrets that overlap are masked as one", () => {
    registerSecret("overlap-one-two");
    registerSecret("one-two-three");
    expect(redact("<overlap-one-two-three>")).toBe("<[secret]>");
  });

  test.each([
    ["64 letters and digits", shareKey],
    ["21 characters", "q7wn3k0sbd5xv2m9tz1ce"],
    ["with - and _", "Zk_9-QwErTy_uIoP-aSdF"],
    ["base64", "q83vEjRWeJq7zN3u/wAR+SIz=="],
    ["words with dots", "blue.horse.nine"],
    ["with a space", "blue  horse\tnine"],
    ["with runner commands", "aa::error::bb##[cc"],
    ["with quotes and percent", `50%"off"\\now`],
  ])("a key of the shape %s is masked in every form", (_what, key) => {
    registerSecret(key);
    const url = new URL(`https://fudo.example.com/${encodeURIComponent(key)}`).href;
    const lower = encodeURIComponent(key).replaceAll(/%../g, (code) => code.toLowerCase());
    for (const form of [key, encodeURIComponent(key), lower, url, JSON.stringify({ a: key })]) {
      for (const shown of [redact(`<${form}>`), printable(`<${form}>`)]) {
        expect(shown).not.toContain(key);
        expect(shown).toContain("[secret]");
      }
    }
  });
});

describe("commands for pipeline runners", () => {
  const isCommand =
    /##[a-z-]*\[|(?:^|\s)::[a-z][\w-]*(?:::|\s|$)|::(?:error|warning|group|add-mask|stop-commands)(?:::|\s)|section_(?:start|end):|travis_fold:/i;

  test.each([
    ["::error::gone", ": :error::gone"],
    ["::set-output name=key::x", ": :set-output name=key::x"],
    ["  ::add-mask::x", ": :add-mask::x"],
    ["it says ::warning file=a.ts,line=1::x", "it says : :warning file=a.ts,line=1::x"],
    ["(::notice::x", "(: :notice::x"],
    ["averylongword::error::x", "averylongword: :error::x"],
    ["::::error::x", "::: :error::x"],
    ["##vso[task.setvariable variable=a]b", "# #vso[task.setvariable variable=a]b"],
    ["x##[group]y", "x# #[group]y"],
    ["###[error]y", "## #[error]y"],
    ["##teamcity[buildStop]", "# #teamcity[buildStop]"],
    ["section_start:1560896352:build[collapsed=true]", "section_start :1560896352:build[collapsed=true]"],
    ["\u001b[0Ksection_end:1560896352:build\r\u001b[0K", "[0Ksection_end :1560896352:build [0K"],
    ["section_start::error::x", "section_start : :error::x"],
    ["travis_fold:start:x", "travis_fold :start:x"],
    ["#\u200b#vso[x]", "# #vso[x]"],
    ["##vso\u0000[x]", "# #vso[x]"],
  ])("%j is harmless", (text, expected) => expect(printable(text)).toBe(expected));

  test.each([
    "urn:pulumi:dev::project::pulumi-nodejs:dynamic/fudo:SessionShare::acme",
    "urn:pulumi:prod::vendor-access::my:mod:Comp$pulumi-nodejs:dynamic/fudo:SessionShare::acme support",
    "https://[::1]:8443",
    "connect ECONNREFUSED ::1:443",
    "::ffff:127.0.0.1",
    "# Heading, issue #12, C++::vector, ## x [y]",
  ])("%j is unchanged", (text) => expect(printable(text)).toBe(text));

  test("no text becomes a command, at any place where a table may wrap it", () => {
    const part = fc.constantFrom(
      "::",
      ":",
      "#",
      "##",
      "[",
      "vso",
      "error",
      "group",
      "x",
      " ",
      "section_start",
      "\u200b",
      "\n",
      "stop-commands",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = printable(parts.join(""));
        for (let at = 0; at < text.length; at += 1)
          expect(text.slice(at)).not.toMatch(/^(?:##[a-z-]*\[|::(?:error|group|stop-commands)(?:::|\s))/i);
        expect(text).not.toMatch(isCommand);
      }),
      { numRuns: 2000 },
    );
  });

  test("a cut does not bring a command back", () => {
    expect(printable("##vso[x]", 7)).toBe("# #vso…");
  });
});

describe("printable", () => {
  test("redacts before it cuts, however the secret is moved to the edge", () => {
    for (let spaces = 0; spaces < 60; spaces += 1) {
      const shown = printable(`${" x".repeat(spaces)}${apiKey}${apiKey}`, 60);
      for (let length = 8; length <= apiKey.length; length += 1) expect(shown).not.toContain(apiKey.slice(0, length));
    }
    expect(printable(`${" ".repeat(4070)}${apiKey}`, 120)).toBe("[secret]");
  });

  test("the texts and names of a JSON value are made printable, and its shape is kept", () => {
    const value = { "a\u001b[2J": ["::error::x", { [apiKey]: apiKey }], n: 1, b: true, none: null };
    expect(printableValue(value)).toEqual({
      "a[2J": [": :error::x", { "[secret]": "[secret]" }],
      n: 1,
      b: true,
      none: null,
    });
    const named: unknown = JSON.parse('{"__proto__":{"a":1}}');
    // The name itself may be masked: the tests with random secrets register such names too.
    expect(Object.keys(printableValue(named) as object)).toHaveLength(1);
    expect(Object.getPrototypeOf(printableValue(named))).toBe(Object.prototype);
  });

  test.each([
    ["terminal escapes", "\u001b[31mred\u001b[0m\u0007", "[31mred[0m"],
    ["line breaks", "one\r\n\ttwo\u2028three", "one two three"],
    ["text that runs backwards", "safe\u202egnp.exe\u2066", "safegnp.exe"],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["invisible characters inside a key", `${apiKey.slice(0, 5)}\u200b${apiKey.slice(5)}`, "[secret]"],
  ])("removes %s", (_what, text, expected) => expect(printable(text)).toBe(expected));

  test("redacts before it truncates, so that no part of a key is left", () => {
    expect(printable(`${"x ".repeat(10)}${shareKey}`, 30)).toBe(`${"x ".repeat(10)}[secret]`);
    expect(printable("a".repeat(20) + "😀".repeat(10), 22)).toBe(`${"a".repeat(20)}…`);
  });

  test("any text becomes one short line without control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        const shown = printable(text, 50);
        expect(shown.length).toBeLessThanOrEqual(50);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});

describe("errors", () => {
  const leaky = Object.assign(new Error(`sent ${apiKey}`, { cause: new Error(`GET /sessions/1/?key=${shareKey}`) }), {
    code: "ECONNRESET",
    headers: { authorization: apiKey },
    body: { key: shareKey },
  });

  test("an error contains no credential, however it is printed", () => {
    const error = new FudoError("protocol", `lost ${shareKey}`, { cause: leaky });
    for (const text of [
      String(error),
      error.stack ?? "",
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(error),
    ]) {
      expect(text).not.toContain(apiKey);
      expect(text).not.toContain(shareKey);
    }
  });

  test("its cause keeps name, code, message and its own cause, but no stack", () => {
    const { cause } = new FudoError("unreachable", "no", { cause: leaky });
    expect(cause).toMatchObject({
      name: "Error",
      code: "ECONNRESET",
      message: "sent [secret]",
      stack: "Error: sent [secret]",
    });
    expect(cause).toHaveProperty("cause.message", "GET /sessions/1/?key=[secret]");
  });

  test("a FudoError as a cause is kept unchanged", () => {
    const inner = new FudoError("unavailable", "503", { status: 503, retryAfter: 7 });
    expect(new FudoError("uncertain", "lost", { cause: inner }).cause).toBe(inner);
  });

  test("any thrown value becomes a plain cause", () => {
    expect(plainCause("text").message).toBe("text");
    expect(plainCause(undefined).message).toBe("undefined");
    expect(plainCause(new AggregateError([new Error("one"), new Error("two")])).message).toBe("one; two");
    const circle = new Error("round");
    circle.cause = circle;
    expect(plainCause(circle).message).toBe("round");
  });
});
