// Checks the arguments of a SessionShare without an engine: the public function for unit tests, and what the class does under
// Pulumi's mocks, which never call the provider's check.
import * as pulumi from "@pulumi/pulumi";
import { printable, redact } from "../../provider/client/redact/redact";
import { inputsOf, type SessionShareArgs } from "./arguments";
import { knownValues, withMark } from "./known-values";
import { programSource } from "./program";

/**
 * Checks the arguments of a new share as a preview does, but without an engine, without an appliance and without a request.
 * Returns one sentence for each mistake, or an empty list. The settings `fudo:url` and `fudo:apiKey` are not needed.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert";
 * import { checkSessionShareArgs } from "pulumi-fudo";
 *
 * checkSessionShareArgs({ sessionId: "4665729213955833860", duration: "P40D" }).then((mistakes) =>
 *   strictEqual(mistakes.length, 1),
 * );
 * ```
 */
export async function checkSessionShareArgs(args: SessionShareArgs): Promise<string[]> {
  return reasons(await knownValues(inputsOf(args), lifecycle().unknown));
}

/**
 * The properties of a share as check would complete them. Mocks do not call check. Wrong arguments throw `RunError`: at
 * once where all values are known, else when they are.
 */
export function checkedUnderMocks(name: string, args: SessionShareArgs, properties: pulumi.Inputs): pulumi.Inputs {
  const inputs = inputsOf(args);
  const complete = { ...properties, readonly: orDefault(args.readonly, true), labels: orDefault(inputs["labels"], {}) };
  if (!isAwaited(inputs)) {
    assertNone(name, reasons(withMark(inputs, lifecycle().unknown)));
    return complete;
  }
  const checked = knownValues(inputs, lifecycle().unknown).then((values) => assertNone(name, reasons(values)));
  // Pulumi reports the error with this input.
  return { ...complete, sessionId: after(checked, args.sessionId) };
}

function reasons(values: Readonly<Record<string, unknown>>): string[] {
  return lifecycle().checkArguments(values, programSource, Date.now()).map(redact);
}

// Loaded here because only unit tests need it.
function lifecycle() {
  return require("../../provider/lifecycle/functions/check-arguments") as typeof import("../../provider/lifecycle/functions/check-arguments");
}

function assertNone(name: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new pulumi.RunError(`SessionShare ${printable(name, 100)}: ${problems.join("; ")}`);
}

function orDefault(value: unknown, byDefault: unknown): unknown {
  if (value === undefined || value === null) return byDefault;
  return isPromised(value) ? pulumi.output(value).apply((known: unknown) => known ?? byDefault) : value;
}

/** The value, once the check is done. It stays as secret and as unknown as it was. */
function after(checked: Promise<void>, value: unknown): unknown {
  if (pulumi.Output.isInstance<unknown>(value)) return value.apply((known) => checked.then(() => known));
  return checked.then(() => value);
}

function isPromised(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function isAwaited(value: unknown): boolean {
  if (isPromised(value)) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(isAwaited);
}
