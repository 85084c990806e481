// Masking of credentials, and removal of characters that are unsafe to print.
import { inspect } from "node:util";
import fc from "fast-check";
import { FudoError } from "../../../provider/client/errors";
import { plainCause, printable, registerSecret, redact } from "../../../provider/client/redact";

const shareKey = "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT";
const apiKey = "sgfeea6jsaz4mum9su8w6";

beforeAll(() => registerSecret(apiKey));

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
    const startedAt = performance.now();
    for (const unit of ["a", "authorization", "key=", '"key":', " ", "\u202e"])
      printable(unit.repeat(10_000_000 / unit.length));
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe("printable", () => {
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
