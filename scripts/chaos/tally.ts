// Counts links: those that the appliance created, those that the state managed, and those announced as uncertain.
import { createHash } from "node:crypto";
import type { ShareRecord } from "../../provider/emulator";
import type { Deployment } from "../../test/support/engine";

const shareTypes = ["pulumi-nodejs:dynamic/fudo:SessionShare", "fudo:index:SessionShare"];

export interface Tally {
  /** Links that the appliance created. */
  readonly created: number;
  /** Created links that the state holds or held. */
  readonly managed: number;
  /** Shares that a create found in a list after its response was lost. */
  readonly recovered: number;
  /** Shares that a create took over from an interrupted run. */
  readonly takenOver: number;
  /** Created links that the state never held. */
  readonly unmanaged: number;
  /** Unmanaged links that no `uncertain` error announced. */
  readonly unannounced: number;
  /** Links that two resources manage. */
  readonly duplicated: number;
  /** Shares that disappeared from the state, or changed in it without a changed program. */
  readonly lost: number;
}

interface ManagedShare {
  readonly fingerprint: string;
  readonly readonly: boolean;
}

interface Announcement {
  readonly sessionId: string;
  readonly since: number;
  readonly to: number;
}

/** Follows one stack from command to command. */
export class Ledger {
  private current = new Map<string, ManagedShare>();
  /** Fingerprints of the shares that the state holds only to delete them. */
  private marked = new Set<string>();
  private readonly everManaged = new Set<string>();
  private readonly recovered = new Set<string>();
  private readonly takenOver = new Set<string>();
  /** One for each resource and run that failed as uncertain: the session and the requested window. */
  private readonly announced: Announcement[] = [];
  private duplicated = 0;
  private lost = 0;

  /** Call after each command, with its output and the state. Only shares with another `readonly` may be replaced. */
  record(output: string, state: Deployment, wanted: { readonly readonly: boolean }): void {
    for (const [, fingerprint = ""] of output.matchAll(recovery)) this.recovered.add(fingerprint);
    for (const [, fingerprint = ""] of output.matchAll(takeover)) this.takenOver.add(fingerprint);
    this.announced.push(...announcements(output));
    const before = this.current;
    this.current = this.managedShares(state);
    for (const [name, { fingerprint, readonly }] of before) {
      const now = this.current.get(name);
      // Engine: a run that is killed during a replacement may leave only the old share, marked for deletion.
      const isGone = now === undefined && !this.marked.has(fingerprint);
      if (isGone || (now !== undefined && now.fingerprint !== fingerprint && readonly === wanted.readonly))
        this.lost += 1;
    }
  }

  /** Call after `destroy`, which must leave an empty state. */
  close(state: Deployment): void {
    this.lost += state.resources.length;
  }

  /** The number of shares that the state holds now. */
  get size(): number {
    return this.current.size;
  }

  tally(created: readonly ShareRecord[]): Tally {
    const unmanaged = created.filter(({ key }) => !this.everManaged.has(fingerprintOf(key)));
    return {
      created: created.length,
      managed: created.length - unmanaged.length,
      recovered: this.recovered.size,
      takenOver: this.takenOver.size,
      unmanaged: unmanaged.length,
      unannounced: unmanaged.filter((share) => !this.takeAnnouncement(share)).length,
      duplicated: this.duplicated,
      lost: this.lost,
    };
  }

  private managedShares({ resources }: Deployment): Map<string, ManagedShare> {
    const shares = new Map<string, ManagedShare>();
    const seen = new Set<string>();
    this.marked = new Set();
    for (const { type, urn, outputs, delete: old } of resources) {
      if (!shareTypes.includes(type) || outputs === undefined) continue;
      const { fingerprint, readonly } = outputs as { fingerprint: string; readonly: boolean };
      this.everManaged.add(fingerprint);
      const name = urn.split("::").at(-1)!;
      if (seen.has(fingerprint) || (old !== true && shares.has(name))) this.duplicated += 1;
      seen.add(fingerprint);
      if (old === true) this.marked.add(fingerprint);
      else shares.set(name, { fingerprint, readonly });
    }
    return shares;
  }

  /** Removes the announcement that it finds, so that one announcement counts for one link. */
  private takeAnnouncement({ sessionId, validSince, validTo }: ShareRecord): boolean {
    // The appliance may store windows in whole seconds or minutes.
    const near = (requested: number, stored: string) => Math.abs(requested - Date.parse(stored)) < 60_000;
    const index = this.announced.findIndex(
      (one) => one.sessionId === sessionId && near(one.since, validSince) && near(one.to, validTo),
    );
    if (index >= 0) this.announced.splice(index, 1);
    return index >= 0;
  }
}

const recovery =
  /share ([0-9a-f]{16}) of session \d+: the connection failed before the create response arrived\. The share was found/g;
const takeover = /share ([0-9a-f]{16}) of session \d+ was taken over/g;
const announcement =
  /session (\d+): the connection failed before the create response arrived .*? Requested: (\S+) to (\S+), readonly/;

/** Reads each resource under "Diagnostics" once: the engine prints an error also while it happens. */
function announcements(output: string): Announcement[] {
  const [, diagnostics = ""] = output.split(/^Diagnostics:$/m);
  return diagnostics.split(/^ {2}(?=\S)/m).flatMap((resource) => {
    const [, sessionId, since, to] = announcement.exec(resource) ?? [];
    return sessionId === undefined ? [] : [{ sessionId, since: Date.parse(since!), to: Date.parse(to!) }];
  });
}

function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
