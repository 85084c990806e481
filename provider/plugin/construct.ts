// The component VendorAccess behind the plugin's protocol (`Construct`). It registers the resources with the protocol's own
// messages: the SDK's runtime writes the outputs of each resource, secrets in plain text, into debug lines.
import { FudoError } from "../client";
import { holdsUnknown, unknown } from "../lifecycle";
import { applianceFunctions } from "../lifecycle/functions/appliance-functions";
import {
  aliasesOf,
  checkAccess,
  foundSessions,
  handOverText,
  linksBySession,
  sharedSessionOutputs,
  type SharedSession,
  type SharedSessions,
} from "../lifecycle/vendor-access";
import { accessCalendar } from "../lifecycle/vendor-access/calendar";
import { Monitor, resourceMessages } from "./monitor";
import { messages, type Messages } from "./protocol";
import { componentRegistration, shareRegistration } from "./registrations";
import type { Operations } from "./session-share";
import { receive, send, type Properties, type Received } from "./values";

interface Construction {
  readonly operations: Operations;
  readonly provider: string | undefined;
  readonly request: Messages.ConstructRequest;
  readonly inputs: Received;
  readonly monitor: Monitor;
}

/** `provider`: reference of the provider resource that this process serves. */
export async function construct(
  operations: Operations,
  provider: string | undefined,
  request: Messages.ConstructRequest,
): Promise<Messages.ConstructResponse> {
  const type = request.getType();
  if (type !== "fudo:index:VendorAccess")
    throw new FudoError("rejected", `there is no component ${JSON.stringify(type.slice(0, 60))}`);
  const inputs = receive(request.getInputs());
  const sessions = checkAccess(inputs.values);
  const monitor = new Monitor(request.getMonitorendpoint(), operations.callFor("").signal);
  try {
    return await register({ operations, provider, request, inputs, monitor }, sessions);
  } finally {
    monitor.close();
  }
}

async function register(
  construction: Construction,
  sessions: SharedSessions | undefined,
): Promise<Messages.ConstructResponse> {
  const { operations, request, inputs, monitor } = construction;
  const urn = (await monitor.register(componentRegistration(request))).getUrn();
  const ids = sessions && ("ids" in sessions ? sessions.ids : await find(operations, urn, sessions.query));
  if (ids === undefined)
    operations.callFor(urn).info("the sessions are not known yet, so this preview does not show the shares");
  const shares = await declareShares(construction, urn, ids ?? []);
  const outputs = ids === undefined ? notKnown : accessOutputs(urn, inputs.values["vendor"], shares);
  // Engine: an output that is not known may be sent in a preview only. After a share that failed, some are not known in an `up`.
  const sent = Object.entries(outputs).filter(([, value]) => request.getDryrun() || value !== unknown);
  const state = send(Object.fromEntries(sent), secretNames(outputs, inputs));
  await monitor.registerOutputs(urn, state);
  const dependencies = new messages.ConstructResponse.PropertyDependencies().setUrnsList(shares.map((one) => one.urn));
  const response = new messages.ConstructResponse().setUrn(urn).setState(state);
  for (const [name] of sent) response.getStatedependenciesMap().set(name, dependencies);
  return response;
}

async function find({ client, callFor }: Operations, urn: string, query: object): Promise<string[]> {
  return foundSessions(await applianceFunctions.getSessions.ask(client(), query, callFor(urn)));
}

interface Share {
  readonly urn: string;
  /** Outputs that are not known yet, or that a failed share does not have, are `unknown`. */
  readonly session: SharedSession;
  readonly url: unknown;
  readonly sealedUrl: unknown;
}

async function declareShares(
  { provider, request, inputs, monitor }: Construction,
  parent: string,
  ids: readonly string[],
): Promise<Share[]> {
  const aliases = aliasesOf(inputs.values["aliases"], ids);
  return Promise.all(
    ids.map(async (sessionId) => {
      const declaration = { request, inputs, parent, provider, alias: aliases.get(sessionId) };
      const response = await monitor.register(shareRegistration(sessionId, declaration));
      // SDK: its oldest versions have no such field.
      const isUnknown = response.getUnknown?.() ?? false;
      const hasFailed = response.getResult() !== resourceMessages.Result.SUCCESS || isUnknown;
      const { values } = receive(response.getObject());
      const output = (name: string) => (hasFailed ? unknown : values[name]);
      const outputs = sharedSessionOutputs.map((name) => [name, output(name)]);
      const session = { ...Object.fromEntries(outputs), sessionId } as SharedSession;
      return { urn: response.getUrn(), session, url: output("url"), sealedUrl: output("sealedUrl") };
    }),
  );
}

const notKnown = { sessionIds: unknown, links: unknown, sealedLinks: unknown, handOver: unknown, calendar: unknown };

function accessOutputs(urn: string, vendor: unknown, shares: readonly Share[]): Properties {
  const sessions = shares.map(({ session }) => session);
  const links = linksOf(shares, "url");
  const sealedLinks = linksOf(shares, "sealedUrl");
  // The check has accepted the vendor: text, or not known yet.
  const isKnown = typeof vendor === "string" && !holdsUnknown(sessions);
  const areLinksKnown = isKnown && links !== unknown && sealedLinks !== unknown;
  return {
    sessionIds: sessions.map(({ sessionId }) => sessionId),
    links,
    sealedLinks,
    handOver: areLinksKnown
      ? handOverText(vendor, sessions, { ...(links as object), ...(sealedLinks as object) })
      : unknown,
    calendar: isKnown ? accessCalendar(urn, vendor, sessions) : unknown,
  };
}

function linksOf(shares: readonly Share[], name: "url" | "sealedUrl"): unknown {
  const texts = shares.map((share) => share[name]);
  if (holdsUnknown(texts)) return unknown;
  const sessions = shares.map(({ session }) => session);
  return linksBySession(sessions, texts as (string | undefined)[]);
}

/** What contains a link is secret. Where an input is secret, everything is: it may be recognised in each output. */
function secretNames(outputs: Properties, { secrets }: Received): string[] {
  if (secrets.size > 0) return Object.keys(outputs);
  return outputs["links"] === undefined ? [] : ["links", "handOver"];
}
