// Text in terminal columns: every line fits, and no grapheme is cut. The widths below are what terminals show.
import fc from "fast-check";
import { grid, painter, paragraph, wrapped } from "../../../provider/audit/report/formats/grid";

const widths = new Map<string, number>([
  ["a", 1],
  ["-", 1],
  ["/", 1],
  [" ", 1],
  ["e\u0301", 1],
  ["ก็", 1],
  ["字", 2],
  ["ア", 2],
  ["Ａ", 2],
  ["「", 2],
  ["」", 2],
  ["・", 2],
  ["한", 2],
  ["👩\u200D💻", 2],
  ["👍🏽", 2],
  ["🇵🇱", 2],
]);
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const graphemesOf = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);
const widthOf = (text: string) => graphemesOf(text).reduce((sum, one) => sum + (widths.get(one) ?? NaN), 0);
const withoutSpaces = (text: string) => text.replaceAll(/[ \n]/g, "");

const text = fc.array(fc.constantFrom(...widths.keys()), { maxLength: 120 }).map((parts) => parts.join(""));

test("every line fits, and the lines together are the text", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 60 }), (given, columns) => {
      const lines = wrapped(given, columns);
      // A grapheme that was cut is not in the list, and its width is not a number.
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(withoutSpaces(lines.join(""))).toBe(withoutSpaces(given));
    }),
    { seed: 15, numRuns: 1000 },
  );
});

test("the columns of a grid begin at the same place below wide text", () => {
  const rows = [...widths.keys()].filter((one) => one !== " ").map((one) => [one.repeat(3), "|"]);
  const plain = painter(false);
  for (const line of grid(rows, [8, 2], plain).split("\n")) expect(widthOf(line.replace("|", ""))).toBe(8);
});

test.each([
  [
    "a name that is longer than a line breaks after a separator",
    "a/bcd-efgh/ijkl-mnop",
    12,
    ["a/bcd-efgh/", "ijkl-mnop"],
  ],
  ["a name without separators breaks where the line ends", "abcdefghijkl", 5, ["abcde", "fghij", "kl"]],
  ["no line of a long name begins with a colon", "urn:pulumi:prod::shop", 15, ["urn:pulumi:", "prod::shop"]],
  ["no line of a long name begins with a number sign", "aaaa##[error]", 4, ["aaa", "a##[", "erro", "r]"]],
  ["a line of colons is cut all the same", "::::::", 3, [":::", ":::"]],
  ["wide text fills the line that has begun", "x サイバーダイン", 8, ["x サイバ", "ーダイン"]],
  ["each line end starts a line", "a\nb c", 10, ["a", "b c"]],
  ["an empty text is an empty line", "", 10, [""]],
])("%s", (_, given, columns, lines) => {
  expect(wrapped(given, columns)).toEqual(lines);
});

test("a paragraph is indented, and colour does not change where it breaks", () => {
  const page = { columns: 12, paint: painter(false) };
  expect(paragraph("> one two three", page, { indent: 2, hanging: 2 })).toBe("  > one\n    two\n    three");
  const coloured = paragraph("one two three", { columns: 9, paint: (_, line) => `[${line}]` }, { colour: "red" });
  expect(coloured).toBe("[one two]\n[three]");
});
