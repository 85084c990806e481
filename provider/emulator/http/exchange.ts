// One request from its head to its answer: recorded, held at gates, struck by faults, carried out, delivered. The order
// of these steps is all it knows.
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { failure, type Answer } from "./response";
import type { Appliance } from "../appliance/appliance";
import { deliver } from "./delivery";
import { spoiled } from "./faults/effects";
import type { Faults, Strike } from "./faults/faults";
import type { Gates } from "./gates";
import { headBytes, recordRequest, type RequestRecord } from "./request-log";
import { respond } from "./routes";

/** What the exchanges of one emulator share. */
export interface Desk {
  readonly appliance: Appliance;
  readonly faults: Faults;
  readonly gates: Gates;
  readonly signal: AbortSignal;
  requests: RequestRecord[];
  /** The line's delay there and back, in milliseconds. */
  latency: number;
}

const largestBody = 1_000_000;

/** Answers a request; resolves when nothing is left to do for it, and never rejects while the emulator is open. */
export async function exchange(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  reset: () => void,
): Promise<void> {
  const { appliance, gates, signal } = desk;
  const record = recordRequest(request);
  desk.requests.push(record);
  const strike = desk.faults.strike(record);
  if (strike) record.fault = strike.effect.kind;
  const head = headBytes(request);
  const readable = strike?.effect.kind === "reset" ? (strike.effect.requestBytes ?? Infinity) - head : Infinity;
  const bodySize = Number(request.headers["content-length"] ?? 0);
  const body = await readBody(request, bodySize <= readable ? largestBody : Math.max(0, readable));
  record.requestBytes = head + (Number.isFinite(bodySize) ? bodySize : 0);
  if (bodySize > readable) return reset();
  if (body === undefined) return;
  record.body = body;
  await halfWay(desk);
  await gates.pass(record, "before");
  const answer =
    body.length >= largestBody ? failure(413, "The request is too large.") : carryOut(desk, record, strike);
  await gates.pass(record, "after");
  await halfWay(desk);
  const { random, switches, clock } = appliance;
  const now = clock.now();
  const sent = strike ? spoiled(answer, strike.effect, { now, random }) : answer;
  if (sent.cut?.after !== 0) record.status = sent.status;
  record.answeredAt = Date.now();
  record.answerBytes = await deliver(sent, { request, response, reset, signal, layout: switches.jsonLayout, now });
}

function carryOut({ appliance }: Desk, record: RequestRecord, strike: Strike | undefined): Answer {
  // What the appliance never carries out has no answer of its own for a fault to spoil: some gateway's stands in.
  if (strike?.when === "before" && record.method !== "GET") return failure(503, "Service unavailable.");
  record.carriedOut = true;
  const { method, path, authorization, body, headers } = record;
  return respond(appliance, { method, path, authorization, body, contentType: headers["content-type"] });
}

async function halfWay({ latency, signal }: Desk): Promise<void> {
  if (latency > 0) await pause(latency / 2, undefined, { signal });
}

/** The body, or as much of it as is enough; undefined when the client went away before. */
function readBody(request: IncomingMessage, enough: number): Promise<string | undefined> {
  if (request.method === "GET" || enough === 0) return Promise.resolve("");
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= enough) resolve(Buffer.concat(chunks).toString());
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("close", () => resolve(undefined));
    request.on("error", () => resolve(undefined));
  });
}
