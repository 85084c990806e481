// The resource SessionShare behind the plugin's protocol: translates requests to the lifecycle's operations and back.
import { redact, type Client } from "../client";
import { declarationTag, secretOutputs, shareTypes, type CallContext, type Lifecycle } from "../lifecycle";
import { messages, type Messages } from "./protocol";
import { noteRead, repeatWarning } from "./recurring-warnings";
import { receive, send, type Properties, type Received } from "./values";

/** What each operation needs of the process. */
export interface Operations {
  readonly lifecycle: () => Lifecycle;
  /** For the functions: a Cancel ends its waits before a retry. */
  readonly client: () => Client;
  readonly callFor: (urn: string) => CallContext;
}

/** The type of the resource, in every language. */
export const shareType = shareTypes.plugin;

export function check({ lifecycle }: Operations, request: Messages.CheckRequest): Messages.CheckResponse {
  const news = receive(request.getNews());
  const { inputs, failures } = lifecycle().check(own(receive(request.getOlds()).values), news.values);
  return new messages.CheckResponse()
    .setInputs(send(inputs, news.secrets))
    .setFailuresList(failures.map((failure) => checkFailure(failure, news)));
}

/** Engine: it prints the value of the property that a failure names, also a secret one. */
export function checkFailure(
  { property, reason }: { readonly property: string; readonly reason: string },
  { secrets }: Received,
): Messages.CheckFailure {
  return new messages.CheckFailure().setProperty(secrets.has(property) ? "" : property).setReason(redact(reason));
}

const kinds = messages.PropertyDiff.Kind;

export function diff({ lifecycle, callFor }: Operations, request: Messages.DiffRequest): Messages.DiffResponse {
  const urn = request.getUrn();
  const olds = own(receive(request.getOlds()).values);
  // Engine: after a read these are the inputs of the state.
  const news = withTag(urn, own(receive(request.getNews()).values));
  const { changes, properties } = lifecycle().diff(request.getId(), olds, news, callFor(urn));
  // A replacement has its own warning.
  const isReplaced = Object.values(properties).includes("replace");
  if (!isReplaced) repeatWarning(urn, request.getId(), olds, callFor(urn));
  const response = new messages.DiffResponse()
    .setChanges(changes ? messages.DiffResponse.DiffChanges.DIFF_SOME : messages.DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList(Object.keys(properties))
    .setReplacesList(Object.keys(properties).filter((name) => properties[name] === "replace"))
    .setHasdetaileddiff(Object.keys(properties).length > 0);
  for (const [name, change] of Object.entries(properties)) {
    const isOutput = name === "url" || name === "sealedUrl";
    const kind = kindOf(change === "replace", name in olds, name in news || isOutput);
    response.getDetaileddiffMap().set(name, new messages.PropertyDiff().setKind(kind).setInputdiff(!isOutput));
  }
  return response;
}

function kindOf(replaces: boolean, before: boolean, after: boolean): Messages.PropertyDiff.Kind {
  if (!before) return replaces ? kinds.ADD_REPLACE : kinds.ADD;
  if (!after) return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
  return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
}

/**
 * Once the POST was sent, the lifecycle ends with a complete result or with an error that says what it does not know: no
 * create is partial, so this needs no ErrorResourceInitFailed.
 */
export async function create(
  { lifecycle, callFor }: Operations,
  request: Messages.CreateRequest,
): Promise<Messages.CreateResponse> {
  const urn = request.getUrn();
  const inputs = receive(request.getProperties());
  const declared = withTag(urn, inputs.values);
  if (request.getPreview()) {
    const preview = lifecycle().previewCreate(declared, callFor(urn));
    return new messages.CreateResponse().setProperties(sendOutputs(preview, inputs));
  }
  const { id, outputs } = await lifecycle().create(declared, callFor(urn));
  return new messages.CreateResponse().setId(id).setProperties(sendOutputs(outputs, inputs));
}

/** Engine: a refresh sends the recorded outputs and inputs; an import and a lookup send neither, or inputs alone. */
export async function read(
  { lifecycle, callFor }: Operations,
  request: Messages.ReadRequest,
): Promise<Messages.ReadResponse> {
  const id = request.getId();
  const state = receive(request.getProperties());
  const recorded = receive(request.getInputs());
  const { outputs, inputs } = await lifecycle().read(id, own(state.values), callFor(request.getUrn()));
  noteRead(request.getUrn());
  return new messages.ReadResponse()
    .setId(id)
    .setProperties(sendOutputs(outputs, state))
    .setInputs(inputs === undefined ? send(own(recorded.values), recorded.secrets) : send(inputs));
}

/** A preview knows the link when only the labels change. */
export async function update(
  { lifecycle, callFor }: Operations,
  request: Messages.UpdateRequest,
): Promise<Messages.UpdateResponse> {
  const [id, olds, news] = [request.getId(), own(receive(request.getOlds()).values), receive(request.getNews())];
  const outputs = request.getPreview()
    ? lifecycle().previewUpdate(id, olds, news.values)
    : await lifecycle().update(id, olds, news.values, callFor(request.getUrn()));
  return new messages.UpdateResponse().setProperties(sendOutputs(outputs, news));
}

export function deleteShare({ lifecycle, callFor }: Operations, request: Messages.DeleteRequest): void {
  lifecycle().delete(request.getId(), own(receive(request.getProperties()).values), callFor(request.getUrn()));
}

/**
 * What a state holds, without null: that is no value. A state that the dynamic provider wrote holds two properties that no
 * resource of the plugin has.
 */
function own({ __provider, declarationTag: _, ...values }: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

/** The plugin takes the declaration's tag from the URN, which names stack, project, types and name. */
function withTag(urn: string, inputs: Properties): Properties {
  return { ...inputs, declarationTag: declarationTag([urn]) };
}

/** The outputs repeat the inputs, and what is secret in the inputs stays secret. `sealedRecipients` repeats an input too. */
function sendOutputs(outputs: Readonly<Properties>, { secrets }: Received): ReturnType<typeof send> {
  const repeated = secrets.has("recipients") ? ["sealedRecipients"] : [];
  return send(outputs, [...secretOutputs, ...secrets, ...repeated]);
}
