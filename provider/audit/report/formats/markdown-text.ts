// Text in Markdown: our own code becomes code, and nothing in foreign text becomes markup. And the room that a report has:
// whole entries are left out, so that no reference and no tag is cut.
import { codeInProse, cutText } from "../text";

/** Escapes text so that nothing in it becomes a table border, HTML, emphasis, a formula, a link, a mention or a reference. */
export function escaped(text: string): string {
  const special = /[\\`*_{}[\]<>|&$]|[@#!~%^](?=\w)|h(?=ttps?:)|:(?=\/\/)|w(?=ww\.)/gi;
  // A character reference stops Markdown. A zero-width space stops what GitHub and GitLab search for in the text later.
  return text.replace(special, (found) =>
    /[\w@#!~%^:]/.test(found) && found !== "_" ? `${found}&#8203;` : `&#${found.codePointAt(0) ?? 32};`,
  );
}

/** A message, with the code between back-ticks as code. */
export function prose(text: string): string {
  return text
    .split(codeInProse)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : escaped(part)))
    .join("");
}

/** A step that ends with a line to copy. In other text, a back-tick could end the code early. */
const lineToCopy = /^(.*?: )((?:pulumi |new SessionShare\()[\p{L}\p{M}\p{N}\w .:/=,'"(){}…-]*)$/u;

/** A step; the command or the code at its end becomes code, which a reader can copy. */
export function step(text: string): string {
  const [, before, line] = lineToCopy.exec(text) ?? [];
  return before === undefined || line === undefined ? prose(text) : `${prose(before)}\`${line}\``;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Text of others, at most this many graphemes long, and escaped. */
export function short(text: string, max: number): string {
  if (text.length <= max) return escaped(text);
  let count = 0;
  for (const { index } of graphemes.segment(text)) {
    if (count === max) return `${escaped(text.slice(0, index))}…`;
    count += 1;
  }
  return escaped(text);
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

/** Bytes for the header of a section, the line about what was left out, and tags. */
const overhead = 1000;

/** How many more bytes the report may have. */
export class Room {
  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** Takes the bytes of this text; false when it does not fit. */
  takes(text: string): boolean {
    const bytes = Buffer.byteLength(text) + 2;
    if (bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    return true;
  }

  /** The first `max` of these values as texts, as far as they fit, and a line that counts the others. */
  entries<T>(
    values: readonly T[],
    toText: (value: T) => string,
    noun: string,
    max = Infinity,
  ): { shown: string[]; more: string } {
    this.#bytes -= overhead;
    const shown = values
      .slice(0, max)
      .map(toText)
      .filter((text) => this.takes(text));
    return { shown, more: moreLine(values.length - shown.length, noun) };
  }
}

/** `… and 3 more shares: see the JSON or CSV report.`; nothing when all are shown. */
export function moreLine(count: number, noun: string): string {
  return count > 0 ? `${cutText(count, noun)}.` : "";
}
