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

/**
 * Rows in columns of these widths; the last column of each width stays empty. Long text wraps; nothing is cut off. In the
 * first column, each line after the first one of its row begins with `hanging` spaces.
 */
export function grid(rows: readonly (readonly Cell[])[], widths: readonly number[], paint: Paint, hanging = 0): string {
  return rows.flatMap((row) => rowLines(row, widths, paint, hanging)).join("\n");
}

/** How to write for one terminal. */
export interface Page {
  readonly columns: number;
  readonly paint: Paint;
}

export interface ParagraphStyle {
  /** Spaces before each line. */
  readonly indent?: number;
  /** More spaces before each line after the first one. */
  readonly hanging?: number;
  readonly colour?: Colour | Colour[];
}

/** Text that wraps at the width of the page. */
export function paragraph(text: string, { columns, paint }: Page, style: ParagraphStyle = {}): string {
  const { indent = 0, hanging = 0, colour } = style;
  return wrapped(text, columns - indent - hanging)
    .map((line, index) => {
      const painted = colour === undefined || line === "" ? line : paint(colour, line);
      return `${" ".repeat(indent + (index === 0 ? 0 : hanging))}${painted}`;
    })
    .join("\n");
}

function rowLines(row: readonly Cell[], widths: readonly number[], paint: Paint, hanging: number): string[] {
  const cells = row.map((cell, column) => {
    const [colour, text] = typeof cell === "string" ? [undefined, cell] : cell;
    const indent = column === 0 ? hanging : 0;
    return { colour, indent, lines: wrapped(text, (widths[column] ?? 80) - 1 - indent) };
  });
  const height = Math.max(1, ...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) => {
    const texts = cells.map(({ colour, indent, lines }, column) => {
      const line = lines[index] ?? "";
      const before = index === 0 ? 0 : indent;
      const after = Math.max(0, (widths[column] ?? 80) - before - columnsOf(line));
      const painted = colour === undefined || line === "" ? line : paint(colour, line);
      return `${" ".repeat(before)}${painted}${" ".repeat(after)}`;
    });
    return texts.join("").trimEnd();
  });
}

/** The columns that the text needs without wrapping. */
export function neededColumns(text: string): number {
  return Math.max(...text.split("\n").map((line) => columnsOf(line)));
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

/** Breaks text between graphemes, if possible after a character that ends a part of a name. */
function broken(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const own = columnsOf(segment);
    if (width + own > columns && line.length > 0) {
      const kept = breakOf([...line, segment]);
      lines.push(line.slice(0, kept).join("").trimEnd());
      line = line.slice(kept);
      width = columnsOf(line.join(""));
    }
    if (line.length === 0 && segment === " ") continue;
    line.push(segment);
    width += own;
  }
  return [...lines, line.join("")];
}

/** How many graphemes of a full line stay on it; the last grapheme does not fit. */
function breakOf(line: readonly string[]): number {
  const last = line.length - 1;
  // A pipeline runner could take a line that begins with `:` or `#` for a command.
  const isSafe = (index: number) => index > 0 && !/^[:#]/.test(line[index] ?? "");
  const afterPart = line.findLastIndex((_, index) => isSafe(index) && /^[ \-/:._,]$/.test(line[index - 1] ?? ""));
  if (afterPart > last / 2) return afterPart;
  const safe = line.findLastIndex((_, index) => isSafe(index));
  return safe > 0 ? safe : last;
}
