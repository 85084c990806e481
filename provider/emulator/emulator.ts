// The class `Emulator`: the appliance's state, and methods that act as the administrator, the network and the clock. It
// only composes the parts; the rules are in appliance/ and http/.
import { randomUUID } from "node:crypto";
import { Appliance, defaultUser, protocolAt, recordOf } from "./appliance/appliance";
import { type BehaviourFlags, checkedFlags, withDefaultFlags } from "./appliance/behaviour-flags";
import { ApplianceClock } from "./appliance/clock";
import type { NewSession, PanelShare } from "./appliance/panel";
import type { ShareRecord } from "./appliance/records";
import { Zone } from "./appliance/times";
import { maxDelay, nonEmptyText, quantity } from "./checks";
import { type Certificate, makeCertificate } from "./http/certificate";
import type { Fault, RandomFaults } from "./http/faults/fault";
import { Faults } from "./http/faults/faults";
import { type Gate, type GatePosition, Gates } from "./http/gates";
import { listen, type Listener, type RequestListener } from "./http/listener";
import type { RequestFilter } from "./http/request-filter";
import { handleRequest, type RequestContext, respondToBug } from "./http/request-handler";
import { RequestLog, type RequestRecord } from "./http/request-log";
import { checkOptions, type EmulatorOptions } from "./options";
import { profiledAppliance } from "./profile/profile";
import { Random } from "./random";
import { realNow } from "./real-time";

/** A running emulator. */
export class Emulator {
  /** The appliance's clock. Set `clock.skew` to let it run ahead of its source, in milliseconds. */
  readonly clock: ApplianceClock;
  /** How the appliance behaves where the vendor documents nothing. You can change it at any time. */
  readonly behaviour: BehaviourFlags;
  /** With HTTPS: the certificate that the server presents, with its private key. */
  readonly tls: Certificate | undefined;
  readonly #appliance: Appliance;
  readonly #context: RequestContext;
  readonly #seed: string;
  readonly #closing = new AbortController();
  readonly #gates = new Gates();
  #listener: Listener | undefined;
  #apiKey = "";
  #apiKeyCount = 0;

