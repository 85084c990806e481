// Words of commands that people copy: quoted so that no shell reads anything else in them, or no command at all.
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { shellWord } from "../../../provider/client";

const urn = (name: string) => `urn:pulumi:dev::shop::my:mod:Team$fudo:index:SessionShare::${name}`;

test.each(["acme", "p-week", "Łódź 2026", "a$HOME", "a(b)", "a*b", "a#b", "a;b", "~", "日本"])(
  "a URN with the name %j is one word in single quotes",
  (name) => {
    expect(shellWord(urn(name))).toBe(`'${urn(name)}'`);
  },
);

test.each([
  ["a quote", "acme'; touch OWNED; echo '"],
  ["a typographic quote, which PowerShell accepts", "acme\u2019; touch OWNED"],
  ["a low typographic quote", "acme\u201A; touch OWNED"],
  ["a double quote", 'a"b'],
  ["a back-tick", "a`b"],
  ["a backslash", "a\\b"],
  ["a character that cmd.exe interprets", "a&calc"],
  ["a pipe", "a|calc"],
  ["a variable of cmd.exe", "%PATH%"],
  ["a line break", "a\nb"],
  ["a terminal escape", "a\u001b[31mb"],
  ["a character that changes the direction of text", "a\u202eb"],
  ["two spaces, which we print as one", "a  b"],
  ["a text that we print as a secret", "k=0123456789abcdef0123456789abcdef0123 key=hidden"],
  ["a command for a pipeline runner", "##vso[task.setvariable]x"],
  ["more characters than we print", "a".repeat(1200)],
])("a URN with %s is no word of a command", (_, name) => {
  expect(shellWord(urn(name))).toBeUndefined();
});

test("sh reads every word as exactly the text that it was made of", () => {
  const unit = fc.oneof(
    fc.constantFrom(..."ab :$();*#~?[]{}'\"&|"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  const texts = fc.sample(fc.string({ unit, minLength: 1, maxLength: 6 }), { seed: 15, numRuns: 2000 });
  const words = texts.flatMap((text) => {
    const word = shellWord(text);
    return word === undefined ? [] : [{ text, word }];
  });
  expect(words.length).toBeGreaterThan(100);
  const script = words.map(({ word }) => `printf '%s\\0' ${word}`).join("\n");
  const read = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  expect(read).toEqual(words.map(({ text }) => text));
});
