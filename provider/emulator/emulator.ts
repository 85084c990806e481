// The emulator as tests and users hold it: starts the appliance, and plays the administrator, the network and the clock.
// Composes the parts; every rule stands in one of them.
import {
  Appliance,
  ApplianceClock,
  defaultUser,
  type NewSession,
  type PanelShare,
  recordOf,
} from "./appliance/appliance";
import { type Certificate, makeCertificate } from "./http/certificate";
import { type Desk, exchange } from "./http/exchange";
import { type Fault, Faults, type RandomFaults, type Target } from "./http/faults/faults";
import { type Gate, Gates, type Point } from "./http/gates";
import { type Control, control } from "./control-api";
import { listen, type Listener } from "./http/listener";
import { Random } from "./appliance/random";
import { type ShareRecord } from "./appliance/records";
import type { RequestRecord } from "./http/request-log";
import { switchesOf, type Switches } from "./appliance/behaviour-flags";
import { instantOf, Zone } from "./appliance/times";

/** How to start; everything has a default. */
export interface EmulatorOptions {
  /** Loopback by default. */
  host?: string;
  /** Any free one by default. */
  port?: number;
  /** HTTPS with a certificate made at start, or with the given one. Plain HTTP by default. */
  https?: boolean | Certificate;
  /** Milliseconds since the epoch; `Date.now` by default. */
  clock?: () => number;
  /** The appliance's zone (IANA); `America/Los_Angeles`, the vendor's samples', by default. */
  zone?: string;
  switches?: Partial<Switches>;
  /** Random faults from the start on. */
  faults?: RandomFaults;
  /** Makes keys and shuffles repeatable. */
  seed?: string | number;
  /** How many sessions there are at first (4). */
  sessions?: number;
  /** Opens the control door: `POST /emulator/<name>` from loopback, see README.md. */
  control?: boolean;
}

/** A running emulator. */
export class Emulator {
  /** Milliseconds, and how far ahead of its source (`clock.skew`) the appliance's clock runs. */
  readonly clock: ApplianceClock;
  /** What the vendor does not say; may be changed at any time. */
  readonly switches: Switches;
  /** The certificate presented, over HTTPS; its `privateKey` too. */
  readonly tls: Certificate | undefined;
  readonly #appliance: Appliance;
  readonly #desk: Desk;
  readonly #random: Random;
  readonly #closing = new AbortController();
  #listener: Listener | undefined;
  #apiKey = "";

