// Reads the file of `--accept`: findings that somebody decided to accept until an instant. Each entry is checked, because
// an entry that is silently ignored, or accepts more than its author meant, would make the verdict wrong.
import { z } from "zod";
import { printable } from "../../client";
import { fingerprintShape } from "../../lifecycle";
import { parseDeclaredInstant } from "../../time/zoned";
import { findingKindNames, type FindingKind } from "../model/finding-kinds";
import { UsageError } from "../model/usage-error";
import { object, parseJson } from "./state-json";
import { maximumAcceptanceSize, readTextFile } from "./text-file";

/** One accepted finding: of the share with this fingerprint, or of the resource with this URN. */
export interface Acceptance {
  readonly fingerprint?: string;
  readonly urn?: string;
  readonly finding: FindingKind;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

const finding = z.enum(findingKindNames as [FindingKind, ...FindingKind[]], {
  error: ({ input }) => `has an unknown finding${suggestion(input)}`,
});
const reason = z
  .string({ error: "needs a `reason`" })
  .refine((text) => text.trim() !== "", "needs a `reason`")
  .transform((text) => printable(text));
const until = z
  .string({ error: "needs `until`, an instant such as 2026-12-31T18:00:00Z" })
  .transform((text, context) => {
    const parsed = parseDeclaredInstant(text);
    if ("ms" in parsed) return parsed.ms;
    context.addIssue({ code: "custom", message: `has an \`until\` that ${parsed.reason}` });
    return z.NEVER;
  });
const fingerprint = z
  .string({ error: "has a `fingerprint` that is not text" })
  .regex(fingerprintShape, "has a `fingerprint` that is not 16 hex digits in lower case");
const urn = z
  .string({ error: "has a `urn` that is not text" })
  .regex(/^urn:pulumi:/, "has a `urn` that does not start with urn:pulumi:")
  .transform((text) => printable(text, 1000));

const unknownProperties = ({ code, keys = [] }: { code: string; keys?: readonly string[] }) =>
  code === "unrecognized_keys"
    ? `has an unknown property: ${keys.map((name) => printable(name, 60)).join(", ")}`
    : "is not an object";

const entry = z
  .strictObject(
    { fingerprint: fingerprint.optional(), urn: urn.optional(), finding, reason, until },
    { error: (issue) => unknownProperties(issue as { code: string; keys?: readonly string[] }) },
  )
  .refine((value) => (value.fingerprint === undefined) !== (value.urn === undefined), {
    message: "needs either `fingerprint` or `urn`",
    // Also when another property is wrong, so that one run names every mistake.
    when: ({ value }) => typeof value === "object" && value !== null,
  });

/** Reads the file. Throws `UsageError` with every mistake in it; an entry is named by its number, from 1. */
export function readAcceptances(file: string): Acceptance[] {
  const name = printable(file);
  const read = readTextFile(file, maximumAcceptanceSize);
  if ("problem" in read) throw new UsageError(`--accept: cannot read ${name} (${read.problem})`);
  const json = parseJson(read.text);
  const accept = object(json)?.["accept"];
  if (!Array.isArray(accept) || Object.keys(object(json) ?? {}).length > 1) {
    throw new UsageError(`--accept: ${name} must be JSON of the form { "accept": [ … ] } and have no other property`);
  }
  const results = accept.map((value: unknown) => entry.safeParse(value));
  const mistakes = results.flatMap(({ error }, index) =>
    [...new Set(error?.issues.map(({ message }) => message))].map((message) => `entry ${index + 1} ${message}`),
  );
  if (mistakes.length > 0) throw new UsageError(`--accept: ${name}: ${mistakes.join("; ")}`);
  return results.map(({ data }) => data as Acceptance);
}

/** The finding that was probably meant, or all of them. */
function suggestion(input: unknown): string {
  if (typeof input !== "string" || input === "") return `; use one of ${findingKindNames.join(", ")}`;
  const word = input.toLowerCase().replaceAll(/[\s_]/g, "-");
  const near = findingKindNames.filter((name) => distance(word, name) <= 2 || name.startsWith(word));
  const meant = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `use one of ${findingKindNames.join(", ")}`;
  return ` "${printable(input, 40)}"; ${meant}`;
}

/** How many letters differ: inserted, left out or exchanged. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= Math.min(a.length, 40); i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
