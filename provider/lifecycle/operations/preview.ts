// preview: the outputs of a share that a preview would create or update. Sends no request and generates no instant.
import { formatMilliseconds } from "../../time/instants";
import { computedOutputs, sealedOutputs, secretOutputs } from "../share/id";
import type { RawInputs } from "../share/inputs";
import { withInputs } from "../share/outputs";
import { hasRecipients } from "../share/recipients";
import { holdsUnknown, unknown } from "../share/unknown";
import { millisecondsOf, type RecordedShare } from "../share/window";
import type { Settings } from "../settings";
import { needsKey } from "./seal";

/** What the program declared, and the mark for everything that only the appliance and the moment of creation decide. */
export function previewShare({ declarationTag: _, ...inputs }: RawInputs): Record<string, unknown> {
  const absent = absentOutputs(inputs);
  const computed = unknownOutputs(computedOutputs.filter((name) => !absent.includes(name)));
  const outputs: Record<string, unknown> = { ...computed, ...inputs };
  return { ...outputs, validSince: inUtc(outputs["validSince"]), validTo: inUtc(outputs["validTo"]) };
}

/** As the create records it: an input can be in a time zone. */
function inUtc(instant: unknown): unknown {
  const ms = millisecondsOf(instant);
  return ms === undefined ? instant : formatMilliseconds(ms);
}

/** What an update would return. Only the update itself knows what it seals, and what a list shows. */
export function previewUpdate(olds: RecordedShare, news: RawInputs, settings: Settings): Record<string, unknown> {
  const outputs = withInputs(olds, news, settings);
  const isKnown = !holdsUnknown(news["recipients"]);
  const isOpen = !hasRecipients(outputs) && outputs.sealedUrl === undefined;
  if (isKnown && (isOpen || (outputs.key === undefined && !needsKey(outputs, settings)))) return outputs;
  const absent = absentOutputs(news);
  const result: Record<string, unknown> = { ...outputs };
  for (const name of [...secretOutputs, ...sealedOutputs]) {
    if (absent.includes(name)) delete result[name];
    else result[name] = unknown;
  }
  return result;
}

/** The outputs that a share with these recipients does not have. */
function absentOutputs(inputs: RawInputs): readonly string[] {
  if (holdsUnknown(inputs["recipients"])) return [];
  return hasRecipients(inputs) ? secretOutputs : sealedOutputs;
}

function unknownOutputs(names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, unknown]));
}
