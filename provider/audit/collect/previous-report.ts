// Reads the report that `--previous` names: its shares that had not expired. So the audit still finds the live links of a
// destroyed stack.
import { readFile } from "node:fs/promises";
import { printable } from "../../client";
import { parseInstant } from "../../time/instants";
import { withCurrentNames } from "../model/report-format-1";
import { reportFormat, reportSchema, type ReportedShare } from "../model/report-schema";
import type { Status } from "../model/status";
import { UsageError } from "../model/usage-error";

/** A resource that declared a share. */
export interface DeclaringResource {
  /** `project/stack`. */
  readonly stack: string;
  readonly urn: string;
}

/** A share of the previous report that had not expired. Instants are milliseconds since the epoch. */
export interface PreviousShare {
  readonly sessionId: string;
  readonly fingerprint: string;
  readonly status: Status;
  readonly since?: number;
  readonly to: number;
  /** Absent if that report's list did not show the share; -Infinity if it showed no creation. */
  readonly createdAt?: number;
  readonly readonly?: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** The resources that declared it at that time, or before. */
  readonly declaredBy: readonly DeclaringResource[];
}

/** Reads a previous JSON report on the same appliance. Throws `UsageError` for any other file. */
export async function readPrevious(file: string, origin: string, now: number): Promise<PreviousShare[]> {
  const { success, data } = reportSchema.safeParse(withCurrentNames(parse(await read(file))));
  if (!success)
    throw new UsageError(
      `--previous: ${printable(file)} is not a JSON report of fudo-audit (${reportFormat} or older)`,
    );
  if (data.appliance !== origin) {
    throw new UsageError(
      `--previous: ${printable(file)} is a report on ${printable(data.appliance)}, but FUDO_URL is ${origin}`,
    );
  }
  return data.shares.flatMap((share) => toPreviousShare(share, now));
}

function toPreviousShare(share: ReportedShare, now: number): PreviousShare[] {
  const { sessionId, fingerprint, status, validSince, validTo, readonly, labels, declaredBy, onceDeclaredBy, seen } =
    share;
  const to = milliseconds(validTo) ?? Infinity;
  if (fingerprint === undefined || to <= now || seen === "elsewhere") return [];
  const since = milliseconds(validSince);
  const createdAt = milliseconds(share.createdAt) ?? (seen === "listed" ? -Infinity : undefined);
  const resources = declaredBy.length > 0 ? declaredBy : onceDeclaredBy;
  return [
    {
      sessionId,
      fingerprint,
      status,
      to,
      ...(since !== undefined && { since }),
      ...(createdAt !== undefined && { createdAt }),
      ...(readonly !== undefined && { readonly }),
      labels: Object.fromEntries(
        Object.entries(labels).map(([name, value]) => [printable(name, 100), printable(value)]),
      ),
      declaredBy: resources.map(({ stack, urn }) => ({ stack: printable(stack), urn: printable(urn, 1000) })),
    },
  ];
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseInstant(text)?.epochMs;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `--previous: cannot read ${printable(file)} (${(error as NodeJS.ErrnoException).code ?? "unreadable"}); omit --previous on the first run`,
    );
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
