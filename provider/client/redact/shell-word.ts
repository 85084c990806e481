// Writes external text into a command that a person may copy into a shell.
import { printable } from "./redact";

/**
 * What may stand between single quotes in a POSIX shell, in PowerShell and in cmd.exe. PowerShell also ends a text at a
 * typographic quote, and cmd.exe does not know single quotes, so the characters that it interprets are not here either.
 */
const quotable = /^[^'"`\u2018-\u201F&|<>^%!\\\p{C}\p{Zl}\p{Zp}]{1,1000}$/u;

/**
 * The text as one quoted word of a command. `undefined` where no quotes are safe in every shell, or where the text that we
 * may print differs from the real one: then the message must not contain a command.
 */
export function shellWord(text: string): string | undefined {
  return quotable.test(text) && printable(text, 1000) === text ? `'${text}'` : undefined;
}
