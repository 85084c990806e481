// What the component VendorAccess registers with the engine: itself, and a SessionShare for each session.
import { packageVersion } from "../client";
import { secretOutputs, shareTypes } from "../lifecycle";
import { shareInputs, shareName, withVendor, type ShareAlias } from "../lifecycle/vendor-access";
import { Alias, resourceMessages } from "./monitor";
import type { Messages, ResourceMessages } from "./protocol";
import { shareType } from "./session-share";
import { send, type Received } from "./values";

type Registration = ResourceMessages.RegisterResourceRequest;
type AliasMessage = ReturnType<Registration["getAliasesList"]>[number];

function registration(type: string, name: string, parent: string): Registration {
  return new resourceMessages.RegisterResourceRequest()
    .setType(type)
    .setName(name)
    .setParent(parent)
    .setAcceptsecrets(true)
    .setSupportspartialvalues(true)
    .setSupportsresultreporting(true)
    .setAliasspecs(true);
}

/** The component with the inputs and the options that the program declares. */
export function componentRegistration(request: Messages.ConstructRequest): Registration {
  const component = registration(request.getType(), request.getName(), request.getParent())
    .setObject(request.getInputs())
    .setAliasesList(request.getAliasesList())
    .setDependenciesList(request.getDependenciesList())
    .setDeletedwith(request.getDeletedwith());
  // Engine: a child inherits these where its parent has them.
  if (request.getProtect() === true) component.setProtect(true);
  if (request.getRetainondelete() === true) component.setRetainondelete(true);
  for (const name of request.getInputdependenciesMap().keys()) dependOn(component, name, urnsOf(request, [name]));
  for (const [name, reference] of request.getProvidersMap().entries()) component.getProvidersMap().set(name, reference);
  return component;
}

export interface ShareDeclaration {
  readonly request: Messages.ConstructRequest;
  readonly inputs: Received;
  /** URN of the component. */
  readonly parent: string;
  /** Reference of the provider resource that this process serves. Undefined: the engine does not say it. */
  readonly provider: string | undefined;
  readonly alias: ShareAlias | undefined;
}

/** The share of one session, as the generated SDKs register it. */
export function shareRegistration(sessionId: string, declaration: ShareDeclaration): Registration {
  const { request, inputs, parent, provider = "", alias } = declaration;
  const { values, secrets } = inputs;
  const properties = {
    ...Object.fromEntries(shareInputs.map((name) => [name, values[name] ?? undefined])),
    sessionId,
    labels: withVendor(values["labels"], values["vendor"]),
  };
  const secretInputs = Object.keys(properties).filter((name) => sourcesOf(name).some((source) => secrets.has(source)));
  const share = registration(shareType, shareName(request.getName(), sessionId), parent)
    .setCustom(true)
    .setObject(send(properties, secretInputs))
    .setProvider(provider)
    .setVersion(packageVersion())
    .setAdditionalsecretoutputsList([...secretOutputs])
    .setAliasesList([ofClass(), ...(alias === undefined ? [] : [aliasMessage(alias)])]);
  const all = new Set<string>();
  for (const name of Object.keys(properties)) {
    const urns = urnsOf(request, sourcesOf(name));
    dependOn(share, name, urns);
    for (const urn of urns) all.add(urn);
  }
  return share.setDependenciesList([...all]);
}

/** The inputs of the component that an input of a share comes from. */
function sourcesOf(shareInput: string): readonly string[] {
  if (shareInput === "sessionId") return ["sessionIds", "sessions"];
  return shareInput === "labels" ? ["labels", "vendor"] : [shareInput];
}

function urnsOf(request: Messages.ConstructRequest, names: readonly string[]): string[] {
  return names.flatMap((name) => request.getInputdependenciesMap().get(name)?.getUrnsList() ?? []);
}

function dependOn(resource: Registration, name: string, urns: string[]): void {
  const { PropertyDependencies } = resourceMessages.RegisterResourceRequest;
  resource.getPropertydependenciesMap().set(name, new PropertyDependencies().setUrnsList(urns));
}

/** A program that moves from the class's VendorAccess to the plugin's keeps its shares and their links. */
function ofClass(): AliasMessage {
  return new Alias().setSpec(new Alias.Spec().setType(shareTypes.dynamic));
}

function aliasMessage(alias: ShareAlias): AliasMessage {
  if ("urn" in alias) return new Alias().setUrn(alias.urn);
  return new Alias().setSpec(new Alias.Spec().setName(alias.name).setNoparent(true));
}
