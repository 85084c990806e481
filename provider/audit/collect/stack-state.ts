// Reads the shares of a stack from the JSON that `pulumi stack export` prints. No passphrase is needed: a share's ID
// contains session and fingerprint. Keys and links are never read.
import { printable } from "../../client";
import { idShape, millisecondsOf, sessionIdShape } from "../../lifecycle";

/** The resource types of the two adapters: dynamic and plugin. */
const resourceTypes = ["pulumi-nodejs:dynamic/fudo:SessionShare", "fudo:index:SessionShare"];

/** A share in a state. Instants are milliseconds since the epoch, ±Infinity when there is none. */
export interface DeclaredShare {
  /** `project/stack`, from the URN. */
  readonly stack: string;
  readonly urn: string;
  readonly sessionId: string;
  readonly fingerprint: string;
  /** False for `SessionShare.get`, which only looks the share up. */
  readonly managed: boolean;
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
  /** Names of the outputs that the audit needs and that the state encrypts. */
  readonly encryptedOutputs: readonly string[];
}

export interface StackState {
  /** `project/stack`, from the URNs of the state; absent for an empty state. */
  readonly stack?: string;
  readonly shares: readonly DeclaredShare[];
  /** Sessions on which the engine was creating a share when it was interrupted. */
  readonly pendingSessions: readonly string[];
  /** URNs of the shares whose ID is not `<sessionId>/<fingerprint>`. */
  readonly malformedIds: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the JSON of `pulumi stack export`; `undefined` for any other text. */
export function readState(text: string): StackState | undefined {
  const deployment = object(object(parse(text))?.["deployment"]);
  if (deployment === undefined) return undefined;
  const resources = list(deployment["resources"]);
  const shares = resources.filter(isShare);
  const identified = shares.filter(({ id }) => typeof id === "string" && idShape.test(id));
  const pending = list(list(deployment["pending_operations"]).map(({ resource }) => resource)).filter(isShare);
  const [first] = resources;
  return {
    ...(first !== undefined && { stack: stackOf(urnOf(first)) }),
    shares: identified.map(readShare),
    pendingSessions: pending.flatMap(({ inputs }) => sessionOf(object(inputs))),
    malformedIds: shares.filter((share) => !identified.includes(share)).map(urnOf),
  };
}

function readShare(resource: Json): DeclaredShare {
  const [sessionId = "", fingerprint = ""] = String(resource["id"]).split("/");
  const urn = urnOf(resource);
  const { values, encryptedOutputs } = readOutputs(object(resource["outputs"]) ?? {});
  return {
    stack: stackOf(urn),
    urn,
    sessionId,
    fingerprint,
    managed: resource["external"] !== true,
    labels: {},
    ...values,
    encryptedOutputs,
  };
}

const instant = (value: unknown) => millisecondsOf(value);

/** For each output that the audit needs: its property in `DeclaredShare`, and how to read its value. */
const outputReaders: Readonly<Record<string, readonly [string, (value: unknown) => unknown]>> = {
  validSince: ["since", instant],
  validTo: ["to", instant],
  grantedSince: ["grantedSince", instant],
  grantedTo: ["grantedTo", instant],
  createdAt: ["createdAt", instant],
  readonly: ["readonly", (value) => (typeof value === "boolean" ? value : undefined)],
  appliance: ["appliance", (value) => (typeof value === "string" && value !== "" ? printable(value) : undefined)],
  labels: ["labels", readLabels],
};

function readOutputs(outputs: Json): { values: Partial<DeclaredShare>; encryptedOutputs: string[] } {
  const values: Record<string, unknown> = {};
  const encryptedOutputs: string[] = [];
  for (const [name, [property, read]] of Object.entries(outputReaders)) {
    const output = withoutSecret(outputs[name]);
    if (isEncrypted(output)) encryptedOutputs.push(name);
    const value = read(output);
    if (value !== undefined) values[property] = value;
  }
  if (withoutSecret(outputs["missing"]) === true) values["recorded"] = "missing";
  if (withoutSecret(outputs["removed"]) === true) values["recorded"] = "removed";
  return { values, encryptedOutputs };
}

function readLabels(value: unknown): Record<string, string> | undefined {
  const labels = isEncrypted(value) ? undefined : object(value);
  if (labels === undefined) return undefined;
  const texts = Object.entries(labels).map(
    ([name, label]) => [printable(name, 100), labelText(withoutSecret(label))] as const,
  );
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

function labelText(label: unknown): string {
  if (isEncrypted(label)) return "[encrypted]";
  return typeof label === "string" ? printable(label) : "";
}

// Engine: this property marks a secret in a state. Its value is encrypted, or JSON text after `export --show-secrets`.
const secretMark = "4dabf18193072939515e22adb298388d";

/** The value of a secret that the export shows; any other value unchanged. */
function withoutSecret(value: unknown): unknown {
  const plaintext = object(value)?.[secretMark] === undefined ? undefined : object(value)?.["plaintext"];
  return typeof plaintext === "string" ? parse(plaintext) : value;
}

function isEncrypted(value: unknown): boolean {
  return object(value)?.[secretMark] !== undefined;
}

function isShare(resource: Json): boolean {
  return resourceTypes.some((type) => type === resource["type"]);
}

function sessionOf(inputs: Json | undefined): string[] {
  const sessionId = withoutSecret(inputs?.["sessionId"]);
  return typeof sessionId === "string" && sessionIdShape.test(sessionId) ? [sessionId] : [];
}

function urnOf({ urn }: Json): string {
  return typeof urn === "string" ? printable(urn, 1000) : "";
}

function stackOf(urn: string): string {
  const [, , stack = "?", project = "?"] = urn.split(":").filter((part) => part !== "");
  return `${project}/${stack}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The error is dropped: V8 quotes the text in it, and the text may contain keys.
    return undefined;
  }
}

function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object).filter((entry) => entry !== undefined) : [];
}
