// Reads one share of an exported state: its ID, window, mode, labels and what the last refresh found. It only checks
// whether there are keys and links, and never reads them.
import { printable, shellWord } from "../../client";
import { ageHeader, idShape, millisecondsOf, secretOutputs } from "../../lifecycle";
import { isEncrypted, object, urnOf, urnParts, withoutSecret, type Json } from "./state-json";

/** A share in a state. Instants are milliseconds since the epoch, ±Infinity when there is none. */
export interface DeclaredShare {
  /** `organization/project/stack`, or `project/stack` when the organization is not known. */
  readonly stack: string;
  readonly urn: string;
  /** The URN as a word of a shell command; absent where a command with it would not be safe, or not be true. */
  readonly quotedUrn?: string;
  readonly sessionId: string;
  readonly fingerprint: string;
  /** False for `SessionShare.get`, which only looks the share up. */
  readonly managed: boolean;
  /** Another share has replaced this one, and the next `pulumi up` removes it from the state. */
  readonly pendingDelete: boolean;
  /** Origin of the appliance where the share was created. */
  readonly appliance?: string;
  readonly since?: number;
  readonly to?: number;
  readonly grantedSince?: number;
  readonly grantedTo?: number;
  /** Absent while no list has shown the share. */
  readonly createdAt?: number;
  readonly readonly?: boolean;
  /** `[encrypted]` replaces an encrypted value. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the last `pulumi refresh` found. */
  readonly recorded?: "removed" | "missing";
  /** A refresh found that the share works again after it was removed or missing. */
  readonly reactivated: boolean;
  /** The state holds the link encrypted to the recipients, and in no other form. */
  readonly sealed: boolean;
  /** Names of the outputs that the audit needs and that the state encrypts. */
  readonly encryptedOutputs: readonly string[];
}

/** The share, if its ID can be read, and what cannot be read. */
export function readDeclaredShare(
  resource: Json,
  nameOf: (stack: string) => string,
): { share: DeclaredShare | undefined; problems: string[] } {
  const { id, external } = resource;
  if (typeof id !== "string" || !idShape.test(id)) {
    return {
      share: undefined,
      problems: ["its ID is not <sessionId>/<fingerprint>, so the audit cannot match it to a share"],
    };
  }
  const [sessionId = "", fingerprint = ""] = id.split("/");
  const outputs = object(resource["outputs"]);
  const { values, encryptedOutputs, unreadable } = readOutputs(outputs ?? {});
  const problems = unreadable.map((name) => `the audit cannot read its output \`${name}\``);
  if (outputs === undefined) problems.push("it has no outputs, so the audit does not know its window");
  if (external !== undefined && typeof external !== "boolean") problems.push("its `external` is not true or false");
  if (typeof (resource["delete"] ?? false) !== "boolean") problems.push("its `delete` is not true or false");
  problems.push(...contradictions(outputs ?? {}, { sessionId, fingerprint }));
  const urn = urnOf(resource);
  const quotedUrn = typeof resource["urn"] === "string" ? shellWord(resource["urn"]) : undefined;
  const share: DeclaredShare = {
    stack: nameOf(urnParts(urn)?.stack ?? "?/?"),
    urn,
    ...(quotedUrn !== undefined && { quotedUrn }),
    sessionId,
    fingerprint,
    managed: external !== true,
    pendingDelete: resource["delete"] === true,
    labels: {},
    reactivated: false,
    sealed: isSealed(outputs ?? {}),
    ...values,
    encryptedOutputs,
  };
  return { share, problems };
}

/** The ID and the outputs name the same session and key, unless somebody edited the state. */
function contradictions(outputs: Json, named: Readonly<Record<string, string>>): string[] {
  return Object.entries(named).flatMap(([name, text]) => {
    const output = withoutSecret(outputs[name]);
    if (output === undefined || isEncrypted(output) || output === text) return [];
    return [`its ID and its output \`${name}\` disagree`];
  });
}

/**
 * False where the state also holds a credential, also an encrypted one: anyone who can decrypt the state can open the link.
 * Only an age file that the audit can read counts as sealed.
 */
function isSealed(outputs: Json): boolean {
  const { sealedUrl } = outputs;
  const hasCredential = secretOutputs.some((name) => (withoutSecret(outputs[name]) ?? "") !== "");
  return typeof sealedUrl === "string" && sealedUrl.startsWith(ageHeader) && !hasCredential;
}

interface ReadOutputs {
  readonly values: Partial<DeclaredShare>;
  readonly encryptedOutputs: readonly string[];
  /** Names of the outputs that have a value of the wrong kind. */
  readonly unreadable: readonly string[];
}

const instant = (value: unknown) => millisecondsOf(value);
const flag = (value: unknown) => (typeof value === "boolean" ? value : undefined);
/** For each output that the audit needs: its property in `DeclaredShare`, and how to read its value. */
const outputReaders: Readonly<Record<string, readonly [string, (value: unknown) => unknown]>> = {
  validSince: ["since", instant],
  validTo: ["to", instant],
  grantedSince: ["grantedSince", instant],
  grantedTo: ["grantedTo", instant],
  createdAt: ["createdAt", instant],
  readonly: ["readonly", flag],
  appliance: ["appliance", (value) => (typeof value === "string" ? printable(value) : undefined)],
  labels: ["labels", readLabels],
  reactivated: ["reactivated", flag],
  missing: ["missing", flag],
  removed: ["removed", flag],
};

/** Outputs that change nothing in the audit when the state encrypts them: then the appliance's list decides. */
const neverNeeded = ["reactivated", "missing", "removed"];

function readOutputs(outputs: Json): ReadOutputs {
  const values: Record<string, unknown> = {};
  const encryptedOutputs: string[] = [];
  const unreadable: string[] = [];
  for (const [name, [property, read]] of Object.entries(outputReaders)) {
    const output = withoutSecret(outputs[name]);
    if (output === undefined || output === null || output === "") continue;
    const value = isEncrypted(output) ? undefined : read(output);
    if (value !== undefined) values[property] = value;
    else if (!isEncrypted(output)) unreadable.push(name);
    else if (!neverNeeded.includes(name)) encryptedOutputs.push(name);
  }
  const { missing, removed, ...rest } = values;
  const recorded = removed === true ? "removed" : missing === true ? "missing" : undefined;
  return { values: { ...rest, ...(recorded && { recorded }) }, encryptedOutputs, unreadable };
}

/** `undefined` unless each label is a text. A label that is a secret becomes `[encrypted]`. */
function readLabels(value: unknown): Record<string, string> | undefined {
  const labels = object(value);
  if (labels === undefined) return undefined;
  const texts = Object.entries(labels).map(
    ([name, label]) => [printable(name, 100), labelText(withoutSecret(label))] as const,
  );
  if (texts.some(([, text]) => text === undefined)) return undefined;
  return Object.fromEntries(texts.filter(([, text]) => text !== "")) as Record<string, string>;
}

function labelText(label: unknown): string | undefined {
  if (isEncrypted(label)) return "[encrypted]";
  return typeof label === "string" ? printable(label) : undefined;
}
