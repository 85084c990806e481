// Translates the engine's plain values to the lifecycle's and back: unknown values, and the provider's own text.
import { unknown } from "../lifecycle";

export type Properties = Record<string, unknown>;

// Engine: `rpc.unknownValue`, a constant of the protocol. The SDK module that exports it takes 200 ms to load.
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Without `__provider`, and with the lifecycle's mark for each unknown value. */
export function fromEngine(properties: Properties): Properties {
  const { __provider, ...own } = properties;
  return translate(own, (value) => (value === unknownText ? unknown : value)) as Properties;
}

export function toEngine(properties: Readonly<Properties>): Properties {
  return translate(properties, (value) => (value === unknown ? unknownText : value)) as Properties;
}

function translate(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => translate(part, leaf));
  if (typeof value !== "object" || value === null) return leaf(value);
  // `fromEntries` defines own properties, so an input named __proto__ stays an input.
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, translate(part, leaf)]));
}
