// Sends the requests that the observations need: GET requests only, and with a test share the one POST and the lists after it.
// What fails is not seen; a failure of the POST is a line.
import { randomBytes } from "node:crypto";
import { createClient, isFudoError, printable, type Client, type FudoError } from "../../client";
import { requireSettings, type Settings } from "../../lifecycle";
import { formatMilliseconds } from "../../time/instants";
import type { Clock } from "../../time/clock";
import { maxSkew } from "./api-checks";
import type { CheckResult } from "./check-result";
import { createTestShare, testShareLength, type TestShare } from "./create-test-share";
import {
  clockSkewSeconds,
  dateOf,
  impossibleSession,
  instantOf,
  listsOf,
  ownEntry,
  postOf,
  successBody,
} from "./observations/exchanges";
import { namedKinds, namesPage, sessionQueries } from "./observations/responses";
import { firstListed, listsWithoutPause, maximumLag } from "./observations/share";
import type { ApplianceRecord } from "./record";

export interface ObserveOptions {
  /** Reports its exchanges to the record. */
  readonly client: Client;
  readonly record: ApplianceRecord;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly onProgress: (text: string) => void;
}

/** GET requests that no other check sends. The one with a wrong key is the last: an appliance may count it against the user. */
export async function observeByReading({ record, settings, clock }: ObserveOptions): Promise<void> {
  const options = { ...requireSettings(settings, clock), clock: withoutRetries(clock) };
  const probe = createClient({ ...options, observe: record.add });
  // It has the form of an API key, but the appliance does not know it.
  const apiKey = randomBytes(48).toString("hex").slice(0, 64);
  const withWrongKey = createClient({ ...options, apiKey, observe: (exchange) => void (record.wrongKey = exchange) });
  try {
    // Again, because a session that began in the last minute moves all others.
    await unlessItFails(() => probe.listSessions(sessionQueries.first));
    await unlessItFails(() => probe.listSessions(sessionQueries.second));
    await unlessItFails(() => probe.listSessions(sessionQueries.bad));
    await unlessItFails(() => probe.listShares(impossibleSession));
    await unlessItFails(() => probe.getHealth());
    for (const kind of namedKinds) await unlessItFails(() => probe.listNames(kind, namesPage));
    await unlessItFails(() => withWrongKey.getShareSpec());
  } finally {
    await Promise.all([probe.close(), withWrongKey.close()]);
  }
}

/** Makes the one share, and lists the session until its end is over. Returns a line about the share. */
export async function observeTestShare(options: ObserveOptions, session: string): Promise<CheckResult> {
  const { client, record, settings, clock } = options;
  const subject = "Test share";
  if (Math.abs(clockSkewSeconds(record) ?? 0) * 1000 > maxSkew) return clocksDiffer;
  const beforePost = () => void (record.latestEnd = clock.now() + testShareLength);
  try {
    options.onProgress("making the test share");
    record.share = await createTestShare({ client, settings, clock, session, beforePost });
  } catch (error) {
    if (!isFudoError(error)) throw error;
    if (error.executed === "no") record.latestEnd = undefined;
    return { outcome: "fail", subject, ...failureText(error, record) };
  }
  await listUntilShown(options, session);
  await listAgain(options, session);
  const waited = await waitForEnd(options, session);
  const { fingerprint } = record.share;
  const end = endText(endOf(record, record.share), record.share.to);
  const post = postOf(record);
  const isLost = post === undefined || successBody(post) === undefined;
  const found = isLost ? " (found in a list: the response to the POST was lost)" : "";
  const text = `share ${fingerprint}, view-only, ${waited ? "ended" : "ends"} at ${end}${found}`;
  if (waited) return { outcome: "ok", subject, text };
  const advice = "Its end is too far away to wait for. An administrator can revoke it in the panel.";
  return { outcome: "warn", subject, text, advice };
}

/** The appliance decides by its own clock when the share starts and ends. */
const clocksDiffer: CheckResult = {
  outcome: "warn",
  subject: "Test share",
  text: "skipped: the clocks differ by more than a minute, so the share would start or end at another time",
  advice: "Set both clocks with NTP.",
};

