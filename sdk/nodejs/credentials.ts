// Keeps a share's credentials out of everything that Pulumi's SDK writes in the program's process.
import * as pulumi from "@pulumi/pulumi";
import { registerSecret } from "../../provider/client/redact/redact";
import { secretOutputs } from "../../provider/lifecycle/share/id";
import { redactDebugLines } from "./debug-lines";
import { valueOf } from "./known-values";

/** Call it before the share is registered, because the SDK's first line about it has its outputs. */
export function protectDebugLines(): void {
  redactDebugLines(pulumi.log);
}

/** From the moment when the program can know the credentials, they are masked in all debug lines, whatever their form. */
export function protectCredentials(
  share: Readonly<Record<(typeof secretOutputs)[number], pulumi.Output<string | undefined>>>,
): void {
  // Engine: `apply` would come too late. A resource that gets the output writes its value to the debug log after fewer steps.
  for (const name of secretOutputs) void valueOf(share[name]).then(protect, () => undefined);
}

/** The same for the links of a VendorAccess. */
export function protectLinks({ links }: { readonly links: pulumi.Output<Record<string, string> | undefined> }): void {
  void valueOf(links).then(
    (known) => Object.values(known ?? {}).forEach(protect),
    () => undefined,
  );
}

function protect(value: unknown): void {
  if (typeof value !== "string") return;
  registerSecret(value);
  // Again, for copies of the SDK that were loaded since.
  protectDebugLines();
}
