// Parses the values of the provider's settings. Pure: each function returns the value, or why it is malformed.
import { parseDuration } from "../time/durations";

export const deletionPolicies = ["abandon", "refuseWhileLive"] as const;
export type DeletionPolicy = (typeof deletionPolicies)[number];

/** Why a value cannot be read: a phrase that follows the name of the setting, without the value. */
export class Malformed {
  constructor(readonly text: string) {}
}

/** What a shell, a template or a pipeline should have removed from a value, or undefined. */
function leftover(text: string): Malformed | undefined {
  if (/^["'`“”‘’«»]|["'`“”‘’«»]$/.test(text)) return new Malformed("has quotes around it: set it without them");
  // `$HOST`, `${HOST}`, `$(HOST)`, `%HOST%`, `{{ host }}`, `<host>`
  return /\$[{(]|\$\{?[A-Za-z_]|%[A-Za-z_]\w*%|\{\{|[<>]/.test(text)
    ? new Malformed("contains a variable that was not expanded: set it to the value itself")
    : undefined;
}

export function parseOrigin(text: string): string | Malformed {
  const unexpanded = leftover(text);
  if (unexpanded !== undefined) return unexpanded;
  const shape = "must be https://host[:port], without user info, path or query";
  if (!URL.canParse(text)) return new Malformed(shape);
  const url = new URL(text);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    return new Malformed("must start with https:// (plain http only for a loopback address)");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return new Malformed(shape);
  const bare =
    url.username === "" && url.password === "" && url.pathname === "/" && url.search === "" && url.hash === "";
  return bare && !/[?#@]/.test(text) ? url.origin : new Malformed(shape);
}

/** Whether the host of a URL is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

export function parseApiKey(text: string): string | Malformed {
  // A key may contain any of these characters, so only a value that consists of one variable counts as unexpanded.
  const quoted = /^(["'`“”‘’«»]).*\1$|^“.*”$|^‘.*’$|^«.*»$/.test(text);
  const isVariable = /^(?:\$\w+|\$\{.*\}|\$\(.*\)|%\w+%|\{\{.*\}\}|<.*>)$/.test(text);
  if (quoted || isVariable) return leftover(text) ?? new Malformed("contains a variable that was not expanded");
  // The key becomes a header value. The HTTP library would reject anything else with the key in its message.
  return /^[\x21-\x7e]{1,4096}$/.test(text)
    ? text
    : new Malformed("must be one line of printable ASCII without spaces");
}

export function parseFingerprints(text: string): readonly string[] | Malformed {
  const prints = text.split(",").map((part) => part.trim().replaceAll(":", "").toLowerCase());
  return prints.every((print) => /^[0-9a-f]{64}$/.test(print))
    ? prints
    : new Malformed("must be SHA-256 fingerprints of 64 hex digits, colons optional, separated by commas");
}

export function parseBoolean(text: string): boolean | Malformed {
  if (text === "true") return true;
  return text === "false" ? false : new Malformed('must be "true" or "false"');
}

export function parsePolicy(text: string): DeletionPolicy | Malformed {
  return (
    deletionPolicies.find((policy) => policy === text) ?? new Malformed(`must be "${deletionPolicies.join('" or "')}"`)
  );
}

export function parseLength(text: string): number | Malformed {
  const length = parseDuration(text);
  return "ms" in length ? length.ms : new Malformed(length.reason);
}

// Node's timers overflow above some weeks and then fire at once.
export function parseTimeout(text: string): number | Malformed {
  if (/^\d+$/.test(text)) return new Malformed(`needs a unit: for ${text} seconds, set PT${text}S`);
  const length = parseLength(text);
  return typeof length !== "number" || length <= 3_600_000 ? length : new Malformed("must be at most PT1H");
}