/** `13:08:24 UTC`: the end of a share that lasts a minute. Where the appliance granted another day, with that day. */
export function endText(ms: number, requested = ms): string {
  if (!Number.isFinite(ms)) return "a time that is not known";
  const [text, expected] = [formatMilliseconds(ms), formatMilliseconds(requested)];
  const isSameDay = text.slice(0, 10) === expected.slice(0, 10);
  return `${text.slice(11, 19)} UTC${isSameDay ? "" : ` on ${text.slice(0, 10)}`}`;
}

function failureText(error: FudoError, { latestEnd }: ApplianceRecord): Pick<CheckResult, "text" | "advice"> {
  if (error.code !== "uncertain") return { text: `there is no share: ${error.message}` };
  const cause = isFudoError(error.cause) ? ` (${printable(error.cause.message, 200)})` : "";
  return {
    text: `the response to the POST was lost${cause}, and no list shows clearly whether there is a share`,
    advice: `If there is one, it ends at ${endText(latestEnd ?? NaN)} by the appliance's clock. doctor did not send it again.`,
  };
}

const pauseBetweenLists = 500;

async function listUntilShown(options: ObserveOptions, session: string): Promise<void> {
  const { record, clock, onProgress } = options;
  const deadline = clock.now() + maximumLag;
  for (let number = 1; firstListed(record) === undefined && clock.now() <= deadline; number += 1) {
    onProgress("waiting until a list shows the share");
    if (number >= listsWithoutPause) await clock.sleep(pauseBetweenLists);
    if (!(await list(options, session))) return;
  }
}

/** With several shares, only several lists show whether their order is always the same. */
async function listAgain(options: ObserveOptions, session: string): Promise<void> {
  const isOrdered = (listsOf(options.record).at(-1)?.entries.length ?? 0) > 1;
  for (let count = 0; isOrdered && count < 6; count += 1) await list(options, session);
}

/** False where the list could not be read. */
async function list({ client, record }: ObserveOptions, session: string): Promise<boolean> {
  return unlessItFails(async () => {
    record.listProblems = (await client.listShares(session)).problems;
  });
}

const maximumWait = 3 * 60_000;
/** `Date` has whole seconds. */
const margin = 2_000;

/** Waits until the share is over by the appliance's clock, and lists it once more. False where it ends too late. */
async function waitForEnd(options: ObserveOptions, session: string): Promise<boolean> {
  const { record, clock, onProgress } = options;
  const end = record.share === undefined ? Infinity : endOf(record, record.share);
  const remaining = () => end + margin - applianceNow(record, clock);
  if (remaining() > maximumWait) return false;
  for (let rest = remaining(); rest > 0; rest = remaining()) {
    onProgress(`waiting for the end of the share: ${Math.ceil(rest / 1000)} s`);
    await clock.sleep(Math.min(1000, Math.ceil(rest)));
  }
  record.endedAt = clock.now();
  await list(options, session);
  return true;
}

/** The later of the requested and the listed end. */
export function endOf(record: ApplianceRecord, share: TestShare): number {
  return Math.max(share.to, instantOf(ownEntry(record)?.["valid_to"]) ?? share.to);
}

/** The appliance's clock now, at the earliest. */
function applianceNow({ exchanges }: ApplianceRecord, clock: Clock): number {
  const dated = exchanges.findLast((exchange) => dateOf(exchange) !== undefined);
  const date = dated && dateOf(dated);
  return dated === undefined || date === undefined ? clock.now() : date + (clock.now() - dated.endedAt);
}

/** A probe must not repeat what the appliance answers with an error: the error is what doctor wants to see. */
function withoutRetries(clock: Clock): Clock {
  const sleep = () => Promise.reject(new Error("no retries"));
  return { now: () => clock.now(), random: () => clock.random(), sleep };
}

async function unlessItFails(request: () => Promise<unknown>): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (isFudoError(error)) return false;
    throw error;
  }
}
