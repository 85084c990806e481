// ECDSA on P-256 with keys and signatures that depend on a text alone: the same seed must give the same certificate, and the
// signatures of Node.js contain a random number. For tests only: everyone who knows the text has the key.
import { Buffer } from "node:buffer";
import { createECDH, createHash, createHmac, createPrivateKey, type KeyObject } from "node:crypto";
import { integer, sequence } from "./der";

/** The number of points on the curve. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The private key that belongs to a text. */
export function privateKeyFrom(text: string): KeyObject {
  const scalar = toScalar(createHash("sha512").update(text).digest());
  const point = multiplyBase(scalar);
  const coordinates = { x: point.subarray(1, 33), y: point.subarray(33) };
  const [d, x, y] = [toBytes(scalar), coordinates.x, coordinates.y].map((part) => part.toString("base64url"));
  return createPrivateKey({ format: "jwk", key: { kty: "EC", crv: "P-256", d: d ?? "", x: x ?? "", y: y ?? "" } });
}

/** Signs with SHA-256, as DER. The same key and message always give the same signature. */
export function signFrom(key: KeyObject, message: Buffer): Buffer {
  const secret = Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
  const nonce = toScalar(createHmac("sha512", secret).update(message).digest());
  const r = toNumber(multiplyBase(nonce).subarray(1, 33)) % order;
  const hash = toNumber(createHash("sha256").update(message).digest());
  const s = (inverse(nonce) * (hash + r * toNumber(secret))) % order;
  return sequence(integer(toBytes(r)), integer(toBytes(s)));
}

/** The uncompressed point: one byte, then both coordinates. */
function multiplyBase(scalar: bigint): Buffer {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(toBytes(scalar));
  return curve.getPublicKey();
}

/** From 1 to the order (excluded). */
function toScalar(bytes: Buffer): bigint {
  return (toNumber(bytes) % (order - 1n)) + 1n;
}

/** The inverse modulo the order, which is a prime: by Fermat it is the power of `order - 2`. */
function inverse(value: bigint): bigint {
  let result = 1n;
  for (let base = value, exponent = order - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function toNumber(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
