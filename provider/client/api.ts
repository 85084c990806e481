// The client's interface: the operations of the vendor's API and their data, in camelCase. It contains declarations only.
import type { Clock } from "../time/clock";

/**
 * One entry of `GET /api/v2/session/<id>/share`, or the response to its POST. An attribute that the appliance omitted, sent
 * as null or sent in an unreadable form is absent.
 */
export interface Share {
  /** Absent where it is missing, masked or unreadable: then the entry is *unidentified*. */
  readonly key?: string;
  readonly id?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  /** The appliance's own text: `parseInstant` reads it. `-infinity` where it lies outside the years 0 to 9999. */
  readonly validSince?: string;
  /** The appliance's own text: `parseInstant` reads it. `infinity` where it lies outside the years 0 to 9999. */
  readonly validTo?: string;
  readonly readonly?: boolean;
  /** A path. Untrusted: it may point anywhere. */
  readonly link?: string;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  /** True only where the appliance surely says so. */
  readonly removed: boolean;
  /** The attributes that the list has and that cannot be read, as the vendor spells their names (`valid_to`). */
  readonly unreadable?: readonly string[];
}

export interface ShareList {
  readonly shares: readonly Share[];
  /** The appliance's clock when it responded, from the `Date` header: milliseconds since the epoch, whole seconds. */
  readonly applianceTime?: number;
  /** False where this response does not prove that a share is absent: it has no list, or it comes from a cache. */
  readonly provesAbsence: boolean;
  /** What is unreadable or doubtful: one sentence each, without a full stop and without text of the response. */
  readonly problems: readonly string[];
}

export interface CreatedShare {
  readonly share: Share & { readonly key: string };
  readonly applianceTime?: number;
}

/** The body of the POST. Instants have the form `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface ShareRequest {
  readonly validSince: string;
  readonly validTo: string;
  readonly readonly: boolean;
}

/** `GET /api/v2/objspec/session_share`: the attributes with their properties, in the appliance's own terms. */
export type ShareSpec = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface RequestOptions {
  /** Ends the wait before a retry with the last failure. Never ends a request that was sent. */
  readonly signal?: AbortSignal | undefined;
}

export interface CreateShareOptions extends RequestOptions {
  /** Called right before the first byte of each attempt. If it throws, the request ends unsent with that error. */
  readonly beforeSend?: () => void;
  /** Called when an attempt failed and the wait before the next one starts. */
  readonly beforeRetry?: () => void;
}

/** One entry of `GET /api/v2/session`. Instants are the appliance's own text (see `parseInstant`), IDs decimal text. */
export interface Session {
  readonly id: string;
  readonly accountId?: string;
  readonly safeId?: string;
  readonly serverId?: string;
  readonly userId?: string;
  readonly protocol?: string;
  readonly startedAt?: string;
  /** Absent while the session is live. */
  readonly finishedAt?: string;
  readonly createdAt?: string;
  readonly removed: boolean;
  /** The properties of this interface that the entry has and that cannot be read. */
  readonly unreadable?: readonly string[];
}

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Why entries may be missing from this page: one sentence each, without text of the response. */
  readonly problems: readonly string[];
}

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}

export interface SessionPageRequest extends PageRequest {
  /** Asks for these sessions only. The appliance may ignore it: the page can contain others. */
  readonly ids?: readonly string[];
}

/** The objects that a session refers to by ID, by the API's names for them. */
export type ObjectKind = "server" | "account" | "user";

/** A server, an account or a user. */
export interface NamedObject {
  readonly id: string;
  /** The appliance's own text, at any length and with any character: `printable` makes it safe. */
  readonly name: string;
}

export interface NamePage {
  readonly objects: readonly NamedObject[];
  /** Why entries may be missing from this page: one sentence each, without text of the response. */
  readonly problems: readonly string[];
}

/** All methods throw `FudoError` and nothing else. */
export interface Client {
  /** The appliance's origin, WHATWG form. */
  readonly origin: string;
  /** Retries transient failures for up to two minutes. */
  listShares(sessionId: string, options?: RequestOptions): Promise<ShareList>;
  /** Retries only when the appliance provably did not execute the request (never connected, or 429). */
  createShare(sessionId: string, request: ShareRequest, options?: CreateShareOptions): Promise<CreatedShare>;
  getShareSpec(options?: RequestOptions): Promise<ShareSpec>;
  /** `ok` or `error`. The vendor documents that the health check is disabled by default. */
  getHealth(): Promise<string>;
  /** One page of the sessions that the API user can see. */
  listSessions(page: SessionPageRequest, options?: RequestOptions): Promise<SessionPage>;
  /** One page of the servers, accounts or users that the API user can see. */
  listNames(kind: ObjectKind, page: PageRequest, options?: RequestOptions): Promise<NamePage>;
  close(): Promise<void>;
}

export interface TlsOptions {
  /** PEM text, or a path to it. Replaces the system's CA certificates. */
  readonly caCertificate?: string;
  /** SHA-256 of the leaf's DER, 64 lower-case hex digits each. A match replaces chain, name and date checks. */
  readonly certificateFingerprints?: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

/**
 * One attempt of a request, and what came back. Times are milliseconds since the epoch by this machine's clock. It holds
 * credentials: an observer prints and writes none of its text.
 */
export interface Exchange {
  readonly method: "GET" | "POST";
  /** With the query. */
  readonly path: string;
  readonly sentAt: number;
  readonly endedAt: number;
  /** Absent where no response arrived. */
  readonly response?: {
    readonly status: number;
    /** By their lower-case names. */
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    /** The decoded body. */
    readonly text: string;
  };
}

export interface ClientOptions {
  /** `https://host[:port]`, or plain http for loopback. The caller has checked it. */
  readonly url: string;
  readonly apiKey: string;
  /** Where the key came from, for the message of a 401: for example "fudo:apiKey of the stack configuration". */
  readonly apiKeySource: string;
  readonly tls: TlsOptions;
  /** For one request, in milliseconds. */
  readonly timeout: number;
  readonly clock: Clock;
  /** Called after each attempt. Only `fudo-audit doctor` sets it: it describes how an appliance responds. */
  readonly observe?: (exchange: Exchange) => void;
}
