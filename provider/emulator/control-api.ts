// The control API: another process calls the emulator's methods with `POST /emulator/<operation>` and a JSON array of
// arguments. It is off by default and accepts loopback clients only, because it returns every key.
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseBehaviourFlags } from "./appliance/behaviour-flags";
import type { Emulator } from "./emulator";
import type { Gate } from "./http/gates";

type Operation = (...parameters: never[]) => unknown;
type Operations = Readonly<Record<string, Operation>>;

const prefix = "/emulator/";
const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** Methods of `Emulator` that the control API passes on unchanged. */
const passedOn = [
  "addSession",
  "removeSession",
  "restoreSession",
  "addShare",
  "shares",
  "revoke",
  "restore",
  "addApiKey",
  "rotateKey",
  "blockUser",
  "unblockUser",
  "denyAccess",
  "allowAccess",
  "fault",
  "randomFaults",
  "clearFaults",
  "resetRequests",
] as const;

/**
 * Handles the requests for the control API and returns true for them, false for all others. Responds 200 with
 * `{"value": …}`, or 400 with `{"error": "…"}`.
 */
export function controlApi(emulator: Emulator): (request: IncomingMessage, response: ServerResponse) => boolean {
  const operations = { ...methodsOf(emulator), ...propertiesOf(emulator), ...gatesOf(emulator) };
  return (request, response) => {
    const { url = "", socket } = request;
    if (!url.startsWith(prefix) || !loopback.test(socket.remoteAddress ?? "")) return false;
    void callOperation(operations, request).then(([status, content]) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content)),
    );
    return true;
  };
}

async function callOperation(operations: Operations, request: IncomingMessage): Promise<[number, object]> {
  try {
    // A web page in the operator's browser can send a form to this port, but not JSON.
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json")
      throw new RangeError("send a POST with Content-Type: application/json");
    const name = request.url?.slice(prefix.length) ?? "";
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined)
      throw new RangeError(`unknown operation "${name}"; use one of ${Object.keys(operations).join(", ")}`);
    const parameters: unknown = JSON.parse((await readText(request)) || "[]");
    if (!Array.isArray(parameters)) throw new RangeError("the body must be a JSON array of arguments");
    return [200, { value: await operation(...(parameters as never[])) }];
  } catch (error) {
    return [400, { error: (error as Error).message }];
  }
}

function methodsOf(emulator: Emulator): Operations {
  const methods: Readonly<Record<(typeof passedOn)[number], Operation>> = emulator;
  return Object.fromEntries(passedOn.map((name) => [name, (...parameters: never[]) => methods[name](...parameters)]));
}

function propertiesOf(emulator: Emulator): Operations {
  return {
    about: () => {
      const { url, apiKey, sessions, zone, behaviour } = emulator;
      return { url, apiKey, sessions, zone, behaviour };
    },
    requests: () => emulator.requests,
    behaviour: (flags: Record<string, unknown>) => Object.assign(emulator.behaviour, parseBehaviourFlags(flags)),
    zone: (name: string) => (emulator.zone = name),
    skew: (milliseconds: number) => (emulator.clock.skew = milliseconds),
    latency: (milliseconds: number) => (emulator.latency = milliseconds),
  };
}

/** A gate cannot be sent as JSON, so `hold` returns its number. */
function gatesOf(emulator: Emulator): Operations {
  const gates: Gate[] = [];
  const requireGate = (number: number): Gate => {
    const gate = gates[number];
    if (gate === undefined) throw new RangeError(`gate ${number} does not exist`);
    return gate;
  };
  return {
    hold: (...parameters: Parameters<Emulator["hold"]>) => gates.push(emulator.hold(...parameters)) - 1,
    arrived: async (number: number, count?: number) => {
      await requireGate(number).arrived(count);
      return requireGate(number).waiting;
    },
    release: (number: number, count?: number) => requireGate(number).release(count),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
