// Keeps the credentials of a share out of the state where the program declares recipients: the state then holds the URL as an age
// file, which only they can open.
import { isDeepStrictEqual } from "node:util";
import { sealerFor } from "../run/sealer";
import { publicOriginOf } from "../share/link";
import { clean } from "../share/outputs";
import { hasRecipients } from "../share/recipients";
import type { SessionShareOutputs } from "../share/schema";
import type { RecordedShare } from "../share/window";
import type { Settings } from "../settings";

/**
 * The share as its `recipients` say: sealed to them, or with its credentials where there are none. A share that is sealed to
 * them already keeps its `sealedUrl`, because age never writes the same file twice. Without the credentials a share stays
 * sealed as it is.
 */
export async function sealAsDeclared(share: SessionShareOutputs, settings: Settings): Promise<SessionShareOutputs> {
  const { key, link, url, sealedUrl, sealedRecipients, sealedOrigin, ...rest } = share;
  if (!hasRecipients(share)) return url === undefined ? share : clean({ ...rest, key, link, url });
  if (isSealedAsDeclared(share, settings) || typeof url !== "string") {
    return clean({ ...rest, sealedUrl, sealedRecipients, sealedOrigin });
  }
  const { recipients } = share;
  const seal = await sealerFor(recipients);
  return {
    ...rest,
    sealedUrl: await seal(url),
    sealedRecipients: recipients,
    ...(URL.canParse(url) && { sealedOrigin: new URL(url).origin }),
  };
}

/** Whether the share is not yet as its `recipients` say, so that sealing or opening it needs the key. */
export function needsKey(share: RecordedShare, settings: Settings): boolean {
  return hasRecipients(share) ? !isSealedAsDeclared(share, settings) : share.sealedUrl !== undefined;
}

function isSealedAsDeclared(share: RecordedShare, settings: Settings): boolean {
  const { recipients, sealedUrl, sealedRecipients, sealedOrigin } = share;
  const isCurrent = sealedOrigin === publicOriginOf(share, settings);
  return sealedUrl !== undefined && isCurrent && isDeepStrictEqual(sealedRecipients, recipients);
}
