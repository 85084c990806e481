// Lays out text in columns for a terminal, without borders.
import { styleText } from "node:util";
import Table from "cli-table3";

export type Colour = "red" | "yellow" | "green" | "blue" | "cyan" | "bold" | "dim";
export type Paint = (colours: Colour | Colour[], text: string) => string;

/** Text, or text with a colour. */
export type Cell = string | readonly [Colour, string];

/** Returns a function that colours text, or one that returns it unchanged. */
export function painter(colour: boolean): Paint {
  return colour ? (colours, text) => styleText(colours, text, { validateStream: false }) : (_colours, text) => text;
}

/** Rows in columns of these widths, with a space between them. Long text wraps; nothing is cut off. */
export function grid(rows: readonly (readonly Cell[])[], widths: readonly number[], paint: Paint): string {
  const style = { head: [], border: [], "padding-left": 0, "padding-right": 1 };
  const table = new Table({
    chars: noBorders,
    style,
    colWidths: [...widths],
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  for (const row of rows) table.push(row.map((cell, column) => cellText(cell, (widths[column] ?? 80) - 1, paint)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function cellText(cell: Cell, width: number, paint: Paint): string {
  return typeof cell === "string" ? breakable(cell, width) : paint(cell[0], breakable(cell[1], width));
}

const wide = "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}";

/** Adds spaces to words that are longer than the column (URNs, scripts without spaces): the table would cut them off. */
function breakable(text: string, width: number): string {
  const halves = new RegExp(`[${wide}]{${Math.floor(width / 2)}}`, "gu");
  return text.replace(halves, "$& ").replace(new RegExp(`\\S{${width}}(?=\\S)`, "gu"), "$& ");
}

const sides = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
  "left",
  "left-mid",
  "mid",
  "mid-mid",
  "right",
  "right-mid",
  "middle",
];
const noBorders = Object.fromEntries(sides.map((side) => [side, ""]));
