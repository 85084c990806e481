// Reads where to post new findings. The address is a credential in most chat systems: anyone who has it can post there.
import { registerSecret } from "../../client";
import { isLoopback } from "../../lifecycle";
import { UsageError } from "../model/usage-error";

export interface Webhook {
  /** The part of the address that messages may show. */
  readonly origin: string;
  /** Path and query: the credential. */
  readonly path: string;
}

const variable = "FUDO_WEBHOOK_URL";

/** The webhook of `--webhook`, else of the environment. Throws `UsageError`, without the address. */
export function readWebhook(option: string | undefined, environment: NodeJS.ProcessEnv): Webhook | undefined {
  const text = option ?? environment[variable]?.trim() ?? "";
  if (option === undefined && text === "") return undefined;
  const name = option === undefined ? variable : "--webhook";
  registerSecret(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new UsageError(`${name} must be an address without user info, for example https://chat.example.com/hooks/…`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new UsageError(`${name} must start with https:// (plain http only for a loopback address)`);
  }
  const path = `${url.pathname}${url.search}`;
  for (const form of [url.href, path]) registerSecret(form);
  return { origin: url.origin, path };
}