  /** Use `startEmulator`. */
  constructor(readonly options: EmulatorOptions) {
    const {
      clock = Date.now,
      seed = Math.random(),
      zone = "America/Los_Angeles",
      sessions = 4,
      https = false,
    } = options;
    this.clock = new ApplianceClock(clock);
    this.switches = Object.seal(switchesOf(options.switches));
    this.tls = https === true ? makeCertificate({ names: certificateNames(options.host) }) : https || undefined;
    this.#random = new Random(seed);
    this.#appliance = new Appliance(this.clock, this.switches, this.#random, new Zone(zone));
    const parts = { appliance: this.#appliance, faults: new Faults(options.faults), gates: new Gates() };
    this.#desk = { ...parts, signal: this.#closing.signal, requests: [], latency: 0 };
    for (let count = 0; count < sessions; count++) this.addSession();
    this.rotateKey();
  }

  /** The origin: `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#listener?.url ?? "";
  }

  /** The API key that works now. */
  get apiKey(): string {
    return this.#apiKey;
  }

  /** PEM to trust, over HTTPS. */
  get certificate(): string | undefined {
    return this.tls?.root;
  }

  /** SHA-256 of the leaf, over HTTPS. */
  get certificateFingerprint(): string | undefined {
    return this.tls?.fingerprint;
  }

  /** IDs of the sessions that were not removed. */
  get sessions(): string[] {
    return [...this.#appliance.sessions.values()].filter(({ removed }) => !removed).map(({ id }) => id);
  }

  get zone(): string {
    return this.#appliance.zone.name;
  }

  /** Throws a RangeError when the name is no zone. */
  set zone(name: string) {
    this.#appliance.zone = new Zone(name);
  }

  /** The delay of every request, there and back together, in milliseconds. */
  get latency(): number {
    return this.#desk.latency;
  }

  set latency(milliseconds: number) {
    this.#desk.latency = milliseconds;
  }

  /** Every request but the control door's, oldest first. */
  get requests(): readonly RequestRecord[] {
    return this.#desk.requests;
  }

  resetRequests(): void {
    this.#desk.requests = [];
  }

  /** Returns the new session's ID. */
  addSession(session: NewSession = {}): string {
    return this.#appliance.addSession(session).id;
  }

  /** Removes a session; its shares open nothing any more. Throws when there never was such a session. */
  removeSession(id: string): void {
    this.#appliance.knownSession(id).removed = true;
  }

  /** Brings a removed session back, as a restored backup does. */
  restoreSession(id: string): void {
    this.#appliance.knownSession(id).removed = false;
  }

  /** Makes a share in the panel, past every rule of the API: by default for eight hours from now, readonly. */
  addShare(sessionId: string, share: PanelShare = {}): ShareRecord {
    const { validSince = this.clock.now(), validTo = validSince + 8 * 3_600_000, readonly = true } = share;
    const window = { validSince: instantOf(validSince), validTo: instantOf(validTo) };
    return recordOf(this.#appliance.addShare(this.#appliance.knownSession(sessionId), window, readonly, share));
  }

  /** The ground truth: every share that was ever made, of one session or all, whatever lists show. */
  shares(sessionId?: string): ShareRecord[] {
    return this.#appliance.shareRecords(sessionId);
  }

  /** Deactivates a link in the panel. Throws when there is no such key. */
  revoke(key: string): void {
    this.#appliance.revoke(key);
  }

  /** Undoes a revocation, as a restored backup does. */
  restore(key: string): void {
    this.#appliance.restore(key);
  }

  /** A further API key, of the given or the first user. */
  addApiKey(userId: string = defaultUser): string {
    const key = this.#random.key();
    this.#appliance.apiKeys.set(key, userId);
    return key;
  }

  /** Replaces `apiKey` and returns the new one; the old one is refused from now on. */
  rotateKey(): string {
    this.#appliance.apiKeys.delete(this.#apiKey);
    return (this.#apiKey = this.addApiKey());
  }

  /** The user's API keys are refused until unblocked. */
  blockUser(userId: string = defaultUser): void {
    this.#appliance.blockedUsers.add(userId);
  }

  unblockUser(userId: string = defaultUser): void {
    this.#appliance.blockedUsers.delete(userId);
  }

  /** API users no longer see a session (by its ID, or its user's), or shares (by their key, or their user's ID). */
  loseRights(id: string): void {
    this.#appliance.unseen.add(id);
  }

  regainRights(id: string): void {
    this.#appliance.unseen.delete(id);
  }

  /** Adds a fault at the end of the script. */
  fault(fault: Fault): void {
    this.#desk.faults.add(fault);
  }

  /** Random faults from now on; undefined: none. */
  randomFaults(faults: RandomFaults | undefined): void {
    this.#desk.faults.random = faults;
  }

  /** Forgets scripted and random faults. */
  clearFaults(): void {
    this.#desk.faults.clear();
  }

  /** Closes a gate: the requests meant stop before or after they are carried out, until it is released. */
  hold(target: Target & { when?: Point } = {}): Gate {
    return this.#desk.gates.close(target, target.when ?? "before");
  }

  /** Stops listening and drops every line; what is held at a gate is never carried out. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listener?.close();
  }

  /** Use `startEmulator`. */
  async listen(): Promise<void> {
    const { host = "127.0.0.1", port = 0 } = this.options;
    const door: Control | undefined = this.options.control ? control(this) : undefined;
    this.#listener = await listen({ host, port, tls: this.tls }, (request, response) => {
      if (door?.means(request)) return void door.answer(request, response);
      exchange(this.#desk, request, response, () => this.#listener?.reset(request)).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) throw error;
      });
    });
  }
}

/** Starts an emulator. Rejects when it cannot listen, and for a switch, value or zone that does not exist. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = new Emulator(options);
  await emulator.listen();
  return emulator;
}

function certificateNames(host = "127.0.0.1"): string[] {
  return [...new Set(["localhost", "127.0.0.1", "::1", host])];
}
