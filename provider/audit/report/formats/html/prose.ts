// Our own sentences as HTML: commands and names that our texts put between back-ticks become code. Text from labels, stacks
// and the appliance is escaped and never becomes markup.
import type { ReportedFinding } from "../../../model/report-schema";
import { html, type Markup } from "./markup";

const commands =
  /`(pulumi(?: (?:stack export|stack ls|refresh|up|config|state delete)(?: --?[a-z-]+)*(?: URN)?)?|fudo-audit(?: doctor)?|--[a-z]+(?:-[a-z]+)*(?: [A-Z][A-Z.]*)?)`/;
const commandsAndNames = new RegExp(`${commands.source}|\`([A-Za-z_][\\w-]*(?:: (?:true|false))?)\``);
/** A step that ends with a line to copy: a command, or the code that adopts a share. */
const lineToCopy = /^(.*?: )((?:pulumi |new SessionShare\().*)$/;

/** A sentence that may quote foreign text: only our own commands and options become code. */
export function prose(text: string): Markup {
  return withCode(text, commands);
}

/** A sentence about a share. A name between back-ticks becomes code, unless the share's own texts contain back-ticks. */
export function proseAbout(text: string, finding: ReportedFinding): Markup {
  const { labels, declaredBy, onceDeclaredBy } = finding;
  const foreign = [
    ...Object.entries(labels).flat(),
    ...[...declaredBy, ...onceDeclaredBy].flatMap(Object.values<string>),
  ];
  return foreign.some((one) => one.includes("`")) ? html`${text}` : withCode(text, commandsAndNames);
}

/** A step; its last part is a line to copy, if it ends with one. */
export function step(text: string, finding: ReportedFinding): Markup {
  const [, before, line] = lineToCopy.exec(text) ?? [];
  if (before === undefined || line === undefined) return proseAbout(text, finding);
  return html`${before}<code class="line">${line}</code>`;
}

function withCode(text: string, pattern: RegExp): Markup {
  const parts: (Markup | string)[] = [];
  let rest = text;
  for (let found = pattern.exec(rest); found !== null; found = pattern.exec(rest)) {
    parts.push(rest.slice(0, found.index), html`<code>${found[1] ?? found[2]}</code>`);
    rest = rest.slice(found.index + found[0].length);
  }
  return html`${parts}${rest}`;
}
