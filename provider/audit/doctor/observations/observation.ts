// What doctor says about one property of the appliance, and which behaviour flags of the emulator that sets.

/** The behaviour flags of the emulator (provider/emulator/README.md), which a profile has to name. A test compares both lists. */
export const flagNames = [
  "expiredShares",
  "scheduledShares",
  "removedShares",
  "removedOfLive",
  "hiddenAttributes",
  "expensiveAttributes",
  "shownSessionId",
  "listOrder",
  "shareLimit",
  "lagRequests",
  "lagMilliseconds",
  "storedWindows",
  "longestWindow",
  "overlongWindow",
  "pastValidSince",
  "pastValidTo",
  "reversedWindow",
  "inputTimes",
  "extraAttributes",
  "contentType",
  "identicalShares",
  "finishedSessions",
  "postStatus",
  "unknownSession",
  "unseenSession",
  "notFoundBody",
  "otherMethods",
  "badQuery",
  "sessionPaging",
  "sessionLimit",
  "objspecFlags",
  "healthcheck",
  "emptyList",
  "namedObjects",
  "booleans",
  "jsonLayout",
] as const;
export type FlagName = (typeof flagNames)[number];
export type Flags = Readonly<Partial<Record<FlagName, string | number>>>;

export interface Observation {
  /** `handled`: the appliance differs, and the provider works with it. `report`: the provider may not. */
  readonly verdict: "documented" | "handled" | "report";
  /** What was seen and, for `handled`, what the provider does. */
  readonly text: string;
  readonly flags?: Flags;
}

export function documented(text: string, flags?: Flags): Observation {
  return { verdict: "documented", text, ...(flags && { flags }) };
}

export function handled(text: string, flags?: Flags): Observation {
  return { verdict: "handled", text, ...(flags && { flags }) };
}

export function toReport(text: string, flags?: Flags): Observation {
  return { verdict: "report", text, ...(flags && { flags }) };
}
