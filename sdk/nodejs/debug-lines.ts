// Keeps credentials out of the SDK's own debug lines. It must not touch any other kind of message.
import * as pulumi from "@pulumi/pulumi";
import { redact } from "../../provider/client/redact";

type Debug = typeof pulumi.log.debug;

const redacted = Symbol.for("pulumi-fudo.redacted");

/**
 * From now on the program's debug lines are redacted.
 *
 * Engine: when a resource is registered the SDK writes a debug line with all its outputs, secret ones in the clear, and
 * `pulumi up --json` prints debug lines. There is no setting for it, so the line is cleaned where it is written.
 */
export function redactDebugLines(): void {
  const log = pulumi.log as { debug: Debug & { [redacted]?: true } };
  const { debug } = log;
  if (debug[redacted]) return;
  log.debug = Object.assign<Debug, { [redacted]: true }>((message, ...more) => debug(redact(message), ...more), {
    [redacted]: true,
  });
}
