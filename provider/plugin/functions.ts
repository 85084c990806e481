// The functions behind the plugin's protocol (`Invoke`), and the list of a session's shares (`List`).
import { FudoError, isFudoError, redact } from "../client";
import { didYouMean, holdsUnknown, shareId } from "../lifecycle";
import { applianceFunctions, type ApplianceFunction } from "../lifecycle/functions/appliance-functions";
import { messages, type Messages } from "./protocol";
import { shareType, type Operations } from "./session-share";
import { receive, send, type Properties } from "./values";

const prefix = "fudo:index:";

/** Engine: a message about a function has no resource, so it appears on the stack. */
const noUrn = "";

export async function invoke(
  { client, callFor }: Operations,
  request: Messages.InvokeRequest,
): Promise<Messages.InvokeResponse> {
  const [name, called] = functionOf(request.getTok());
  const { values, secrets } = receive(request.getArgs());
  const args = checked(called, values);
  if ("failure" in args) return new messages.InvokeResponse().setFailuresList([args.failure]);
  const result = await called.ask(client(), args.values, callFor(noUrn));
  const properties = (name === "getShareSpec" ? { attributes: result } : result) as Properties;
  // A secret argument may be recognised in the result.
  return new messages.InvokeResponse().setReturn(send(properties, secrets.size > 0 ? Object.keys(properties) : []));
}

type AnyFunction = ApplianceFunction<object, unknown>;

function functionOf(token: string): [name: string, called: AnyFunction] {
  const names = Object.keys(applianceFunctions);
  const name = token.startsWith(prefix) ? token.slice(prefix.length) : token;
  const called = new Map<string, AnyFunction>(Object.entries(applianceFunctions)).get(name);
  if (called !== undefined) return [name, called];
  const advice = didYouMean(name, names) || `. The functions are ${names.join(", ")}`;
  throw new FudoError("rejected", `there is no function ${JSON.stringify(name.slice(0, 60))}${advice}`);
}

/** A wrong argument is a failure in the response. Engine: a program that catches failed requests still ends with it. */
function checked(called: AnyFunction, args: Properties): { values: object } | { failure: Messages.CheckFailure } {
  try {
    return { values: called.check(args) };
  } catch (error) {
    if (!isFudoError(error)) throw error;
    // Engine: it prints the argument that a failure names, so the sentence alone names it.
    return { failure: new messages.CheckFailure().setReason(redact(error.message)) };
  }
}

/** One response for each share of the session that can be imported. */
export async function list(
  { client, callFor }: Operations,
  request: Messages.ListRequest,
): Promise<Messages.ListResponse[]> {
  if (request.getToken() !== shareType) throw new FudoError("rejected", `only ${shareType} can be listed`);
  const query = receive(request.getQuery()).values;
  const { Computed, Result } = messages.ListResponse;
  if (holdsUnknown(query)) return [new messages.ListResponse().setComputed(new Computed())];
  const { getSessionShares } = applianceFunctions;
  const args = getSessionShares.check(query);
  const { sessionId, shares } = await getSessionShares.ask(client(), args, callFor(noUrn));
  const ids = shares.flatMap(({ fingerprint }) => (fingerprint === undefined ? [] : [shareId(sessionId, fingerprint)]));
  return ids
    .slice(0, request.getLimit() || undefined)
    .map((id) => new messages.ListResponse().setResult(new Result().setId(id)));
}
