// Translates the engine's values to the lifecycle's and back: secret values and unknown values, at any depth.
import { secretSignature, secretValue, signatureKey, unknownText } from "../adapter/signatures";
import { FudoError } from "../client/errors";
import { shownName, unknown } from "../lifecycle";
import { Struct, type StructMessages } from "./protocol";

export type Properties = Record<string, unknown>;

/** What the engine sent: plain values, the lifecycle's mark for unknown ones, and which properties hold a secret. */
export interface Received {
  readonly values: Properties;
  /** Names of the properties that are secret or hold one. */
  readonly secrets: ReadonlySet<string>;
}

/** Throws `rejected` for a value of a kind that no input of ours has (an asset, an archive, a resource). */
export function receive(struct: StructMessages.Struct | undefined): Received {
  const secrets = new Set<string>();
  const entries = entriesOf(struct).map(([name, value]): [string, unknown] => {
    const property = { name, onSecret: () => secrets.add(name) };
    return [name, plain(value, property)];
  });
  return { values: Object.fromEntries(entries), secrets };
}

/** Properties for the engine; those named in `secrets` become secret values. Absent values are left out. */
export function send(properties: Readonly<Properties>, secrets: Iterable<string> = []): StructMessages.Struct {
  const secret = new Set(secrets);
  const entries = Object.entries(properties)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, unknown] => [name, secret.has(name) ? secretValue(raw(value)) : raw(value)]);
  return Struct.fromJavaScript(Object.fromEntries(entries) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function entriesOf(struct: StructMessages.Struct | undefined): [string, StructMessages.Value][] {
  return struct === undefined ? [] : [...struct.getFieldsMap().entries()];
}

/** The property that a value belongs to, at any depth. */
interface Property {
  readonly name: string;
  readonly onSecret: () => void;
}

function plain(value: StructMessages.Value, property: Property): unknown {
  const text = value.getStringValue();
  if (value.hasStringValue()) return text === unknownText ? unknown : text;
  if (value.hasNumberValue()) return value.getNumberValue();
  if (value.hasBoolValue()) return value.getBoolValue();
  if (value.hasListValue())
    return value
      .getListValue()!
      .getValuesList()
      .map((part) => plain(part, property));
  return value.hasStructValue() ? plainObject(value.getStructValue()!, property) : null;
}

function plainObject(struct: StructMessages.Struct, property: Property): unknown {
  const fields = struct.getFieldsMap();
  const signature = fields.get(signatureKey);
  if (signature === undefined)
    // `fromEntries` defines own properties, so an input named __proto__ stays an input.
    return Object.fromEntries([...fields.entries()].map(([name, part]) => [name, plain(part, property)]));
  const value = fields.get("value");
  if (signature.getStringValue() !== secretSignature || value === undefined)
    throw new FudoError(
      "rejected",
      `${shownName(property.name)} is or contains an asset, an archive or a resource. The inputs are text, booleans and ` +
        "maps of text",
    );
  property.onSecret();
  return plain(value, property);
}

function raw(value: unknown): unknown {
  if (value === unknown) return unknownText;
  if (Array.isArray(value)) return value.map(raw);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, raw(part)]),
  );
}
