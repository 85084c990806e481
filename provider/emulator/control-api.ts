// The control door: what `Emulator` can do, for another process, as `POST /emulator/<name>` with a JSON array of
// arguments. Opened only on request and only to loopback: whoever gets in reads every key.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Emulator } from "./emulator";
import type { Gate } from "./http/gates";
import { checkedSwitches } from "./appliance/behaviour-flags";

/** A door that may be open. */
export interface Control {
  /** Whether the request is for the door. */
  means(request: IncomingMessage): boolean;
  /** Carries it out and answers 200 with `{"value": …}`, or 400 with `{"error": "…"}`. Never rejects. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

type Operation = (...parameters: never[]) => unknown;

const prefix = "/emulator/";
const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** The door of an emulator. */
export function control(emulator: Emulator): Control {
  const operations = operationsOf(emulator);
  return {
    means: ({ url = "", socket }) => url.startsWith(prefix) && loopback.test(socket.remoteAddress ?? ""),
    async answer(request, response) {
      const [status, content] = await attempt(operations, request);
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(content));
    },
  };
}

async function attempt(operations: Record<string, Operation>, request: IncomingMessage): Promise<[number, object]> {
  try {
    // A page in a browser may send a form here unasked, but not JSON.
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json")
      throw new RangeError("POST with Content-Type: application/json");
    const name = request.url?.slice(prefix.length) ?? "";
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined)
      throw new RangeError(`there is no "${name}"; there are ${Object.keys(operations).join(", ")}`);
    const parameters: unknown = JSON.parse((await text(request)) || "[]");
    if (!Array.isArray(parameters)) throw new RangeError("the body is a JSON array of arguments");
    return [200, { value: await operation(...(parameters as never[])) }];
  } catch (error) {
    return [400, { error: (error as Error).message }];
  }
}

/** The operations by name; those of `Emulator` that only pass values, and a few that stand in for its properties. */
function operationsOf(emulator: Emulator): Record<string, Operation> {
  const gates: Gate[] = [];
  const gate = (number: number): Gate => {
    const found = gates[number];
    if (found === undefined) throw new RangeError("there is no such gate");
    return found;
  };
  const names = [
    ...([
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
    ] as const),
    ...(["loseRights", "regainRights", "fault", "randomFaults", "clearFaults", "resetRequests"] as const),
  ];
  const methods: Readonly<Record<(typeof names)[number], Operation>> = emulator;
  const passed = names.map((name) => [name, (...parameters: never[]) => methods[name](...parameters)] as const);
  return {
    ...Object.fromEntries(passed),
    about: () => ({
      url: emulator.url,
      apiKey: emulator.apiKey,
      sessions: emulator.sessions,
      zone: emulator.zone,
      switches: emulator.switches,
    }),
    requests: () => emulator.requests,
    switches: (given: Record<string, unknown>) => Object.assign(emulator.switches, checkedSwitches(given)),
    zone: (name: string) => (emulator.zone = name),
    skew: (milliseconds: number) => (emulator.clock.skew = milliseconds),
    latency: (milliseconds: number) => (emulator.latency = milliseconds),
    hold: (...target: Parameters<Emulator["hold"]>) => gates.push(emulator.hold(...target)) - 1,
    arrived: async (number: number, count?: number) => {
      await gate(number).arrived(count);
      return gate(number).waiting;
    },
    release: (number: number, count?: number) => gate(number).release(count),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  let all = "";
  for await (const chunk of request.setEncoding("utf8")) all += String(chunk);
  return all;
}
