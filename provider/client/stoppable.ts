// A client whose waits before a retry all end with one signal, for callers that do not pass a signal with each request.
import type { Client } from "./api";

export function stoppable(client: Client, signal: AbortSignal): Client {
  const options = { signal };
  return {
    ...client,
    listShares: (sessionId) => client.listShares(sessionId, options),
    getShareSpec: () => client.getShareSpec(options),
    listSessions: (page) => client.listSessions(page, options),
    listNames: (kind, page) => client.listNames(kind, page, options),
  };
}
