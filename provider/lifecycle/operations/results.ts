// What the operations return to an adapter.
import type { Failure } from "../share/inputs";
import type { OpenShare } from "../share/outputs";
import type { SessionShareOutputs } from "../share/schema";

export interface Checked {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly failures: readonly Failure[];
}

/** How a changed property is applied. */
export type PropertyChange = "add" | "update" | "replace";

export interface Difference {
  readonly changes: boolean;
  /** Inputs by name; `url` or `sealedUrl` too, where its origin changed. */
  readonly properties: Readonly<Record<string, PropertyChange>>;
}

export interface Created {
  /** `<sessionId>/<fingerprint>`. */
  readonly id: string;
  readonly outputs: SessionShareOutputs;
}

/** Before it is sealed: the state of a share with recipients never holds this. */
export interface OpenCreated extends Created {
  readonly outputs: OpenShare;
}

export interface ReadResult {
  readonly outputs: SessionShareOutputs;
  /** Only for an import. Engine: on refresh, returned inputs would replace the declared ones, with a generated start. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}
