// What may be printed of texts that hold credentials or come from strangers.
import { inspect } from "node:util";
import fc from "fast-check";
import { FudoError } from "../../../provider/client/errors";
import { plainCause, printable, protect, redact } from "../../../provider/client/redact";

const shareKey = "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT";
const apiKey = "sgfeea6jsaz4mum9su8w6";

beforeAll(() => protect(apiKey));

describe("redact", () => {
  test.each([
    ["a protected value", `the key ${apiKey}!`, "the key [secret]!"],
    ["a share key, by its looks", `share ${shareKey} exists`, "share [secret] exists"],
    ["the key in a link, whatever its shape", "/sessions/47/?key=a-b_c", "/sessions/47/?key=[secret]"],
    ["the key in an escaped link", "sessions%2F47%3Fkey%3Dabc", "sessions%2F47%3Fkey%3D[secret]"],
    ["the key in JSON", '{"key":"short","readonly":true}', '{"key":"[secret]","readonly":true}'],
    ["the key in JSON in JSON", String.raw`"{\"key\": \"short\"}"`, String.raw`"{\"key\": \"[secret]\"}"`],
    ["an Authorization header", "authorization: Bearer abc def\r\nhost: x", "authorization: [secret]\r\nhost: x"],
    ["an Authorization property", "{ Authorization: 'abc', host: 'x' }", "{ Authorization: '[secret]', host: 'x' }"],
  ])("masks %s", (_what, text, expected) => expect(redact(text)).toBe(expected));

  test("leaves what names a share: IDs, fingerprints, certificate fingerprints with colons", () => {
    const text = `4665729213955833860/0123456789abcdef ${"AB:".repeat(31)}AB monkey=1 fudo:apiKey`;
    expect(redact(text)).toBe(text);
  });

  test("a value of fewer than eight characters is not protected: it would eat ordinary words", () => {
    protect("key");
    expect(redact("the key is there")).toBe("the key is there");
  });

  test("a value that begins with another one is masked whole", () => {
    protect("tok-12345");
    protect("tok-12345-long");
    expect(redact("tok-12345-long tok-12345")).toBe("[secret] [secret]");
  });

  test("a protected value is found plain, URL-encoded and in JSON", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 8, maxLength: 40 }),
        fc.constantFrom("<", ">"),
        (secret, edge) => {
          fc.pre(secret.trim().length >= 8 && secret.isWellFormed());
          const value = secret.trim();
          protect(value);
          const json = JSON.stringify(value).slice(1, -1);
          for (const form of [value, encodeURIComponent(value), json])
            expect(redact(`${edge}${form}${edge}`)).not.toContain(form);
        },
      ),
    );
  });

  test("a text of ten megabytes takes no time worth speaking of", () => {
    const begun = performance.now();
    for (const unit of ["a", "authorization", "key=", '"key":', " ", "\u202e"])
      printable(unit.repeat(10_000_000 / unit.length));
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

describe("printable", () => {
  test.each([
    ["terminal escapes", "\u001b[31mred\u001b[0m\u0007", "[31mred[0m"],
    ["line breaks", "one\r\n\ttwo\u2028three", "one two three"],
    ["text that runs backwards", "safe\u202egnp.exe\u2066", "safegnp.exe"],
    ["lone surrogates", "a\ud800b\udc00c", "abc"],
    ["invisible characters inside a key", `${apiKey.slice(0, 5)}\u200b${apiKey.slice(5)}`, "[secret]"],
  ])("has no %s", (_what, text, expected) => expect(printable(text)).toBe(expected));

  test("is shortened after it is redacted, so that no half of a key is left", () => {
    expect(printable(`${"x ".repeat(10)}${shareKey}`, 30)).toBe(`${"x ".repeat(10)}[secret]`);
    expect(printable("a".repeat(20) + "😀".repeat(10), 22)).toBe(`${"a".repeat(20)}…`);
  });

  test("any text becomes one short line that a terminal shows as it is", () => {
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

  test("an error says nothing that opens something, however it is printed", () => {
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

  test("its cause keeps name, code and message, down the chain, and no stack", () => {
    const { cause } = new FudoError("unreachable", "no", { cause: leaky });
    expect(cause).toMatchObject({
      name: "Error",
      code: "ECONNRESET",
      message: "sent [secret]",
      stack: "Error: sent [secret]",
    });
    expect(cause).toHaveProperty("cause.message", "GET /sessions/1/?key=[secret]");
  });

  test("an error of ours stays whole as a cause", () => {
    const inner = new FudoError("unavailable", "503", { status: 503, retryAfter: 7 });
    expect(new FudoError("uncertain", "lost", { cause: inner }).cause).toBe(inner);
  });

  test("whatever is thrown becomes a plain cause", () => {
    expect(plainCause("text").message).toBe("text");
    expect(plainCause(undefined).message).toBe("undefined");
    expect(plainCause(new AggregateError([new Error("one"), new Error("two")])).message).toBe("one; two");
    const circle = new Error("round");
    circle.cause = circle;
    expect(plainCause(circle).message).toBe("round");
  });
});
