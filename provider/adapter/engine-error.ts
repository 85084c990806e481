// The error that the engine prints when an operation fails. Engine: it prints `${e}: ${e.stack}` and then `e.message`, so both
// hold only the sentence. An `id` or a numeric `code` would mean something else to the SDK.
import { isFudoError, type FudoError } from "../client/errors";
import { printable, redact } from "../client/redact/redact";

// Engine: `refresh` and `destroy` without `--run-program` use the configuration that the last `up` stored.
const storedByUp = (what: string) =>
  `plain \`refresh\` and \`destroy\` use the ${what} that the last \`up\` stored. Run \`pulumi up\` first, or add --run-program.`;

/**
 * Every failure has the same shape: `fudo[code]` as text, the redacted message as stack. `isKeyInConfig`: the API key is part
 * of the stack's configuration.
 */
export function toEngineError(error: unknown, isKeyInConfig: boolean): Error {
  const code = isFudoError(error) ? error.code : "internal";
  const message = isFudoError(error)
    ? error.message + adviceFor(error, isKeyInConfig)
    : `unexpected failure in the provider (${unexpectedText(error)}). Please report it`;
  const failure = new Error(`fudo[${code}] ${redact(message)}`);
  failure.stack = redact(message);
  failure.toString = () => `fudo[${code}]`;
  return failure;
}

function adviceFor({ status, isSettingMissing }: FudoError, isKeyInConfig: boolean): string {
  if (isSettingMissing) return `. After \`pulumi config set\`: ${storedByUp("configuration")}`;
  return status === 401 && isKeyInConfig ? `. After a key rotation: ${storedByUp("key")}` : "";
}

function unexpectedText(error: unknown): string {
  return error instanceof Error ? printable(`${error.name}: ${error.message}`) : "not an error";
}
