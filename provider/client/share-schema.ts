// The wire schemas for shares: which responses are valid, and how they become the client's objects. Attributes may be
// unknown, missing, null or in another order. An attribute of the wrong type makes the response invalid.
import { z } from "zod";
import { isInstant } from "../time/instants";
import type { CreatedShare, Share, ShareList, ShareSpec } from "./api";
import { printable, registerSecret } from "./redact";
import type { SuccessResponse } from "./response";

/** The maximum number of entries in one list. */
const maximumEntries = 50_000;

/** A 64-bit ID: text, or a number small enough to be exact (checkResponse turns longer ones into text). */
export const identifier = z.union([z.string(), z.int()]);
export const instant = z.string().refine(isInstant, { error: "expected an instant" });
export const removal = z.union([z.boolean(), z.string()]);

// Appliance: a key has 64 letters and digits in every sample. A key of another form is valid if a link and a state can
// contain it.
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
  removed: removal.nullish(),
});
const shares = z.array(share);
const created = z.object({ key: key.min(1) });
const spec = z.record(z.string(), z.record(z.string(), z.unknown()));

/** `GET /api/v2/session/<id>/share`. Throws `protocol` or `limit`. */
export function readShareList(response: SuccessResponse): ShareList {
  assertListSize(response, "session_share");
  return { shares: readAttribute(response, "session_share", shares).map(toShare), ...timeOf(response) };
}

/**
 * `POST /api/v2/session/<id>/share`. Reads only the key, because a key proves that the share exists, whatever the other
 * attributes are. Throws `protocol` if the key is missing.
 */
export function readCreatedShare(response: SuccessResponse): CreatedShare {
  const { key } = readAttribute(response, "session_share", created);
  registerUnusualKey(key);
  return { share: { key, removed: false }, ...timeOf(response) };
}

/** `GET /api/v2/objspec/session_share`. Throws `protocol`. */
export function readShareSpec(response: SuccessResponse): ShareSpec {
  return readAttribute(response, "session_share", spec);
}

/** Throws `limit` if the list in this attribute has too many entries. */
export function assertListSize(response: SuccessResponse, name: string): void {
  const list = response.body[name];
  if (Array.isArray(list) && list.length > maximumEntries) {
    throw response.invalid("limit", `the list has ${list.length} entries; the limit is ${maximumEntries}`);
  }
}

/** Parses one attribute of the envelope. Throws `protocol`; the message names the place and never the value. */
export function readAttribute<T>(response: SuccessResponse, name: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(response.body[name]);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = printable([name, ...(issue?.path ?? [])].map(String).join("."), 80);
  const problem = issue?.message ?? "unknown";
  throw response.invalid("protocol", `the response does not match the API documentation at ${place}: ${problem}`);
}

// The redactor recognises a key of the documented form. A key of another form must be registered.
function registerUnusualKey(key: string): void {
  if (key.length < 32 || !/^[A-Za-z0-9]+$/.test(key)) registerSecret(key);
}

function timeOf({ applianceTime }: SuccessResponse): { applianceTime?: number } {
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
  if (key) registerUnusualKey(key);
  return result;
}

// Appliance: `removed` is documented as a boolean. PostgreSQL would write `t`, or the time of a soft delete.
export function isRemoved(removed: boolean | string | null | undefined): boolean {
  return typeof removed === "string" ? !["", "f", "false", "0"].includes(removed.toLowerCase()) : removed === true;
}
