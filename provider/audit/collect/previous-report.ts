// An earlier report: what it knew of shares that had not ended. So the live links of a destroyed stack stay in the register.
import { readFile } from "node:fs/promises";
import { parseInstant, printable } from "../../client";
import { UsageError } from "../cli/arguments";
import type { Earlier } from "../analyze/inventory";
import { reportFormat, reportSchema, type ReportedShare } from "../model/report-schema";

/** Reads an earlier JSON report of the same appliance. Throws `UsageError` for anything else. */
export async function readPrevious(file: string, origin: string, now: number): Promise<Earlier[]> {
  const { success, data } = reportSchema.safeParse(parse(await read(file)));
  if (!success)
    throw new UsageError(`--previous: ${printable(file)} is not a JSON report of fudo-audit (${reportFormat})`);
  if (data.appliance !== origin) {
    throw new UsageError(
      `--previous: ${printable(file)} is a report on ${printable(data.appliance)}, and ${origin} is asked now`,
    );
  }
  return data.shares.flatMap((share) => toEarlier(share, now));
}

function toEarlier(share: ReportedShare, now: number): Earlier[] {
  const { sessionId, fingerprint, status, validSince, validTo, readonly, labels, declaredBy, onceDeclaredBy, seen } =
    share;
  const to = milliseconds(validTo) ?? Infinity;
  if (fingerprint === undefined || to <= now || seen === "elsewhere") return [];
  const since = milliseconds(validSince);
  const owners = declaredBy.length > 0 ? declaredBy : onceDeclaredBy;
  return [
    {
      sessionId,
      fingerprint,
      status,
      to,
      ...(since !== undefined && { since }),
      ...(readonly !== undefined && { readonly }),
      labels: Object.fromEntries(
        Object.entries(labels).map(([name, value]) => [printable(name, 100), printable(value)]),
      ),
      declaredBy: owners.map(({ stack, urn }) => ({ stack: printable(stack), urn: printable(urn, 1000) })),
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
      `--previous: ${printable(file)} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"}); leave it out on the first run`,
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
