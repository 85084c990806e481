// The states that releases have written, as `npm run record-states` has recorded them, and the appliance that belongs to each.
// Knows nothing of what a test expects.
import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator, type ShareRecord } from "../../provider/emulator";
import type { StateResource } from "./engine";
import { root } from "./repository";

export const statesFolder = join(root, "test", "fixtures", "states");

/** One recorded state: `FACE-ENGINE.json` in the folder of its release, and the program of that folder. */
export interface RecordedState {
  /** `0.2.0 dynamic-3.259.0`. */
  readonly name: string;
  readonly face: "dynamic" | "plugin";
  readonly program: string;
  readonly passphrase: string;
  readonly config: Record<string, string>;
  readonly appliance: {
    readonly url: string;
    readonly apiKey: string;
    readonly sessions: readonly string[];
    /** Keys of shares that no list shows. */
    readonly hidden: readonly string[];
    readonly shares: readonly ShareRecord[];
  };
  readonly deployment: {
    readonly secrets_providers: { readonly state: { readonly salt: string } };
    readonly resources: readonly StateResource[];
  };
}

export function recordedStates(): RecordedState[] {
  const releases = readdirSync(statesFolder).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  return releases.flatMap((release) => {
    const folder = join(statesFolder, release);
    const program = readFileSync(join(folder, "program.cjs"), "utf8");
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return files.map((file) => ({
      ...(JSON.parse(readFileSync(join(folder, file), "utf8")) as RecordedState),
      name: `${release} ${file.replace(".json", "")}`,
      face: file.startsWith("plugin") ? ("plugin" as const) : ("dynamic" as const),
      program,
    }));
  });
}

/** The appliance as it was at the end of the recording: the same sessions and shares, with the same keys. */
export async function startRecordedAppliance({ appliance }: RecordedState): Promise<Emulator> {
  const emulator = await startEmulator({ seed: 1, sessions: 0, behaviour: { removedShares: "flagged" } });
  for (const id of appliance.sessions) emulator.addSession({ id });
  for (const { sessionId, key, validSince, validTo, readonly, createdAt, removed } of appliance.shares) {
    emulator.addShare(sessionId, { key, validSince, validTo, readonly, createdAt });
    if (removed) emulator.revoke(key);
    if (appliance.hidden.includes(key)) emulator.denyAccess(key);
  }
  return emulator;
}

/** The text with the address and the API key of `emulator`, which are others than in the recording. */
export function onAppliance({ appliance }: RecordedState, emulator: Emulator, text: string): string {
  return text.replaceAll(appliance.url, emulator.url).replaceAll(appliance.apiKey, emulator.apiKey);
}

/** The resources with their secrets in the clear, as the engine passes them to a provider. */
export function decrypted({ passphrase, deployment }: RecordedState): StateResource[] {
  const [, salt = ""] = deployment.secrets_providers.state.salt.split(":");
  // Engine: pkg/secrets/passphrase and sdk/go/common/resource/config/crypt.go.
  const key = pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), 1_000_000, 32, "sha256");
  const text = JSON.stringify(deployment.resources, (_, value: { ciphertext?: string } | null) =>
    typeof value?.ciphertext === "string" ? (JSON.parse(decrypt(key, value.ciphertext)) as unknown) : value,
  );
  return JSON.parse(text) as StateResource[];
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [, nonce = "", data = ""] = ciphertext.split(":");
  const bytes = Buffer.from(data, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}
