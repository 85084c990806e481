// The appliance's words for shares, as schemas: what an answer must have to be believed. Unknown, missing, null and
// reordered attributes are fine; a wrong type where something is said is not.
import { z } from "zod";
import type { Answer } from "./response";
import type { CreatedShare, Share, ShareList, ShareSpec } from "./api";
import { isInstant } from "../time/instants";
import { printable, protect } from "./redact";

/** Entries of one list, at most. */
export const longestList = 50_000;

/** A 64-bit ID: text, or a number small enough to be exact (longer ones arrive as their digits). */
export const identifier = z.union([z.string(), z.int()]);
export const instant = z.string().refine(isInstant, { error: "expected an instant" });

/** Appliance: 64 letters and digits in every sample. Whatever else a key may be, it must fit into a link and a state. */
const key = z
  .string()
  .max(4096)
  .refine((text) => text.isWellFormed(), { error: "expected well-formed text" });

const share = z.object({
  id: identifier.nullish(),
  session_id: identifier.nullish(),
  user_id: identifier.nullish(),
  key: key.nullish(),
  valid_since: instant.nullish(),
  valid_to: instant.nullish(),
  readonly: z.boolean().nullish(),
  link: z.string().nullish(),
  created_at: instant.nullish(),
  modified_at: instant.nullish(),
  removed: z.union([z.boolean(), z.string()]).nullish(),
});
const shares = z.array(share);
const created = z.object({ key: key.min(1) });
const spec = z.record(z.string(), z.record(z.string(), z.unknown()));

/** `GET /api/v2/session/<id>/share`. Throws `protocol` or `limit`. */
export function readShareList(answer: Answer): ShareList {
  const list = answer.body["session_share"];
  if (Array.isArray(list) && list.length > longestList) {
    throw answer.unfit("limit", `the list has ${list.length} entries; the limit is ${longestList}`);
  }
  return { shares: read(answer, "session_share", shares).map(toShare), ...timeOf(answer) };
}

/**
 * `POST /api/v2/session/<id>/share`. A key is all that is asked of it: whatever else it says, the share exists. Throws
 * `protocol` without one.
 */
export function readCreatedShare(answer: Answer): CreatedShare {
  const { key } = read(answer, "session_share", created);
  rememberUnusual(key);
  return { share: { key, removed: false }, ...timeOf(answer) };
}

/** `GET /api/v2/objspec/session_share`. Throws `protocol`. */
export function readShareSpec(answer: Answer): ShareSpec {
  return read(answer, "session_share", spec);
}

/** What `schema` makes of an attribute of the envelope. Throws `protocol`, which names the place and never the value. */
export function read<T>(answer: Answer, name: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.body[name]);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = printable([name, ...(issue?.path ?? [])].map(String).join("."), 80);
  throw answer.unfit("protocol", `the answer is not as documented at ${place}: ${issue?.message ?? "unknown"}`);
}

/** Keys as documented are masked by their looks; one of another shape has to be remembered. */
function rememberUnusual(key: string): void {
  if (key.length < 32 || !/^[A-Za-z0-9]+$/.test(key)) protect(key);
}

function timeOf({ applianceTime }: Answer): { applianceTime?: number } {
  return applianceTime === undefined ? {} : { applianceTime };
}

function toShare(entry: z.infer<typeof share>): Share {
  const { id, session_id, user_id, key, valid_since, valid_to, readonly, link, created_at, modified_at } = entry;
  const result: { -readonly [Name in keyof Share]: Share[Name] } = { removed: isRemoved(entry.removed) };
  if (key) result.key = key;
  if (id != null) result.id = String(id);
  if (session_id != null) result.sessionId = String(session_id);
  if (user_id != null) result.userId = String(user_id);
  if (valid_since != null) result.validSince = valid_since;
  if (valid_to != null) result.validTo = valid_to;
  if (readonly != null) result.readonly = readonly;
  if (link != null) result.link = link;
  if (created_at != null) result.createdAt = created_at;
  if (modified_at != null) result.modifiedAt = modified_at;
  if (key) rememberUnusual(key);
  return result;
}

// Appliance: documented as a boolean; PostgreSQL would write it as `t`, and a soft delete as the moment it happened.
export function isRemoved(removed: boolean | string | null | undefined): boolean {
  return typeof removed === "string" ? !["", "f", "false", "0"].includes(removed.toLowerCase()) : removed === true;
}
