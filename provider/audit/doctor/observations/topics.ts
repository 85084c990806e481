// All that doctor observes of an appliance: the name of each line, the function that judges it, and the line itself. Pure.
import type { CheckResult } from "../check-result";
import type { ApplianceRecord } from "../record";
import * as lists from "./lists";
import { flagNames, type Flags, type Observation } from "./observation";
import * as responses from "./responses";
import * as share from "./share";
import { clockSkewSeconds, delaysOf, shapesOf, utcOffset } from "./shapes";

type Judge = (record: ApplianceRecord) => Observation | undefined;

/** In the order of the lines. The names fit the column of the subjects. */
const topics: readonly (readonly [subject: string, judge: Judge])[] = [
  ["POST status", responses.postStatus],
  ["POST body", responses.postReply],
  ["Past start", share.pastStart],
  ["New share", share.listed],
  ["Window", share.storedWindow],
  ["Created at", share.createdAt],
  ["After end", share.afterEnd],
  ["Later start", share.scheduled],
  ["Times", share.times],
  ["List", lists.listForm],
  ["Empty list", lists.emptyList],
  ["List order", lists.listOrder],
  ["Repeated", lists.repeatedEntries],
  ["Hidden", lists.hiddenAttributes],
  ["Link", lists.expensiveAttributes],
  ["Session ID", lists.shownSessionId],
  ["Removed", lists.removed],
  ["Booleans", lists.booleans],
  ["No session", responses.unknownSession],
  ["404", responses.notFoundBody],
  ["Wrong key", responses.wrongKey],
  ["Objspec", responses.objspec],
  ["Paging", responses.paging],
  ["Bad query", responses.badQuery],
  ["Health", responses.health],
  ["JSON", responses.jsonLayout],
];

const prefixes = { documented: "as documented", handled: "different, handled", report: "different, please report" };
const howToReport = "docs/appliance-profile.md says how to report it.";

/** One line for each observation, and one that names what was not seen. */
export function observationLines(record: ApplianceRecord, hasTestShare: boolean): CheckResult[] {
  const judged = topics.map(([subject, judge]) => [subject, judge(record)] as const);
  const lines = judged.flatMap(([subject, observation]): CheckResult[] => {
    if (observation === undefined) return [];
    const { verdict, text } = observation;
    const line = { subject, text: `${prefixes[verdict]}: ${text}` };
    return [verdict === "report" ? { ...line, outcome: "warn", advice: howToReport } : { ...line, outcome: "ok" }];
  });
  const unseen = judged.filter(([, observation]) => observation === undefined).map(([subject]) => subject);
  const problems = record.listProblems.map((text): CheckResult => ({
    outcome: "warn",
    subject: "List",
    text: `${prefixes.report}: ${text}`,
    advice: howToReport,
  }));
  lines.push(...problems);
  if (unseen.length === 0) return lines;
  const advice = hasTestShare ? {} : { advice: `To see more, ${howToSee}` };
  return [...lines, { outcome: "note", subject: "Not seen", text: unseen.join(", "), ...advice }];
}

const howToSee = "use --session ID --test-share: doctor then makes one view-only share of 60 seconds.";

/** The line of a doctor that observes nothing. */
export const nothingObserved: CheckResult = {
  outcome: "note",
  subject: "Not seen",
  text: "how the appliance creates a share, lists it and shows its end",
  advice: `-o json=FILE describes what GET requests show. To see more, ${howToSee}`,
};

/** The appliance profile (docs/appliance-profile.schema.json) of what the record shows. */
export function profileOf(record: ApplianceRecord): object {
  const observed: Flags = Object.fromEntries(topics.flatMap(([, judge]) => Object.entries(judge(record)?.flags ?? {})));
  const [offset, skew] = [utcOffset(record), clockSkewSeconds(record)];
  return {
    format: "fudo-appliance-profile/1",
    observed,
    unobserved: flagNames.filter((name) => !Object.hasOwn(observed, name)),
    ...(offset !== undefined && { utcOffset: offset }),
    ...(skew !== undefined && { clockSkewSeconds: skew }),
    delays: delaysOf(record),
    shapes: shapesOf(record),
  };
}
