// The marks of the engine's protocol for unknown and secret values. Constants here, because the SDK module that exports them
// takes 200 ms to load.

/** Engine: `rpc.unknownValue`. */
export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Engine: `rpc.specialSigKey`. An object with this entry is a value of a special kind. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** Engine: `rpc.specialSecretSig`, the signature of a secret value. */
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A value as the engine receives a secret. */
export function secretValue(value: unknown): Record<string, unknown> {
  return { [signatureKey]: secretSignature, value };
}
