// The fingerprint of a share key.
import { fingerprintOf } from "../../../provider/client/fingerprint";

test("a fingerprint is the first 16 hex digits of SHA-256 of the key", () => {
  expect(fingerprintOf("abc")).toBe("ba7816bf8f01cfea");
});
