// The two requests of Vault's transit engine that Pulumi's secrets provider sends, on loopback: encrypt and decrypt.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Transit {
  readonly url: string;
  readonly token: string;
  /** `encrypt` or `decrypt` for each request that was executed. */
  requests(): readonly string[];
  close(): void;
}

/** Starts a Vault that knows one key, `fudo`, and one token. */
export async function startTransit(): Promise<Transit> {
  const key = randomBytes(32);
  const token = randomBytes(16).toString("hex");
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(await text(request)) as { plaintext?: string; ciphertext?: string };
      const [, action] = /^\/v1\/transit\/(encrypt|decrypt)\/fudo$/.exec(request.url ?? "") ?? [];
      const allowed = request.headers["x-vault-token"] === token && action !== undefined;
      if (!allowed) return response.writeHead(403).end(JSON.stringify({ errors: ["permission denied"] }));
      requests.push(action);
      const data =
        action === "encrypt"
          ? { ciphertext: `vault:v1:${encrypt(key, body.plaintext!)}` }
          : { plaintext: decrypt(key, body.ciphertext!.slice("vault:v1:".length)) };
      response.end(JSON.stringify({ data }));
    })();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    requests: () => requests,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

/** Of a text in base64. */
function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "base64"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

function decrypt(key: Buffer, ciphertext: string): string {
  const bytes = Buffer.from(ciphertext, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString("base64");
}
