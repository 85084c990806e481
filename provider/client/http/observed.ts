// Sends a request and reports the whole exchange to an observer. Only `fudo-audit doctor` has one.
import type { Clock } from "../../time/clock";
import type { Exchange } from "../api";
import { decodeBody } from "./body";
import type { RawResponse, Transport, TransportRequest } from "./transport";

/** The response of `transport.send`. The observer gets the exchange before anybody reads the response. */
export async function observed(
  transport: Transport,
  request: TransportRequest,
  { observe, clock }: { readonly observe: (exchange: Exchange) => void; readonly clock: Clock },
): Promise<RawResponse> {
  const { method, path } = request;
  const sentAt = clock.now();
  const report = (response?: Exchange["response"]) =>
    observe({ method, path, sentAt, endedAt: clock.now(), ...(response !== undefined && { response }) });
  const raw = await transport.send(request).catch((error: unknown) => {
    report();
    throw error;
  });
  report({ status: raw.status, headers: raw.headers, text: decodeBody(raw).text });
  return raw;
}
