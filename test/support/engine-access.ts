// Programs with the component VendorAccess, and what a test reads of its outputs. For engine tests; knows nothing of what a test
// expects.
import { hour } from "./engine-share";

/** Program lines that declare a component and export its outputs. Arguments: JSON. Options: source as text. */
export function access(name: string, args: object, options = "{}"): string {
  const outputs = ["sessionIds", "links", "sealedLinks", "handOver", "calendar"];
  return [
    `const ${name} = new fudo.VendorAccess("${name}", ${JSON.stringify(args)}, ${options});`,
    `exports.${name} = { ${outputs.map((output) => `${output}: ${name}.${output}`).join(", ")} };`,
  ].join("\n");
}

/** What a program reads of the component. */
export interface Access {
  readonly sessionIds: string[];
  readonly links?: Record<string, string>;
  readonly sealedLinks?: Record<string, string>;
  readonly handOver: string;
  readonly calendar: string;
}

/** The same for all tests of a file, also if an hour ends meanwhile. */
const nextFullHour = Math.ceil(Date.now() / hour) * hour;

/** As text: so many hours after the next full hour. */
export function atHour(hours: number): string {
  return new Date(nextFullHour + hours * hour).toISOString();
}

/** The properties of the event in an iCalendar file. RFC 5545: a line that starts with a space continues the one before. */
export function eventIn(calendar: string): Record<string, string> {
  const lines = calendar.replaceAll("\r\n ", "").split("\r\n");
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
}

/** An instant as iCalendar writes it: `20261205T200000Z`. */
export function calendarInstant(instant: string): string {
  return instant.replaceAll(/[-:]|\.\d+/g, "");
}
