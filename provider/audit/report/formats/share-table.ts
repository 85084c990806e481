// The shares that may give access, for a terminal: a table, or a list where the terminal is narrow. Expired and removed
// shares are only counted.
import type { Report, ReportedShare } from "../../model/report-schema";
import { mayGiveAccess } from "../../model/status";
import {
  expiryText,
  modeText,
  cutText,
  nameOf,
  notListedText,
  otherLabelsText,
  sessionNames,
  shareCounts,
  stacksOf,
  timeLeft,
} from "../text";
import { notListedSince, sessionText, shareText } from "../work-lists";
import { grid, neededColumns, paragraph, type Cell, type Colour, type Page } from "./grid";

/** A person does not read more; the JSON and CSV reports contain everything. */
const maxShares = 100;
/** A narrower terminal has no room for the columns. */
const narrowest = 72;
/** From here on, the fingerprint has a column of its own. */
const wide = 120;

export function sharesPart(report: Report, page: Page): string {
  const open = report.shares.filter(mayGiveAccess);
  const shown = open.slice(0, maxShares);
  const hidden = open.length - shown.length;
  const lines = [
    ...(hidden > 0 ? [cutText(hidden, "share")] : []),
    `Shares: ${shareCounts(report)}`,
    ...(open.some(({ status }) => status === "not-listed") ? [`not-listed: ${notListedText}`] : []),
  ].map((line) => paragraph(line, page));
  if (shown.length === 0) return lines.join("\n");
  return [page.columns < narrowest ? shareList(shown, page) : shareTable(shown, page), ...lines].join("\n");
}

/** Longer names wrap: a wide column would take the other columns far away from short names. */
const widestName = 60;
/** Spaces before the details below a name. */
const hanging = 2;
function shareList(shares: readonly ReportedShare[], page: Page): string {
  const texts = shares.flatMap((share) => {
    const state = [share.status, expiryText(share), modeText(share)].filter(Boolean).join(", ");
    const lines = [`${sessionText(share)}\n${shareText(share)}`, detailsOf(share)].filter(Boolean);
    return [
      paragraph(nameOf(share), page, { colour: "bold" }),
      paragraph(state, page, { indent: 2, colour: statusColours[share.status] ?? "dim" }),
      ...lines.map((line) => paragraph(line, page, { indent: 2 })),
    ];
  });
  return [paragraph("SHARES", page, { colour: "dim" }), ...texts].join("\n");
}

function shareTable(shares: readonly ReportedShare[], { columns, paint }: Page): string {
  const isWide = columns >= wide;
  const widths = isWide ? [11, 12, 20, 17] : [11, 12, 20];
  const names = shares.map((share) =>
    [nameOf(share), modeOf(share), sessionNames(share), detailsOf(share)].filter(Boolean).join("\n"),
  );
  const rows = shares.map(({ status, sessionId, fingerprint = "no key", ...share }, index): Cell[] => [
    names[index] ?? "",
    [statusColours[status] ?? "dim", status],
    timeLeft(share),
    ...(isWide ? [sessionId, fingerprint] : [`${sessionId}\n${fingerprint}`]),
  ]);
  const head = ["SHARE", "STATUS", "EXPIRES IN", "SESSION", ...(isWide ? ["FINGERPRINT"] : [])];
  // The last column needs no space after it.
  const room = columns + 1 - widths.reduce((sum, one) => sum + one, 0);
  const needed = Math.min(widestName, Math.max(...names.map(neededColumns))) + hanging + 1;
  return grid([head.map((name): Cell => ["dim", name]), ...rows], [Math.min(room, needed), ...widths], paint, hanging);
}

function modeOf({ readonly }: ReportedShare): string {
  return readonly === false ? "interactive" : "";
}

function detailsOf(share: ReportedShare): string {
  return [stacksOf(share), notListedSince(share), otherLabelsText(share.labels)].filter(Boolean).join(", ");
}

const statusColours: Readonly<Partial<Record<ReportedShare["status"], Colour>>> = {
  active: "green",
  scheduled: "blue",
  "not-listed": "yellow",
  missing: "yellow",
};
