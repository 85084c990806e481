// preview: the outputs of a share that a preview would create. Sends no request and generates no instant.
import { formatMilliseconds } from "../../time/instants";
import { computedOutputs } from "../share/id";
import type { RawInputs } from "../share/inputs";
import { unknown } from "../share/unknown";
import { millisecondsOf } from "../share/window";

/** What the program declared, and the mark for everything that only the appliance and the moment of creation decide. */
export function previewShare(inputs: RawInputs): Record<string, unknown> {
  const outputs = { ...Object.fromEntries(computedOutputs.map((name) => [name, unknown])), ...inputs };
  return { ...outputs, validSince: inUtc(outputs["validSince"]), validTo: inUtc(outputs["validTo"]) };
}

/** As the create records it: an input can be in a time zone. */
function inUtc(instant: unknown): unknown {
  const ms = millisecondsOf(instant);
  return ms === undefined ? instant : formatMilliseconds(ms);
}
