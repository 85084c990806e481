// Removes credentials from the debug lines that Pulumi's SDK writes.
import * as pulumi from "@pulumi/pulumi";
import { redact } from "../../provider/client/redact";

type Debug = typeof pulumi.log.debug;

const redacted = Symbol.for("pulumi-fudo.redacted");

/** Redacts the program's debug lines from now on. */
export function redactDebugLines(): void {
  // Engine: for each registered resource the SDK writes a debug line with all outputs, secrets in plain text, and
  // `pulumi up --json` prints debug lines. No setting prevents this, so this function wraps `pulumi.log.debug`.
  const log = pulumi.log as { debug: Debug & { [redacted]?: true } };
  const { debug } = log;
  if (debug[redacted]) return;
  log.debug = Object.assign<Debug, { [redacted]: true }>((message, ...more) => debug(redact(message), ...more), {
    [redacted]: true,
  });
}
