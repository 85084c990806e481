// The anchors of the HTML report: stable IDs for shares, bars and findings, and the links between them.
import type { FindingKind } from "../../../model/finding-kinds";
import type { ReportedShare } from "../../../model/report-schema";
import { shareName } from "../../share-names";
import { html, type Markup } from "./markup";

type Identified = Pick<ReportedShare, "sessionId" | "fingerprint" | "validSince" | "validTo">;

/** The same for a share in every list of one report. An ID has no spaces. */
export function keyOf(share: Identified): string {
  return shareName(share).replaceAll(" ", "_");
}

export const rowId = (share: Identified) => `share-${keyOf(share)}`;
export const barId = (share: Identified) => `window-${keyOf(share)}`;
export const findingId = (kind: FindingKind, share: Identified) => `finding-${kind}-${keyOf(share)}`;

/** Knows which IDs the page has, so that no link leads nowhere and no ID is there twice. */
export class Anchors {
  readonly #ids: ReadonlySet<string>;
  readonly #used = new Set<string>();

  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids);
  }

  /** The attribute `id`, for the first element that asks for it. */
  id(id: string): Markup | false {
    if (!this.#ids.has(id) || this.#used.has(id)) return false;
    this.#used.add(id);
    return html` id="${id}"`;
  }

  /** A link to the element with this ID; the text alone when the page does not have it. */
  link(id: string, text: Markup | string): Markup {
    return this.#ids.has(id) ? html`<a href="#${id}">${text}</a>` : html`${text}`;
  }
}
