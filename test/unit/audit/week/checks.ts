// What must hold after each hour of the week, and for the whole week.
import type { Report } from "../../../../provider/audit/model/report-schema";
import { hour } from "../fixture";
import type { Team, TrackedShare } from "./team";

export interface Hour {
  readonly at: number;
  readonly code: number;
  /** Absent where this hour's audit wrote none. */
  readonly report?: Report;
  /** The auditor's clock was right. */
  readonly isClean: boolean;
  readonly isDiskFull: boolean;
  readonly note: string;
}

const entries = (report: Report) =>
  new Map(report.shares.map((share) => [`${share.sessionId}/${share.fingerprint ?? "?"}`, share]));

/** No share that the appliance still honours is lost from view before its end. */
export function lostShares(team: Team, { report }: Hour, known: ReadonlySet<string>): string[] {
  if (report === undefined || !report.completeness.complete) return [];
  const found = entries(report);
  const isLost = (share: TrackedShare) => {
    const entry = found.get(share.id);
    if (entry !== undefined) return entry.status === "expired";
    return known.has(share.id) || isListed(team, share);
  };
  return [...team.shares.values()].filter((share) => team.isHonoured(share) && isLost(share)).map(({ id }) => id);
}

/** A list shows the share for certain: it is old enough for each replica. */
function isListed(team: Team, share: TrackedShare): boolean {
  return team.emulator.behaviour.lagMilliseconds === 0 && team.isVisible(share);
}

/** No share stays after its end, unless a stack declares it or a list shows it. */
export function overdueShares(team: Team, { report, isClean }: Hour): string[] {
  if (report === undefined || !report.completeness.complete || !isClean) return [];
  const declared = team.declaredIds();
  return [...entries(report)].flatMap(([id, { seen, status, findings }]) => {
    const isOver = (team.shares.get(id)?.end ?? Infinity) <= team.now;
    const isAllowed = (declared.has(id) || seen === "listed") && status === "expired" && findings.length === 0;
    const wasRemoved = status === "removed" && (declared.has(id) || seen === "listed") && findings.length === 0;
    return isOver && !isAllowed && !wasRemoved ? [`${id} is ${status}`] : [];
  });
}

/**
 * No finding disappears before the share's end, or comes back, without a cause. A failing list and a wrong clock are no causes.
 * A cause shows late where lists failed after it, and where it came shortly before an audit: absence counts after five minutes.
 */
export function flappingFindings(team: Team, hours: readonly Hour[]): string[] {
  const written = hours.filter(({ report }) => report !== undefined);
  return [...team.shares.values()].flatMap((share) => {
    const seen = written
      .filter(({ at }) => at < share.end)
      .map(({ at, report }) => {
        const kinds = entries(report!).get(share.id)?.findings ?? [];
        return { at, kinds: kinds.map(groupOf), isComplete: report!.completeness.complete };
      });
    const causes = team.causes.filter(({ about }) => isAbout(about, share));
    return seen.slice(1).flatMap(({ at, kinds }, index) => {
      const before = seen[index]!;
      const complete = seen.slice(0, index + 1).findLast(({ isComplete }) => isComplete)?.at ?? -Infinity;
      const isCaused = causes.some((cause) => cause.at > complete - hour && cause.at <= at);
      const lost = isCaused ? [] : before.kinds.filter((kind) => !kinds.includes(kind) && !onlyNews.includes(kind));
      return lost.map((kind) => `${kind} of ${share.id} disappeared between ${text(before.at)} and ${text(at)}`);
    });
  });
}

/** Which of the three an undeclared link is depends on other shares of its stack too. */
function groupOf(kind: string): string {
  return ["unmanaged", "orphaned", "replaced"].includes(kind) ? "undeclared" : kind;
}

/** A finding of the first report that sees it, and of no later one. */
const onlyNews = ["no-longer-listed"];

function isAbout(about: string, { id, sessionId, key }: TrackedShare): boolean {
  return [id, sessionId, key, "everything"].includes(about);
}

const text = (ms: number) => new Date(ms).toISOString();
