// Gives the functions of a program their API client, and turns their errors into Pulumi's RunError.
import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../../provider/client";
import type { ApplianceFunction, applianceFunctions } from "../../provider/lifecycle/functions/appliance-functions";
import { requireSettings, readSettings, insecureWarning, type Settings } from "../../provider/lifecycle/settings";
import { callMock, underMocks } from "./mocks";
import { assertProgramConfiguration, programSource } from "./program";

interface ClientOfRun {
  readonly settings: string;
  readonly client: Client;
}

// Engine: one process may run several stacks, one after the other or in parallel, each with its own configuration (inline
// programs of the Automation API). Each run has its own stack resource, so no run gets another one's client.
const clients = new WeakMap<object, ClientOfRun>();

/** The client for the appliance in the configuration of the stack that runs. Throws `RunError` or `FudoError`. */
function applianceClient(): Client {
  assertProgramConfiguration();
  const settings = readSettings(programSource);
  const run = pulumi.runtime.getStackResource() ?? {};
  const text = JSON.stringify(settings);
  const known = clients.get(run);
  if (known?.settings === text) return known.client;
  const client = startClient(settings);
  clients.set(run, { settings: text, client });
  return client;
}

function startClient(settings: Settings): Client {
  // Loaded here because most programs call no function.
  const { createClient, registerSecret } = require("../../provider/client") as typeof import("../../provider/client");
  const { systemClock } = require("../../provider/time/clock") as typeof import("../../provider/time/clock");
  if (settings.apiKey !== undefined) registerSecret(settings.apiKey);
  if (settings.tls.insecureSkipVerify) void pulumi.log.warn(insecureWarning);
  return createClient(requireSettings(settings, systemClock));
}

type Functions = typeof applianceFunctions;
type ResultOf<Name extends keyof Functions> = Awaited<ReturnType<Functions[Name]["ask"]>>;

const log = { warn: (text: string) => pulumi.log.warn(text), info: (text: string) => pulumi.log.info(text) };

/**
 * Calls a function. An error becomes a `RunError`, so the program ends with the message alone, without source and stack.
 * Under mocks the test answers, and no request leaves the process.
 */
export async function callFunction<Name extends keyof Functions>(name: Name, args: object): Promise<ResultOf<Name>> {
  // Loaded here because most programs call no function.
  const { applianceFunctions: functions } =
    require("../../provider/lifecycle/functions/appliance-functions") as typeof import("../../provider/lifecycle/functions/appliance-functions");
  const called: ApplianceFunction<object, unknown> = functions[name];
  try {
    const checked = called.check(args);
    const result = underMocks() ? callMock(name, checked) : called.ask(applianceClient(), checked, log);
    return (await result) as ResultOf<Name>;
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw error;
    throw new pulumi.RunError((error instanceof Error && error.message) || `fudo: ${name} failed`);
  }
}
