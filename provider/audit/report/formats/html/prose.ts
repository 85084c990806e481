// Our own sentences as HTML: commands and names that our texts put between back-ticks become code. Text from labels, stacks
// and the appliance is escaped and never becomes markup.
import type { ReportedFinding } from "../../../model/report-schema";
import { html, type Markup } from "./markup";

const commands = [
  "(?:FUDO_RECOVER=true )?pulumi(?: (?:stack export|stack ls|cancel|refresh|up|config|state delete))?(?: --?[a-z-]+)*(?: URN)?",
  String.raw`pulumi stack export --stack [\w./-]+ > state\.json`,
  "fudo-audit(?: doctor)?",
  "--[a-z]+(?:-[a-z]+)*(?: [A-Z][A-Z.]*)?",
];
/** Of the acceptance file, of requests and responses, and of the state of a share. */
const names =
  "offset|limit|external|delete|until|reason|finding|fingerprint|urn|node|Age|Date|session_share|sessionId|validSince|validTo|duration|readonly|labels|adopt|createdAt|removed|reactivated|appliance";
const known = new RegExp(`\`(${[...commands, names].join("|")})\``);
const knownOrName = new RegExp(`\`(${commands.join("|")}|[A-Za-z_][\\w-]*(?:: (?:true|false))?)\``);
/** A step that ends with a line to copy: a command, or the code that adopts a share. */
const lineToCopy = /^(.*?: )((?:pulumi |new SessionShare\().*)$/;

/** A sentence that may quote foreign text: only our own commands, options and names become code. */
export function prose(text: string): Markup {
  return withCode(text, known);
}

/** A sentence about a share. A name between back-ticks becomes code, unless the share's own texts contain back-ticks. */
export function proseAbout(text: string, finding: ReportedFinding): Markup {
  const { labels, declaredBy, onceDeclaredBy } = finding;
  const foreign = [
    ...Object.entries(labels).flat(),
    ...[...declaredBy, ...onceDeclaredBy].flatMap(Object.values<string>),
  ];
  return foreign.some((one) => one.includes("`")) ? html`${text}` : withCode(text, knownOrName);
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
    parts.push(rest.slice(0, found.index), html`<code>${found[1]}</code>`);
    rest = rest.slice(found.index + found[0].length);
  }
  return html`${parts}${rest}`;
}
