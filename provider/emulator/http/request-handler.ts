// Handles one request in this order: write the log, choose a fault, read the body, wait at gates, execute, wait at
// gates, apply the fault, send the response.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Appliance } from "../appliance/appliance";
import { pause, realNow } from "../real-time";
import { deliver } from "./delivery";
import { applyFault } from "./faults/effects";
import type { ActiveFault, Faults } from "./faults/faults";
import type { Gates } from "./gates";
import { maxBodyBytes, readBody } from "./request-body";
import { headBytes, type RequestLog, type RequestRecord } from "./request-log";
import { type ApiResponse, failure } from "./response";
import { respond } from "./routes";

/** What all requests of one emulator share. */
export interface RequestContext {
  readonly appliance: Appliance;
  readonly faults: Faults;
  readonly gates: Gates;
  /** Aborts when the emulator closes. */
  readonly signal: AbortSignal;
  log: RequestLog;
  /** The delay of the network in both directions together, in milliseconds. */
  latency: number;
}

/** Handles a request. Resolves when nothing is left to do for it; rejects only after the emulator was closed. */
export async function handleRequest(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
  reset: () => void,
): Promise<void> {
  const { appliance, faults, gates, signal } = context;
  const record = context.log.add(request);
  const fault = faults.next(record);
  if (fault) record.fault = fault.effect.kind;
  const headSize = headBytes(request);
  const bodySize = Number(request.headers["content-length"] ?? 0);
  const maxReadable = fault?.effect.kind === "reset" ? (fault.effect.requestBytes ?? Infinity) - headSize : Infinity;
  const body = await readText(request, bodySize <= maxReadable ? maxBodyBytes : Math.max(0, maxReadable));
  record.requestBytes = headSize + (Number.isFinite(bodySize) ? bodySize : 0);
  if (bodySize > maxReadable) return reset();
  if (body === undefined) return;
  context.log.setBody(record, body);
  await waitHalfLatency(context);
  await gates.pass(record, "before");
  const correct =
    body.length >= maxBodyBytes ? failure(413, "The request is too large.") : execute(appliance, record, fault);
  await gates.pass(record, "after");
  await waitHalfLatency(context);
  const { random, behaviour, clock } = appliance;
  const now = clock.now();
  const sent = fault ? applyFault(correct, fault.effect, { now, random }) : correct;
  if (sent.cut?.after !== 0) record.status = sent.status;
  record.respondedAt = realNow();
  record.responseBytes = await deliver(sent, { request, response, reset, signal, layout: behaviour.jsonLayout, now });
}

function execute(appliance: Appliance, record: RequestRecord, fault: ActiveFault | undefined): ApiResponse {
  // The appliance has no response to a request that it never executes. The fault is applied to a gateway's 503 instead.
  if (fault?.when === "before" && record.method !== "GET") return failure(503, "Service unavailable.");
  record.executed = true;
  const { method, path, authorization, body, headers } = record;
  return respond(appliance, { method, path, authorization, body, contentType: headers["content-type"] });
}

async function waitHalfLatency({ latency, signal }: RequestContext): Promise<void> {
  if (latency > 0) await pause(latency / 2, signal);
}

async function readText(request: IncomingMessage, limit: number): Promise<string | undefined> {
  if (request.method === "GET" || limit === 0) return "";
  return (await readBody(request, limit))?.toString();
}

/** An error of the emulator itself, or of a test's own clock or predicate, fails one request and not the process. */
export function respondToBug(error: unknown, response: ServerResponse): void {
  const message = `The emulator failed: ${error instanceof Error ? error.message : String(error)}`;
  if (response.headersSent || response.destroyed) return void response.destroy();
  const headers = { "Content-Type": "application/json", Connection: "close" };
  response.writeHead(500, headers).end(JSON.stringify({ result: "failure", message }));
}