  /** Use `startEmulator`. */
  constructor(
    /** What `startEmulator` was called with. */
    readonly options: EmulatorOptions,
  ) {
    checkOptions(options);
    const profiled = profiledAppliance(options.profile);
    const { clock, seed = randomUUID(), sessions = 4, https = false } = options;
    const { zone = profiled.zone ?? "America/Los_Angeles" } = options;
    const flags = withDefaultFlags(profiled.behaviour, options.behaviour ?? {});
    this.clock = new ApplianceClock(clock ?? realNow);
    if (clock === undefined) this.clock.skew = profiled.skew;
    this.behaviour = checkedFlags(flags);
    this.tls = https === true ? makeCertificate({ names: certificateNames(options), seed }) : https || undefined;
    this.#seed = String(seed);
    this.#appliance = new Appliance(this.clock, flags, this.#seed, new Zone(zone));
    const parts = { appliance: this.#appliance, faults: new Faults(options.faults), gates: this.#gates };
    this.#context = { ...parts, signal: this.#closing.signal, log: new RequestLog(), latency: 0 };
    for (let count = 0; count < sessions; count++) this.addSession({ attributes: { protocol: protocolAt(count) } });
    this.rotateKey();
  }

  /** The origin, for example `http://127.0.0.1:40123`. */
  get url(): string {
    return this.#listener?.url ?? "";
  }

  /** The current API key. */
  get apiKey(): string {
    return this.#apiKey;
  }

  /** With HTTPS: the PEM that a client must trust. */
  get certificate(): string | undefined {
    return this.tls?.root;
  }

  /** With HTTPS: the SHA-256 fingerprint of the leaf certificate. */
  get certificateFingerprint(): string | undefined {
    return this.tls?.fingerprint;
  }

  /** The IDs of all sessions, without the removed ones. */
  get sessions(): string[] {
    return [...this.#appliance.sessions.values()].filter(({ removed }) => !removed).map(({ id }) => id);
  }

  get zone(): string {
    return this.#appliance.zone.name;
  }

  /** Throws a RangeError if the name is not a time zone. */
  set zone(name: string) {
    this.#appliance.zone = new Zone(name);
  }

  /** The delay of the network in both directions together, in milliseconds. */
  get latency(): number {
    return this.#context.latency;
  }

  set latency(milliseconds: number) {
    quantity("milliseconds", 0, maxDelay)("latency", milliseconds);
    this.#context.latency = milliseconds;
  }

  /**
   * The requests, except those to the control API; the oldest comes first. Only the last 20,000, with at most 64 MB of
   * bodies.
   */
  get requests(): readonly RequestRecord[] {
    return this.#context.log.records;
  }

  /** Removes all requests from the log. */
  resetRequests(): void {
    this.#context.log = new RequestLog();
  }

  /** Adds a session and returns its ID. */
  addSession(session: NewSession = {}): string {
    return this.#appliance.addSession(session).id;
  }

  /** Removes a session; the links to its shares stop working. Throws a RangeError if the session never existed. */
  removeSession(id: string): void {
    this.#appliance.requireSession(id).removed = true;
  }

  /** Restores a removed session, as a restored backup does. */
  restoreSession(id: string): void {
    this.#appliance.requireSession(id).removed = false;
  }

  /**
   * Creates a share in the panel, without the checks of the API. Default: read-only, for eight hours from now. Throws a
   * RangeError if the session does not exist, or if an attribute has the wrong type.
   */
  addShare(sessionId: string, share: PanelShare = {}): ShareRecord {
    return recordOf(this.#appliance.addPanelShare(sessionId, share));
  }

  /** Every share that was ever created, of one session or of all, independent of what lists show. */
  shares(sessionId?: string): ShareRecord[] {
    return this.#appliance.shareRecords(sessionId);
  }

  /** Revokes a share in the panel. Throws a RangeError if no share has this key. */
  revoke(key: string): void {
    this.#appliance.revoke(key);
  }

  /** Undoes a revocation, as a restored backup does. */
  restore(key: string): void {
    this.#appliance.restore(key);
  }

  /** Creates another API key, for this user or for the default user. */
  addApiKey(userId: string = defaultUser): string {
    nonEmptyText("addApiKey: userId", userId);
    const key = new Random(`${this.#seed} API key ${++this.#apiKeyCount}`).key();
    this.#appliance.apiKeys.set(key, userId);
    return key;
  }

  /** Replaces `apiKey` and returns the new key. The appliance now rejects the old one. */
  rotateKey(): string {
    this.#appliance.apiKeys.delete(this.#apiKey);
    return (this.#apiKey = this.addApiKey());
  }

  /** Blocks a user: the appliance rejects the user's API keys until the user is unblocked. */
  blockUser(userId: string = defaultUser): void {
    nonEmptyText("blockUser: userId", userId);
    this.#appliance.blockedUsers.add(userId);
  }

  /** Unblocks a user. */
  unblockUser(userId: string = defaultUser): void {
    nonEmptyText("unblockUser: userId", userId);
    this.#appliance.blockedUsers.delete(userId);
  }

  /** Hides a session (by its ID or its user's ID) or shares (by key or by their user's ID) from API users. */
  denyAccess(id: string): void {
    nonEmptyText("denyAccess: id", id);
    this.#appliance.hiddenIds.add(id);
  }

  /** Shows what `denyAccess` hid. */
  allowAccess(id: string): void {
    nonEmptyText("allowAccess: id", id);
    this.#appliance.hiddenIds.delete(id);
  }

  /** Adds a fault to the end of the script. */
  fault(fault: Fault): void {
    this.#context.faults.add(fault);
  }

  /** Replaces the random faults; undefined turns them off. */
  randomFaults(faults: RandomFaults | undefined): void {
    this.#context.faults.random = faults;
  }

  /** Removes all scripted faults and turns random faults off. */
  clearFaults(): void {
    this.#context.faults.clear();
  }

  /** Adds a gate: it holds the matching requests before or after the appliance executes them, until it is released. */
  hold(filter: RequestFilter & { when?: GatePosition } = {}): Gate {
    return this.#gates.add(filter);
  }

  /** Stops listening and closes every connection. Requests that a gate holds are never executed. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#gates.close();
    await this.#listener?.close();
  }

  /** Closes the emulator at the end of the block: `await using emulator = await startEmulator()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Starts to listen; use `startEmulator`. A request is not logged or handled if `intercept` returns true for it. */
  async listen(intercept: (...request: Parameters<RequestListener>) => boolean = () => false): Promise<void> {
    const { host = "127.0.0.1", port = 0 } = this.options;
    this.#listener = await listen({ host, port, tls: this.tls }, (request, response) => {
      if (intercept(request, response)) return;
      const reset = () => this.#listener?.reset(request);
      handleRequest(this.#context, request, response, reset).catch((error: unknown) => {
        if (!this.#closing.signal.aborted) respondToBug(error, response);
      });
    });
  }
}

function certificateNames({ host = "127.0.0.1", names = [] }: EmulatorOptions): string[] {
  return [...new Set(["localhost", "127.0.0.1", "::1", host, ...names])];
}
