// What the engine is given to print when an operation fails. It prints `${e}: ${e.stack}` and then `e.message`, so both
// carry the sentence alone, and no `id` or numeric `code` may be on it (they mean something else to the SDK).
import { isFudoError } from "../client/errors";
import { printable, redact } from "../client/redact";

// Engine: `refresh` and `destroy` without `--run-program` run with the configuration that the last `up` stored.
const afterRotation =
  " After a rotation: plain `refresh` and `destroy` use the key that the last `up` stored; run `pulumi up` first, or add --run-program.";

/**
 * Same shape for every failure: `fudo[code]` as text, the redacted message as stack. `storedKey`: the API key is part of
 * the stack's configuration.
 */
export function asFailure(error: unknown, storedKey: boolean): Error {
  const code = isFudoError(error) ? error.code : "internal";
  const message = isFudoError(error)
    ? error.message + (error.status === 401 && storedKey ? afterRotation : "")
    : `unexpected failure inside the provider (${error instanceof Error ? printable(`${error.name}: ${error.message}`) : "not an error"}); please report it`;
  const failure = new Error(`fudo[${code}] ${redact(message)}`);
  failure.stack = redact(message);
  failure.toString = () => `fudo[${code}]`;
  return failure;
}
