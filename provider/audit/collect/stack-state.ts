// What a stack's state declares: shares, read from the deployment that `pulumi stack export` prints. Works without the
// passphrase: a share's ID holds session and fingerprint. It must not know the appliance, and never looks at keys and links.
import { printable } from "../../client";
import { idShape, sessionIdShape } from "../../lifecycle";
import { millisecondsOf } from "../../lifecycle/share/window";

/** Both faces of the resource: the dynamic one, and the plugin's. */
const types = ["pulumi-nodejs:dynamic/fudo:SessionShare", "fudo:index:SessionShare"];

/** A share as a state holds it. Instants are milliseconds since the epoch, ±Infinity where there is none. */
export interface Declared {
  /** `project/stack`, from the URN. */
  readonly stack: string;
  readonly urn: string;
  readonly sessionId: string;
  readonly fingerprint: string;
  /** False for `SessionShare.get`: looked up, not owned. */
  readonly owned: boolean;
  /** Origin of the appliance where it lives. */
  readonly appliance?: string;
  readonly since?: number;
  readonly to?: number;
  readonly grantedSince?: number;
  readonly grantedTo?: number;
  readonly readonly?: boolean;
  /** A label whose value is encrypted stands here as `[encrypted]`. */
  readonly labels: Readonly<Record<string, string>>;
  /** What the last refresh found. */
  readonly recorded?: "removed" | "missing";
  /** Needed facts that are encrypted in the state. */
  readonly encrypted: readonly string[];
}

export interface StackState {
  /** `project/stack`, as the URNs of the state have it; absent in an empty state. */
  readonly stack?: string;
  readonly declared: readonly Declared[];
  /** Sessions on which a creation was under way when the engine ended. */
  readonly pendingSessions: readonly string[];
  /** Shares whose ID is not `<sessionId>/<fingerprint>`. */
  readonly nameless: readonly { readonly stack: string; readonly urn: string }[];
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the JSON of `pulumi stack export`; undefined when it is something else. */
export function readState(text: string): StackState | undefined {
  const deployment = object(object(parse(text))?.["deployment"]);
  if (deployment === undefined) return undefined;
  const resources = list(deployment["resources"]);
  const shares = resources.filter(isShare);
  const named = shares.filter(({ id }) => typeof id === "string" && idShape.test(id));
  const pending = list(list(deployment["pending_operations"]).map(({ resource }) => resource)).filter(isShare);
  const [first] = resources;
  return {
    ...(first !== undefined && { stack: stackOf(urnOf(first)) }),
    declared: named.map(readShare),
    pendingSessions: pending.flatMap(({ inputs }) => sessionOf(object(inputs))),
    nameless: shares
      .filter((share) => !named.includes(share))
      .map((share) => ({ stack: stackOf(urnOf(share)), urn: urnOf(share) })),
  };
}

function readShare(resource: Json): Declared {
  const [sessionId = "", fingerprint = ""] = String(resource["id"]).split("/");
  const urn = urnOf(resource);
  const { facts, encrypted } = readFacts(object(resource["outputs"]) ?? {});
  return {
    stack: stackOf(urn),
    urn,
    sessionId,
    fingerprint,
    owned: resource["external"] !== true,
    labels: {},
    ...facts,
    encrypted,
  };
}

const instant = (value: unknown) => millisecondsOf(value);

/** How each needed output is read, and what it is called here. */
const readers: Readonly<Record<string, readonly [string, (value: unknown) => unknown]>> = {
  validSince: ["since", instant],
  validTo: ["to", instant],
  grantedSince: ["grantedSince", instant],
  grantedTo: ["grantedTo", instant],
  readonly: ["readonly", (value) => (typeof value === "boolean" ? value : undefined)],
  appliance: ["appliance", (value) => (typeof value === "string" && value !== "" ? printable(value) : undefined)],
  labels: ["labels", readLabels],
};

function readFacts(outputs: Json): { facts: Partial<Declared>; encrypted: string[] } {
  const facts: Record<string, unknown> = {};
  const encrypted: string[] = [];
  for (const [name, [key, read]] of Object.entries(readers)) {
    const value = opened(outputs[name]);
    if (isEncrypted(value)) encrypted.push(name);
    const known = read(value);
    if (known !== undefined) facts[key] = known;
  }
  if (opened(outputs["missing"]) === true) facts["recorded"] = "missing";
  if (opened(outputs["removed"]) === true) facts["recorded"] = "removed";
  return { facts, encrypted };
}

function readLabels(value: unknown): Record<string, string> | undefined {
  const labels = isEncrypted(value) ? undefined : object(value);
  if (labels === undefined) return undefined;
  const shown = Object.entries(labels).map(
    ([name, label]) => [printable(name, 100), labelText(opened(label))] as const,
  );
  return Object.fromEntries(shown.filter(([, text]) => text !== ""));
}

function labelText(label: unknown): string {
  if (isEncrypted(label)) return "[encrypted]";
  return typeof label === "string" ? printable(label) : "";
}

// Engine: how a state writes a secret: encrypted, or as JSON text when exported with --show-secrets.
const secretKey = "4dabf18193072939515e22adb298388d";

function opened(value: unknown): unknown {
  const plaintext = object(value)?.[secretKey] === undefined ? undefined : object(value)?.["plaintext"];
  return typeof plaintext === "string" ? parse(plaintext) : value;
}

function isEncrypted(value: unknown): boolean {
  return object(value)?.[secretKey] !== undefined;
}

function isShare(resource: Json): boolean {
  return types.some((type) => type === resource["type"]);
}

function sessionOf(inputs: Json | undefined): string[] {
  const sessionId = opened(inputs?.["sessionId"]);
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
    // Not kept: V8 quotes the text, and the text may hold keys.
    return undefined;
  }
}

function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object).filter((entry) => entry !== undefined) : [];
}
