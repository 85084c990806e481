// The control API: another process calls the emulator's methods with `POST /emulator/<operation>` and a JSON array of
// arguments. It is off by default and accepts loopback clients only, because it returns every key. A web page in the
// operator's browser is a loopback client too: the checks of `Host` and `Content-Type` keep it out.
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseBehaviourFlags } from "./appliance/behaviour-flags";
import { requireKnown, wholeNumber } from "./checks";
import type { Emulator } from "./emulator";
import type { Gate } from "./http/gates";
import { respondToBug } from "./http/request-handler";
import { isJson, maxBodyBytes, readBody } from "./http/request-body";

type Operation = (...parameters: never[]) => unknown;
type Operations = Readonly<Record<string, Operation>>;

const prefix = "/emulator/";
const loopback = /^(127\.|::1$|::ffff:127\.)/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

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
  const isOwnHost = (host: string): boolean =>
    loopbackHost.test(host) || host === emulator.options.host || host === new URL(emulator.url).hostname;
  return (request, response) => {
    const { url = "", socket } = request;
    if (!url.startsWith(prefix) || !loopback.test(socket.remoteAddress ?? "")) return false;
    callOperation(operations, request, isOwnHost)
      .then(([status, content]) => {
        // The rest of a body that is too large is never read.
        const connection = request.complete ? {} : { Connection: "close" };
        response.writeHead(status, { "Content-Type": "application/json", ...connection }).end(JSON.stringify(content));
      })
      .catch((error: unknown) => respondToBug(error, response));
    return true;
  };
}

async function callOperation(
  operations: Operations,
  request: IncomingMessage,
  isOwnHost: (host: string) => boolean,
): Promise<[number, object]> {
  try {
    // A web page can let its own name resolve to 127.0.0.1 (DNS rebinding). The browser then sends that name as Host.
    if (!isOwnHost(hostnameOf(request.headers.host)))
      throw new RangeError("the Host header must be a loopback name or the host that the emulator listens on");
    // A web page can send a form to this port, but not JSON.
    if (request.method !== "POST" || !isJson(request.headers["content-type"]))
      throw new RangeError("send a POST with Content-Type: application/json");
    const name = request.url?.slice(prefix.length) ?? "";
    requireKnown("operation", name, Object.keys(operations));
    const parameters: unknown = JSON.parse((await readText(request)) || "[]");
    if (!Array.isArray(parameters)) throw new RangeError("the body must be a JSON array of arguments");
    return [200, { value: await operations[name]?.(...(parameters as never[])) }];
  } catch (error) {
    return [400, { error: error instanceof Error ? error.message : String(error) }];
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
    wholeNumber(0, Number.MAX_SAFE_INTEGER)("the number of the gate", number);
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

/** The name in a Host header, without the port. */
function hostnameOf(host = ""): string {
  return host.replace(/:\d*$/, "");
}

async function readText(request: IncomingMessage): Promise<string> {
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) throw new RangeError("the client closed the connection");
  if (body.length >= maxBodyBytes) throw new RangeError("the body is larger than 1 MB");
  return body.toString();
}
