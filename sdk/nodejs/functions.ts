// Functions that look and never change anything. They run in the program's own process, at each preview and up.
import * as pulumi from "@pulumi/pulumi";
import type { Client, SessionDirectory, ShareSpec } from "../../provider/client";
import type { SessionShareSummary, ShareStatus } from "../../provider/lifecycle/functions/session-shares";
import { demandProgram, programSource } from "./program";

export type { SessionShareSummary, ShareStatus };

export interface GetSessionSharesArgs {
  /** The session's decimal ID, as text. */
  readonly sessionId: string;
}

export interface GetSessionSharesOutputArgs {
  readonly sessionId: pulumi.Input<string>;
}

export interface GetSessionSharesResult {
  readonly sessionId: string;
  /** Without keys and links: a fingerprint says which share, and opens nothing. */
  readonly shares: readonly SessionShareSummary[];
}

/** The session's shares as the appliance lists them to this API user. One GET. */
export async function getSessionShares(args: GetSessionSharesArgs): Promise<GetSessionSharesResult> {
  const { summarize, sessionIdShape } = lifecycle();
  if (typeof args?.sessionId !== "string" || !sessionIdShape.test(args.sessionId)) {
    throw new pulumi.RunError("getSessionShares: sessionId must be the session's decimal ID as text");
  }
  const { sessionId } = args;
  const { shares, applianceTime } = await ask((client) => client.listShares(sessionId));
  return { sessionId, shares: summarize(shares, applianceTime ?? Date.now()) };
}

/** `getSessionShares` for a session that another resource knows. */
export function getSessionSharesOutput(args: GetSessionSharesOutputArgs): pulumi.Output<GetSessionSharesResult> {
  return pulumi.output(args).apply(getSessionShares);
}

/** The appliance's own description of a share's attributes (`GET /api/v2/objspec/session_share`). */
export async function getShareSpec(): Promise<ShareSpec> {
  return ask((client) => client.getShareSpec());
}

/** `getShareSpec` as an output. */
export function getShareSpecOutput(): pulumi.Output<ShareSpec> {
  return pulumi.output(getShareSpec());
}

let client: (Client & SessionDirectory) | undefined;

/** Asks the appliance that the program is configured for. Throws `RunError`. */
export async function ask<T>(question: (client: Client & SessionDirectory) => Promise<T>): Promise<T> {
  demandProgram();
  try {
    return await question((client ??= start()));
  } catch (error) {
    // RunError: the program ends with the sentence alone, without source text and stack.
    throw new pulumi.RunError(error instanceof Error ? error.message : "the appliance could not be asked");
  }
}

function start(): Client & SessionDirectory {
  const { createClient, protect, systemClock } =
    require("../../provider/client") as typeof import("../../provider/client");
  const { demandSettings, readSettings, unverified } = lifecycle();
  const settings = readSettings(programSource);
  if (settings.apiKey !== undefined) protect(settings.apiKey);
  if (settings.tls.insecureSkipVerify) void pulumi.log.warn(unverified);
  return createClient(demandSettings(settings, systemClock));
}

// Loaded when a function is called: most programs call none.
function lifecycle(): typeof import("../../provider/lifecycle") {
  return require("../../provider/lifecycle") as typeof import("../../provider/lifecycle");
}
