// Conversations between the engine and the plugin that `npm run conversations` has recorded, and how to play the engine's part
// again. Knows nothing of what is right.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { messages } from "./drivers/rpc";
import { root } from "./repository";

const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");

type Json = Record<string, unknown>;

export interface RecordedMessage {
  readonly method: string;
  readonly request: Json;
  readonly response: Json;
}

/** The messages to the plugin in one command. `share`: somebody created it in the admin panel before the command. */
export interface RecordedCommand {
  readonly command: string;
  readonly share?: {
    readonly sessionId: string;
    readonly key: string;
    readonly validSince: string;
    readonly validTo: string;
  };
  readonly messages: readonly RecordedMessage[];
}

export interface Conversation {
  /** When it began. */
  readonly at: string;
  readonly commands: readonly RecordedCommand[];
}

export function readConversation(language: string): Conversation {
  const file = join(root, "test", "fixtures", "conversations", `${language}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Conversation;
}

export const methodOf = (method: string) => method.charAt(0).toLowerCase() + method.slice(1);

/** The message of the protocol for a recorded request. The engine records it as JSON, with the names of the fields. */
export function requestOf(method: string, values: Json): any {
  const { requestType } = ResourceProviderService[methodOf(method)];
  const request = new requestType();
  for (const [name, value] of Object.entries(values)) {
    const accessor = (form: string) => methodsOf(request).find((one) => one.toLowerCase() === form.toLowerCase());
    const setter = accessor(`set${name}`) ?? accessor(`set${name}List`);
    const map = accessor(`get${name}Map`);
    if (map !== undefined) for (const [key, text] of Object.entries(value as Json)) request[map]().set(key, text);
    else if (setter === undefined) throw new Error(`${method} has no field ${name}`);
    else request[setter](isObject(value) ? Struct.fromJavaScript(value as never) : value);
  }
  return request;
}

/** A response as JSON, in the form of `plainRecorded`. */
export function plainResponse(response: any): Json {
  if (response instanceof Empty) return {};
  const fields = methodsOf(response).flatMap((name) => {
    const [, field = ""] = /^get([A-Z]\w*?)(List|Map)?$/.exec(name) ?? [];
    return field === "" || field.includes("_as") ? [] : [[field.toLowerCase(), plainValue(field, response[name]())]];
  });
  return withoutDefaults(Object.fromEntries(fields) as Json);
}

function plainValue(field: string, value: any): unknown {
  if (field === "Changes") return nameIn(messages.DiffResponse.DiffChanges, value);
  if (field === "Kind") return nameIn(messages.PropertyDiff.Kind, value);
  if (value instanceof Struct) return value.toJavaScript();
  if (Array.isArray(value)) return value.map((one) => plainValue("", one));
  if (typeof value?.forEach === "function") {
    const entries: [string, unknown][] = [];
    value.forEach((one: unknown, key: string) => entries.push([key, plainValue("", one)]));
    return Object.fromEntries(entries);
  }
  return isObject(value) ? plainResponse(value) : value;
}

/** A recorded response with the names of the fields in lower case, without those that have their default. */
export function plainRecorded(response: Json): Json {
  const { detailedDiff = {}, failures = [], ...rest } = response;
  const nested = (value: unknown) => withoutDefaults(lowerCase(value as Json));
  return withoutDefaults({
    ...lowerCase(rest),
    detaileddiff: Object.fromEntries(Object.entries(detailedDiff as Json).map(([name, one]) => [name, nested(one)])),
    failures: (failures as unknown[]).map(nested),
  });
}

// The number 0 of these two is a value like the others, and the engine does not record it.
const nameIn = (names: Record<string, number>, value: number) =>
  value === 0 ? "" : Object.keys(names).find((name) => names[name] === value);

const lowerCase = (values: Json) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));

function withoutDefaults(values: Json): Json {
  const isDefault = (value: unknown) =>
    value === undefined || value === "" || value === false || value === 0 || (isObject(value) && isEmpty(value));
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isDefault(value)));
}

const isEmpty = (value: object) => Object.keys(value).length === 0;

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const methodsOf = (message: object) => Object.getOwnPropertyNames(Object.getPrototypeOf(message));
