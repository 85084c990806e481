// Reads the lists of servers, accounts and users: only their IDs and names.
import type { NamedObject, NamePage, ObjectKind } from "../api";
import { readId, readText } from "./attributes";
import { entriesOf, entryProblem, freshness } from "./list-envelope";
import type { SuccessResponse } from "../http/response";

/** `GET /api/v2/server`, `/account` or `/user`. Throws `protocol` or `limit`. */
export function readNames(response: SuccessResponse, kind: ObjectKind): NamePage {
  const { entries, problems } = entriesOf(response, kind, "id");
  const objects = entries.flatMap((entry) => toNamedObject(entry) ?? []);
  const omitted = entryProblem(
    entries.length - objects.length,
    entries.length,
    "without a decimal ID or a name; they are left out",
  );
  return { objects, problems: [...problems, ...freshness(response), ...(omitted === undefined ? [] : [omitted])] };
}

function toNamedObject(entry: unknown): NamedObject | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const given = entry as Record<string, unknown>;
  const [id, name] = [readId(given["id"]), readText(given["name"])];
  return typeof id === "string" && typeof name === "string" ? { id, name } : undefined;
}
