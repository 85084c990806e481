// Posts a notification once, without following redirects and without a proxy.
import { isFudoError, openTransport, packageVersion, printable } from "../../client";
import type { Webhook } from "./webhook";

/** Returns undefined when the webhook accepted the notification, else why it did not. `timeout` is in milliseconds. */
export async function post({ origin, path }: Webhook, body: string, timeout: number): Promise<string | undefined> {
  // Another host than the appliance: no API key, and none of the appliance's TLS settings.
  const transport = openTransport({ origin, tls: {}, timeout });
  const headers = { "content-type": "application/json", "user-agent": `pulumi-fudo/${packageVersion()}` };
  try {
    const { status } = await transport.send({ method: "POST", path, headers, body });
    if (status >= 200 && status < 300) return undefined;
    const advice = status < 400 ? " (fudo-audit does not follow redirects)" : "";
    return `it responded with status ${status}${advice}`;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await transport.close();
  }
}

/** The client's own message is about the appliance and its settings, and contains the path. */
function reasonOf(error: unknown): string {
  if (!isFudoError(error)) throw error;
  const { message = "no response", code } = (error.cause ?? {}) as { message?: string; code?: string };
  // Not for an expired certificate or one of another host: no CA certificate helps there.
  const isUntrusted = /UNABLE_TO|SELF_SIGNED|UNTRUSTED/.test(code ?? "");
  const advice = isUntrusted ? "; NODE_EXTRA_CA_CERTS can name a file of CA certificates to trust" : "";
  return `${printable(message)} (${printable(code ?? "no code", 60)})${advice}`;
}
