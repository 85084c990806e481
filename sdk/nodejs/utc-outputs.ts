// Shows the window of a share in UTC where a program declares it in a time zone.
import * as pulumi from "@pulumi/pulumi";

/**
 * The output in UTC. Engine: in a preview, an output of a dynamic resource is the checked input, which keeps the zone. Other
 * resources that use the output must see the same value in `up`. Most programs declare no zone, and an `apply` costs time.
 */
export function inUtc(output: pulumi.Output<string>, declared: unknown): pulumi.Output<string> {
  return mayHaveZone(declared) ? output.apply(utcText) : output;
}

function mayHaveZone(declared: unknown): boolean {
  if (pulumi.Output.isInstance(declared) || declared instanceof Promise) return true;
  return typeof declared === "string" && declared.endsWith("]");
}

function utcText(text: string): string {
  // An output of a mock can have any type.
  if (!mayHaveZone(text)) return text;
  // Loaded here because most shares have no zone.
  const { parseDeclaredInstant } = require("../../provider/time/zoned") as typeof import("../../provider/time/zoned");
  const instant = parseDeclaredInstant(text, text);
  return "ms" in instant ? new Date(instant.ms).toISOString() : text;
}
