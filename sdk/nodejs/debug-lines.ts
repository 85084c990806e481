// Removes credentials from the debug lines that Pulumi's SDK writes.
import type * as pulumi from "@pulumi/pulumi";
import { redact } from "../../provider/client/redact/redact";

type Log = Pick<typeof pulumi.log, "debug">;
type Debug = Log["debug"] & { [redacted]?: true };

const redacted = Symbol.for("pulumi-fudo.redacted");

/** Redacts the debug lines of each copy of the SDK that this process has loaded. */
export function redactDebugLines(log: Log): void {
  for (const each of [log, ...newlyLoadedLogs()]) redactLog(each);
}

function redactLog(log: Log): void {
  // Engine: for each registered resource the SDK writes a debug line with all outputs, secrets in plain text, and
  // `pulumi up --json` prints debug lines. No setting prevents this, so this function wraps `pulumi.log.debug`.
  const debug: Debug = log.debug;
  if (debug[redacted]) return;
  log.debug = Object.assign<Debug, { [redacted]: true }>(
    (message, ...more) => debug(redact(withoutResponse(message)), ...more),
    { [redacted]: true },
  );
}

// Engine: the line with the outputs of a share or a VendorAccess comes before the program can know their values, and a key may
// have any form. So the part with the outputs is omitted. Every such line names the type: in its label, or in the URN. The
// outputs of a provider contain the API key.
const hasCredentials =
  /fudo(?::index|)(?:\/|:)\w*(?:SessionShare|VendorAccess)|pulumi:providers:(?:fudo|pulumi-nodejs)\b/i;

function withoutResponse(message: string): string {
  if (!hasCredentials.test(message)) return message;
  const at = message.indexOf(", resp: ");
  return at === -1 ? message : `${message.slice(0, at)}, resp: [secret]`;
}

let modulesSeen = 0;

// Another package may bring a copy of the SDK with it. A resource of that copy that gets a link writes it to its own log.
function newlyLoadedLogs(): Log[] {
  const paths = Object.keys(require.cache);
  if (paths.length === modulesSeen) return [];
  modulesSeen = paths.length;
  return paths.flatMap((path) => {
    const isOfSdk = /[\\/]@pulumi[\\/]pulumi[\\/]log[\\/]index\.js$/.test(path);
    const exports: unknown = isOfSdk ? require.cache[path]?.exports : undefined;
    return isLog(exports) ? [exports] : [];
  });
}

function isLog(value: unknown): value is Log {
  return typeof (value as Partial<Log> | undefined)?.debug === "function";
}
