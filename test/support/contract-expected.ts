// What the contract suite expects where appliances may differ, with the values of the documented appliance. The rows of
// test/contract/behaviour-flags.test.ts replace single parts.
import { createHash } from "node:crypto";
import type { ShareRecord } from "../../provider/emulator";
import type { Values } from "./drivers/driver";

/** For `toEqual`: a settled operation. */
type Outcome = object;

export interface Expected {
  /** Milliseconds: how long before the create a generated start lies at most, and by how much its window is longer. */
  readonly generatedStart: { readonly age: number; readonly extra: number };
  /** Status of the response to a POST that created a share. */
  readonly postStatus: number;
  /** `validSince` and `validTo` that the appliance stores for a requested window. */
  readonly storedWindow: (requested: Values) => Values;
  /** The link of a share, as a list shows it. */
  readonly listedLink: (share: ShareRecord) => unknown;
  /** The outputs `userId` and `shareId`. */
  readonly listedIds: Values;
  /** How late lists show a change. */
  readonly lag: { readonly requests: number; readonly milliseconds: number };
  /** The warnings of a create whose window is eight or nine hours long and has started. */
  readonly createWarnings: readonly unknown[];
  /** The warnings of a create whose window is one hour long and starts later. */
  readonly laterStartWarnings: readonly unknown[];
  /** A create whose response is lost after the share was created. */
  readonly lostResponse: { readonly outcome: (key: string) => Outcome; readonly warnings: readonly unknown[] };
  /** A create with a window that is longer than the appliance allows. */
  readonly overlongWindow: {
    readonly outcome: (share: ShareRecord | undefined) => Outcome;
    readonly warnings: readonly unknown[];
    /** What the next diff of each created share returns. */
    readonly diffs: readonly object[];
  };
  /** Two creates with the same declared window and mode on one session, one after the other. */
  readonly identicalShares: readonly Outcome[];
  /** A create on a session that has finished. */
  readonly finishedSession: Outcome;
  /** A refresh of a share that was revoked in the admin panel, and the diff after it. */
  readonly revoked: {
    /** `aged`: the recorded outputs, with a creation an hour ago. */
    readonly outputs: (before: Values, aged: Values) => Values;
    readonly warnings: readonly unknown[];
    readonly diff: object;
  };
  /** A refresh of a share whose session was removed. */
  readonly removedSession: (before: Values) => Outcome;
  /** A refresh of a share whose session this API user may not see. */
  readonly hiddenSession: (before: Values) => Outcome;
  /** `get` of an expired share. */
  readonly getExpired: (key: string) => Outcome;
}

export function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

export function succeeded(value: unknown = expect.anything()): Outcome {
  return { status: "fulfilled", value };
}

export function failed(code: string, text = ""): Outcome {
  return { status: "rejected", reason: expect.objectContaining({ code, message: expect.stringContaining(text) }) };
}

export function createdWith(outputs: Values): Outcome {
  return succeeded(expect.objectContaining({ outputs: expect.objectContaining(outputs) }));
}

export function missing(before: Values): Outcome {
  return succeeded({ ...before, missing: true });
}

export const warning = {
  notListed: expect.stringMatching(/was created, but the session's list does not show it yet/),
  granted: expect.stringMatching(/the appliance granted the window .*\. The program requested /),
  recovered: expect.stringMatching(
    /the connection failed before the create response arrived\. The share was found on the appliance and is now managed/,
  ),
  revoked: expect.stringMatching(/was revoked on the appliance and will not be re-created automatically/),
  missing: expect.stringMatching(
    /is no longer in the session's list: it was revoked or removed, or this API user cannot see it\. The link may still work until/,
  ),
};

export const noChanges = { changes: false, replaces: [] };

/** The appliance as the vendor documents it: every behaviour flag at its default. */
export const documented: Expected = {
  generatedStart: { age: 2000, extra: 0 },
  postStatus: 200,
  storedWindow: ({ validSince, validTo }) => ({ validSince, validTo }),
  listedLink: ({ link }) => link,
  listedIds: {},
  lag: { requests: 0, milliseconds: 0 },
  createWarnings: [],
  laterStartWarnings: [],
  lostResponse: { outcome: (key) => createdWith({ key }), warnings: [warning.recovered] },
  overlongWindow: {
    outcome: (share) => createdWith({ grantedTo: share?.validTo }),
    warnings: [warning.granted],
    diffs: [noChanges],
  },
  identicalShares: [succeeded(), succeeded()],
  finishedSession: succeeded(),
  revoked: {
    outputs: (_, aged) => ({ ...aged, missing: true }),
    warnings: [warning.missing],
    diff: { changes: true, replaces: [] },
  },
  removedSession: missing,
  hiddenSession: () => failed("unauthorized"),
  getExpired: (key) => succeeded(expect.objectContaining({ key })),
};
