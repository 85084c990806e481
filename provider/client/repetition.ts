// Tells an answer that repeats the last one to the letter: a refresh lists a session each second, and reading a long
// list costs more than all the rest of it. It must not know what is read.
import type { RawAnswer } from "./transport";

/** Bytes below which remembering costs more than reading again. */
const worthwhile = 64 * 1024;

/** What is read must be an object, a new one each time; nothing is kept alive here that nobody else holds. */
export class Repetition<T extends object> {
  private readonly last = new Map<string, WeakRef<T>>();
  private readonly answers = new WeakMap<T, RawAnswer>();

  /**
   * What the last answer to `question` was read as, where this one has the same status, encoding and bytes; else what `read`
   * makes of it. Neither what throws is remembered nor what is short.
   */
  of(question: string, raw: RawAnswer, read: () => T): T {
    if (raw.body.length < worthwhile) return read();
    const last = this.last.get(question)?.deref();
    if (last !== undefined && isSame(this.answers.get(last), raw)) return last;
    const reading = read();
    this.last.set(question, new WeakRef(reading));
    this.answers.set(reading, raw);
    return reading;
  }
}

function isSame(last: RawAnswer | undefined, { status, headers, body }: RawAnswer): boolean {
  return (
    last?.status === status &&
    last.headers["content-encoding"] === headers["content-encoding"] &&
    last.body.equals(body)
  );
}
