// Counts links: what the appliance has made against what the state has owned, and what was announced as uncertain. Knows
// states and messages, and nothing of how they came about.
import { createHash } from "node:crypto";
import type { ShareRecord } from "../../provider/emulator";
import type { Deployment } from "../../test/support/engine";

const shareType = "pulumi-nodejs:dynamic/fudo:SessionShare";

export interface Tally {
  /** Links that the appliance made. */
  readonly created: number;
  /** Of these, the ones that the state has held. */
  readonly owned: number;
  /** Found in a list after their answer was lost. */
  readonly adopted: number;
  /** Live links that no state knows. */
  readonly unknown: number;
  /** Of these, the ones that no `uncertain` error has announced. */
  readonly unannounced: number;
  /** Links with two owners. */
  readonly duplicated: number;
  /** Shares that vanished from the state, or changed there unasked. */
  readonly lost: number;
}

interface Owned {
  readonly fingerprint: string;
  readonly readonly: boolean;
}

/** Follows one stack from command to command. */
export class Ledger {
  private current = new Map<string, Owned>();
  private readonly everOwned = new Set<string>();
  private readonly adopted = new Set<string>();
  /** One for each resource and run that ended as uncertain: session, then the window asked for. */
  private readonly announced: { sessionId: string; since: number; to: number }[] = [];
  private duplicated = 0;
  private lost = 0;

  /** After each command: its output, and the state. A share may change only from the mode it no longer shall have. */
  record(output: string, state: Deployment, wanted: { readonly readonly: boolean }): void {
    for (const [, fingerprint = ""] of output.matchAll(
      /share ([0-9a-f]{16}) of session \d+: the answer to its creation was lost; the share was found/g,
    )) {
      this.adopted.add(fingerprint);
    }
    this.announced.push(...announcements(output));
    const before = this.current;
    this.current = this.owners(state);
    for (const [name, { fingerprint, readonly }] of before) {
      const now = this.current.get(name);
      if (now === undefined || (now.fingerprint !== fingerprint && readonly === wanted.readonly)) this.lost += 1;
    }
  }

  /** The state is empty on purpose. */
  close(state: Deployment): void {
    this.lost += state.resources.length;
  }

  /** Names that the state holds now. */
  get size(): number {
    return this.current.size;
  }

  tally(made: readonly ShareRecord[]): Tally {
    const unknown = made.filter(({ key }) => !this.everOwned.has(fingerprintOf(key)));
    return {
      created: made.length,
      owned: made.length - unknown.length,
      adopted: this.adopted.size,
      unknown: unknown.length,
      unannounced: unknown.filter((share) => !this.announces(share)).length,
      duplicated: this.duplicated,
      lost: this.lost,
    };
  }

  private owners({ resources }: Deployment): Map<string, Owned> {
    const owners = new Map<string, Owned>();
    const seen = new Set<string>();
    for (const { type, urn, outputs, delete: old } of resources) {
      if (type !== shareType || outputs === undefined) continue;
      const { fingerprint, readonly } = outputs as { fingerprint: string; readonly: boolean };
      this.everOwned.add(fingerprint);
      const name = urn.split("::").at(-1)!;
      if (seen.has(fingerprint) || (old !== true && owners.has(name))) this.duplicated += 1;
      seen.add(fingerprint);
      if (old !== true) owners.set(name, { fingerprint, readonly });
    }
    return owners;
  }

  /** Uses up the announcement, so that one speaks for one link alone. Windows may be kept more coarsely. */
  private announces({ sessionId, validSince, validTo }: ShareRecord): boolean {
    const near = (asked: number, kept: string) => Math.abs(asked - Date.parse(kept)) < 60_000;
    const index = this.announced.findIndex(
      (one) => one.sessionId === sessionId && near(one.since, validSince) && near(one.to, validTo),
    );
    if (index >= 0) this.announced.splice(index, 1);
    return index >= 0;
  }
}

const announcement = /session (\d+): the answer to a share's creation was lost .*? Asked for: (\S+) to (\S+), readonly/;

/** Each resource under "Diagnostics" once; the engine repeats an error while it happens. */
function announcements(output: string): { sessionId: string; since: number; to: number }[] {
  const [, diagnostics = ""] = output.split(/^Diagnostics:$/m);
  return diagnostics.split(/^ {2}(?=\S)/m).flatMap((resource) => {
    const [, sessionId, since, to] = announcement.exec(resource) ?? [];
    return sessionId === undefined ? [] : [{ sessionId, since: Date.parse(since!), to: Date.parse(to!) }];
  });
}

function fingerprintOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}
