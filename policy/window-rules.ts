// The rules for the length and the start of a window.
import { exceedingLengthText, instantText, lengthText } from "../provider/lifecycle/share/times";
import { parseDuration } from "../provider/time/durations";
import { parseDeclaredInstant } from "../provider/time/zoned";
import { misconfigured } from "./share-policy";
import type { WindowRule } from "./window-policy";

export const longestWindow: WindowRule = {
  name: "longest-window",
  description: "The window of a share must not be longer than the limit.",
  configSchema: {
    properties: { length: { type: "string", description: "Longest window: ISO 8601 duration such as PT8H or P7D." } },
  },
  needsPlace: false,
  read: ({ length }) => {
    const limit = parseDuration(String(length));
    if (!("ms" in limit)) throw misconfigured("longest-window", `length ${limit.reason}`);
    return ({ since, to }) => {
      if (to - since <= limit.ms) return undefined;
      const found = to === Infinity ? "no end" : exceedingLengthText(to - since, limit.ms);
      return `The window has ${found}, and the limit is ${lengthText(limit.ms)}. Declare a shorter one.`;
    };
  },
};

export const earliestStart: WindowRule = {
  name: "earliest-start",
  description: "The window of a share must not start before the earliest start.",
  configSchema: {
    properties: {
      notBefore: {
        type: "string",
        description: "Instant with an offset or a time zone: 2027-01-02T06:00[Europe/Warsaw].",
      },
    },
  },
  needsPlace: false,
  read: ({ notBefore }) => {
    const limit = parseDeclaredInstant(String(notBefore));
    if (!("ms" in limit)) throw misconfigured("earliest-start", `notBefore ${limit.reason}`);
    return ({ since }) =>
      since >= limit.ms
        ? undefined
        : `The window starts at ${instantText(since)}, and the earliest start is ${instantText(limit.ms)}. ` +
          "Declare a later validSince.";
  },
};
