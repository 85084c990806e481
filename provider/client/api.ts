// What the layers above see of the appliance: the operations of the vendor's page and their shapes, in camelCase.
// Declarations only: how a request travels is in the files beside this one.
import type { Clock } from "../time/clock";

/**
 * One entry of `GET /api/v2/session/<id>/share`, or the answer of its POST. Instants are the appliance's own text,
 * already checked against the wire schema: give them to `parseInstant`. An attribute that the appliance left out or
 * sent as null is absent.
 */
export interface Share {
  readonly key?: string;
  readonly id?: string;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly validSince?: string;
  readonly validTo?: string;
  readonly readonly?: boolean;
  /** A path; untrusted: it may point anywhere. */
  readonly link?: string;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  readonly removed: boolean;
}

export interface ShareList {
  readonly shares: readonly Share[];
  /** The appliance's clock when it answered, from `Date`: milliseconds since the epoch, whole seconds. */
  readonly applianceTime?: number;
}

export interface CreatedShare {
  readonly share: Share & { readonly key: string };
  readonly applianceTime?: number;
}

/** The body of the POST: instants as `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export interface ShareRequest {
  readonly validSince: string;
  readonly validTo: string;
  readonly readonly: boolean;
}

/** `GET /api/v2/objspec/session_share`: the attributes with their properties, as the appliance words them. */
export type ShareSpec = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface CreateOptions {
  /** Called right before the first byte of each attempt; what it throws ends the request unsent. */
  readonly beforeSend?: () => void;
}

/** All methods throw `FudoError` and nothing else. */
export interface Client {
  /** The appliance's origin, WHATWG form. */
  readonly origin: string;
  /** Repeated on passing failures, for two minutes at most. */
  listShares(sessionId: string): Promise<ShareList>;
  /** Sent again only when the appliance provably did not execute it (never connected, 429). */
  createShare(sessionId: string, request: ShareRequest, options?: CreateOptions): Promise<CreatedShare>;
  getShareSpec(): Promise<ShareSpec>;
  close(): Promise<void>;
}

export interface TlsOptions {
  /** PEM text, or a path to it; replaces the system's trust. */
  readonly caCertificate?: string;
  /** SHA-256 of the leaf's DER, 64 lower-case hex digits each; a match stands in for chain, name and date checks. */
  readonly certificateFingerprints?: readonly string[];
  readonly insecureSkipVerify?: boolean;
}

export interface ClientOptions {
  /** `https://host[:port]`, or plain http for loopback: checked by the caller. */
  readonly url: string;
  readonly apiKey: string;
  /** Where the key came from, for the message of a 401: for example "fudo:apiKey of the stack configuration". */
  readonly apiKeySource: string;
  readonly tls: TlsOptions;
  /** For one exchange, milliseconds. */
  readonly timeout: number;
  readonly clock: Clock;
}
