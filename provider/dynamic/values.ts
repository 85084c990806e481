// Translates the engine's plain values to the lifecycle's and back: unknown values, secret values, the provider's own text.
import { secretValue, unknownText } from "../adapter/signatures";
import { secretOutputs, unknown } from "../lifecycle";

export type Properties = Record<string, unknown>;

/** Without `__provider`, and with the lifecycle's mark for each unknown value. */
export function fromEngine(properties: Properties): Properties {
  const { __provider, ...own } = properties;
  return translate(own, (value) => (value === unknownText ? unknown : value)) as Properties;
}

export function toEngine(properties: Readonly<Properties>): Properties {
  return translate(properties, (value) => (value === unknown ? unknownText : value)) as Properties;
}

/**
 * A share's outputs for the engine, with the credentials as secret values. The resource's own option
 * (`additionalSecretOutputs`) does not suffice: a transformation can drop it.
 */
export function outputsToEngine(outputs: Readonly<Properties>): Properties {
  const result = { ...outputs };
  for (const name of secretOutputs) {
    const value = result[name];
    if (value !== undefined) result[name] = secretValue(value);
  }
  return result;
}

function translate(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => translate(part, leaf));
  if (typeof value !== "object" || value === null) return leaf(value);
  // `fromEntries` defines own properties, so an input named __proto__ stays an input.
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, translate(part, leaf)]));
}
