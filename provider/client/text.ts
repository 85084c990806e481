// Decodes text from outside: UTF-8 or UTF-16, with or without a byte order mark.

/**
 * The text without its byte order mark. Windows PowerShell writes UTF-16 when the output of a command goes to a file, and
 * some proxies send it. Without a mark, the zero byte of the first ASCII character tells UTF-16 apart.
 */
export function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return bytes.toString("utf8");
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return utf16("utf-16le", bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return utf16("utf-16be", bytes);
  const text = bytes.toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

// TextDecoder skips the byte order mark.
function utf16(encoding: "utf-16le" | "utf-16be", bytes: Buffer): string {
  return new TextDecoder(encoding).decode(bytes);
}
