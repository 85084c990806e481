// Reads single values of an exported state: objects, URNs and secrets. A value that cannot be read is `undefined`.
import { printable } from "../../client";
import { shareTypes } from "../../lifecycle";

export type Json = Readonly<Record<string, unknown>>;

/** The resource types of the two adapters: dynamic and plugin. */
const resourceTypes: readonly string[] = Object.values(shareTypes);

// Engine: this property marks a secret in a state. Its value is encrypted, or JSON text after `export --show-secrets`.
const secretMark = "4dabf18193072939515e22adb298388d";

/** The value of a secret that the export shows; any other value unchanged. */
export function withoutSecret(value: unknown): unknown {
  const secret = object(value);
  if (secret?.[secretMark] === undefined || typeof secret["plaintext"] !== "string") return value;
  const shown = parseJson(secret["plaintext"]);
  // A text that is not JSON stays a secret: as "absent" it would hide what the state holds.
  return shown === undefined ? value : shown;
}

/** True for a secret whose value the export does not show. */
export function isEncrypted(value: unknown): boolean {
  return object(value)?.[secretMark] !== undefined;
}

/** How certain it is that a resource is a share: by its `type` and by the type in its URN. */
export function shareEvidence(resource: Json): { readonly byType: boolean; readonly byUrn: boolean } {
  const typeInUrn = typeof resource["urn"] === "string" ? urnParts(resource["urn"])?.type : undefined;
  return { byType: resourceTypes.includes(String(resource["type"])), byUrn: resourceTypes.includes(typeInUrn ?? "") };
}

/** True where type and URN say what the resource is, or one of them says that it is a share. Any other may be a share. */
export function isNamed(resource: Json): boolean {
  const { byType, byUrn } = shareEvidence(resource);
  return byType || byUrn || (typeof resource["type"] === "string" && urnParts(urnOf(resource)) !== undefined);
}

/** The URN as text that is safe to print; empty when there is none. */
export function urnOf({ urn }: Json): string {
  return typeof urn === "string" ? printable(urn, 1000) : "";
}

export interface UrnParts {
  /** `project/stack`. */
  readonly stack: string;
  /** Without the types of the parents. */
  readonly type: string;
}

/** The parts of `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`; `undefined` for any other text. */
export function urnParts(urn: string): UrnParts | undefined {
  const [, stack, project, types] = /^urn:pulumi:([^:]+)::([^:]+)::(.+?)::./s.exec(urn) ?? [];
  if (stack === undefined || project === undefined || types === undefined) return undefined;
  return { stack: `${printable(project, 200)}/${printable(stack, 200)}`, type: types.split("$").at(-1) ?? "" };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The error is dropped: V8 quotes the text in it, and the text may contain keys.
    return undefined;
  }
}

/** A value that is an object and no array. */
export function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The entries of an array; an absent array is empty. `undefined` for any other value. */
export function list(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : undefined;
}
