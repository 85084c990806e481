// Reads the values behind a program's inputs without an engine, also where a preview does not know some of them. Engine: the SDK
// exports the method `promise` of an output, but marks it @internal.
import * as pulumi from "@pulumi/pulumi";

/** The values at any depth, with this mark in place of each one that is not known yet. */
export async function knownValues(inputs: pulumi.Inputs, mark: symbol): Promise<Record<string, unknown>> {
  return withMark(await valueWithUnknowns(inputs), mark);
}

/** The same for plain values. */
export function withMark(values: Readonly<Record<string, unknown>>, mark: symbol): Record<string, unknown> {
  return translate(values, (value) => (isUnknown(value) ? mark : value)) as Record<string, unknown>;
}

/** The value; undefined if it is not known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  return (output as unknown as { promise(): Promise<T | undefined> }).promise();
}

// Engine: the SDK has a function for this, but does not export it.
function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiUnknown" in value;
}

// With `true`, unknown values stay where they are.
function valueWithUnknowns(value: pulumi.Inputs): Promise<Record<string, unknown>> {
  const output: unknown = pulumi.output(value);
  return (output as { promise(withUnknowns: true): Promise<Record<string, unknown>> }).promise(true);
}

function translate(value: unknown, leaf: (value: unknown) => unknown): unknown {
  const single = leaf(value);
  if (single !== value || typeof value !== "object" || value === null) return single;
  if (Array.isArray(value)) return value.map((part) => translate(part, leaf));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, translate(part, leaf)]));
}
