// update: records the changed state-only inputs. The API has no update operation, so this sends no request.
import type { RawInputs } from "../share/inputs";
import { withInputs } from "../share/outputs";
import type { SessionShareOutputs } from "../share/schema";
import type { RecordedShare } from "../share/window";
import type { Settings } from "../settings";

/** `olds` are recorded outputs, `news` checked inputs. Engine: an update without this would erase all outputs. */
export function updateShare(olds: RecordedShare, news: RawInputs, settings: Settings): SessionShareOutputs {
  return withInputs(olds, news, settings);
}
