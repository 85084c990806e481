// The component VendorAccess, which programs use: one vendor, several sessions, one window. Its children are ordinary
// SessionShares, so every rule of a share applies to each of them.
import * as pulumi from "@pulumi/pulumi";
import { printable } from "../../provider/client/redact/redact";
import type { SessionShare } from "./session-share";
import { accessInputsOf, type VendorAccessArgs } from "./vendor-access-arguments";
import { accessOutputs, type AccessOutputs } from "./vendor-access-outputs";
import { declareShares } from "./vendor-access-shares";

const token = "fudo:index:VendorAccess";

/** Name and options of a component, by its inputs. Engine: older SDKs pass only the inputs to `initialize`. */
const declarations = new WeakMap<object, { name: string; opts: pulumi.ComponentResourceOptions }>();

/**
 * Access for one vendor to several sessions, in one window: one SessionShare for each session. The component's outputs are
 * the links, a text for the vendor, and a calendar file without links.
 *
 * @example
 * ```ts
 * import { VendorAccess } from "pulumi-fudo";
 *
 * const access = new VendorAccess("acme", {
 *   vendor: "ACME Support",
 *   sessionIds: ["4665729213955833860", "4665729213955833861"],
 *   duration: "PT8H",
 *   labels: { ticket: "OPS-1" },
 * });
 * export const { handOver, calendar } = access;
 * ```
 */
export class VendorAccess extends pulumi.ComponentResource<SessionShare[]> implements AccessOutputs {
  /** IDs of the sessions that are shared. */
  declare readonly sessionIds: pulumi.Output<string[]>;
  /** The URL of each session, by session ID. Credentials: secret. Absent with `recipients`. */
  declare readonly links: pulumi.Output<Record<string, string> | undefined>;
  /** The encrypted URL of each session, by session ID: ASCII-armored age files. No secret. Only with `recipients`. */
  declare readonly sealedLinks: pulumi.Output<Record<string, string> | undefined>;
  /** Text to send to the vendor: window, mode, and the link of each session. Secret, except with `recipients`. */
  declare readonly handOver: pulumi.Output<string>;
  /** iCalendar file with one event for the window. It contains session IDs and fingerprints, and no link. */
  declare readonly calendar: pulumi.Output<string>;

  /** True for every VendorAccess, also of another copy of this package. */
  static override isInstance(value: unknown): value is VendorAccess {
    return typeof value === "object" && value !== null && "__pulumiType" in value && value.__pulumiType === token;
  }

  /**
   * Declares the shares of one vendor. Each share is called `<name>-<sessionId>`.
   * @param name name of the component in the program
   * @param args for whom, which sessions, and how long
   * @param opts options of the component
   */
  constructor(name: string, args: VendorAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const inputs = accessInputsOf(args);
    declarations.set(inputs, { name, opts });
    super(token, name, inputs, opts);
    const outputs = accessOutputs(this.urn, inputs, this.getData());
    Object.assign(this, outputs);
    // Here and not after `initialize`: the SDK then waits for the shares, also where nothing else in the program does.
    this.registerOutputs(outputs);
  }

  /** @internal Declares the children. Engine: a resource that depends on the component waits for this. */
  protected override async initialize(inputs: pulumi.Inputs): Promise<SessionShare[]> {
    const { name, opts } = declarations.get(inputs)!;
    try {
      return await declareShares(this, name, inputs, opts);
    } catch (error) {
      throw failure(`VendorAccess ${printable(name, 100)}: ${(error as Error).message}`);
    }
  }
}

/** Engine: the SDK writes `error serializing property` in front of the message, and prints a stack after the program's end. */
function failure(text: string): pulumi.RunError {
  const error = Object.assign(new pulumi.RunError(text), { stack: text });
  return Object.defineProperty(error, "message", { get: () => text, set: () => undefined });
}
