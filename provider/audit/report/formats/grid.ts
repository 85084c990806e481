// Lays out text in columns for a terminal, without borders. Widths are terminal columns, and no grapheme is cut.
import { styleText } from "node:util";
import type * as StringWidth from "string-width" with { "resolution-mode": "import" };

// Node: this library is an ES module; `require` loads it.
const { default: columnsOf } = require("string-width") as typeof StringWidth;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export type Colour = "red" | "yellow" | "green" | "blue" | "cyan" | "bold" | "dim";
export type Paint = (colours: Colour | Colour[], text: string) => string;

/** Text, or text with a colour. */
export type Cell = string | readonly [Colour, string];

/** Returns a function that colours text, or one that returns it unchanged. */
export function painter(colour: boolean): Paint {
  return colour ? (colours, text) => styleText(colours, text, { validateStream: false }) : (_colours, text) => text;
}

/** Rows in columns of these widths; the last column of each width stays empty. Long text wraps; nothing is cut off. */
export function grid(rows: readonly (readonly Cell[])[], widths: readonly number[], paint: Paint): string {
  return rows.flatMap((row) => rowLines(row, widths, paint)).join("\n");
}

/** A paragraph: each line begins with this many spaces, and each line after the first one with `hanging` more. */
export function paragraph(cell: Cell, indent: number, columns: number, paint: Paint, hanging = 0): string {
  const [colour, text] = typeof cell === "string" ? [undefined, cell] : cell;
  const lines = wrapped(text, columns - indent - hanging);
  return lines
    .map((line, index) => {
      const painted = colour === undefined || line === "" ? line : paint(colour, line);
      return `${" ".repeat(indent + (index === 0 ? 0 : hanging))}${painted}`;
    })
    .join("\n");
}

function rowLines(row: readonly Cell[], widths: readonly number[], paint: Paint): string[] {
  const cells = row.map((cell, column) => {
    const [colour, text] = typeof cell === "string" ? [undefined, cell] : cell;
    return { colour, lines: wrapped(text, (widths[column] ?? 80) - 1) };
  });
  const height = Math.max(1, ...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const texts = cells.map(({ colour, lines }, column) => {
      const line = lines[index] ?? "";
      const padding = " ".repeat(Math.max(0, (widths[column] ?? 80) - columnsOf(line)));
      return `${colour === undefined || line === "" ? line : paint(colour, line)}${padding}`;
    });
    return texts.join("").trimEnd();
  });
}

/** The text in lines of at most this many columns, broken at spaces if possible. Each `\n` starts a line. */
export function wrapped(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrappedLine(line, Math.max(2, columns)));
}

function wrappedLine(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((one) => one !== "")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (columnsOf(joined) <= columns) {
      line = joined;
    } else if (columnsOf(word) <= columns) {
      lines.push(line);
      line = word;
    } else {
      // A URN, or text in a script without spaces: it fills the line that has begun.
      const pieces = broken(joined, columns);
      line = pieces.pop() ?? "";
      lines.push(...pieces);
    }
  }
  return [...lines, line];
}

/** Breaks text between graphemes. No line begins with `:` or `#`: a pipeline runner could take it for a command. */
function broken(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const own = columnsOf(segment);
    if (width + own > columns && line.length > 0) {
      if (segment === " ") continue;
      const kept = lengthBeforeMarker(line, segment);
      lines.push(line.slice(0, kept).join("").trimEnd());
      line = line.slice(kept);
      width = columnsOf(line.join(""));
    }
    line.push(segment);
    width += own;
  }
  return [...lines, line.join("")];
}

/** How many graphemes stay on the line so that the next one begins with neither `:` nor `#`. */
function lengthBeforeMarker(line: readonly string[], next: string): number {
  const all = [...line, next];
  const last = all.findLastIndex((grapheme, index) => index <= line.length && !/^[:#]/.test(grapheme));
  return last > 0 ? last : line.length;
}
