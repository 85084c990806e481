// preview: the outputs of a share that a preview would create. Sends no request and generates no instant.
import { computedOutputs } from "../share/id";
import type { RawInputs } from "../share/inputs";
import { unknown } from "../share/unknown";

/** What the program declared, and the mark for everything that only the appliance and the moment of creation decide. */
export function previewShare(inputs: RawInputs): Record<string, unknown> {
  return { ...Object.fromEntries(computedOutputs.map((name) => [name, unknown])), ...inputs };
}
