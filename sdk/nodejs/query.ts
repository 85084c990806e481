// Gives the functions of a program their API client, and turns their errors into Pulumi's RunError.
import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../../provider/client";
import { requireSettings, readSettings, insecureWarning } from "../../provider/lifecycle/settings";
import { assertProgramConfiguration, programSource } from "./program";

let client: Client | undefined;

/** The one client of this process, for the appliance in the program's configuration. Throws `RunError` or `FudoError`. */
export function applianceClient(): Client {
  assertProgramConfiguration();
  return (client ??= startClient());
}

function startClient(): Client {
  // Loaded here because most programs call no function.
  const { createClient, registerSecret } = require("../../provider/client") as typeof import("../../provider/client");
  const { systemClock } = require("../../provider/time/clock") as typeof import("../../provider/time/clock");
  const settings = readSettings(programSource);
  if (settings.apiKey !== undefined) registerSecret(settings.apiKey);
  if (settings.tls.insecureSkipVerify) void pulumi.log.warn(insecureWarning);
  return createClient(requireSettings(settings, systemClock));
}

/** Runs a query. An error becomes a `RunError`, so the program ends with the message alone, without source and stack. */
export async function withRunErrors<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw error;
    throw new pulumi.RunError(error instanceof Error ? error.message : "the query failed");
  }
}
