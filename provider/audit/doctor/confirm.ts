// Says what `doctor --test-share` will do, and asks before it does it.
import { createInterface } from "node:readline";
import { UsageError } from "../model/usage-error";
import type { ProcessIo } from "../cli/process-io";

const announcement = (session: string) => `doctor makes one share on session ${session}: view-only, for 60 seconds.
The API cannot revoke it. doctor prints and writes neither its link nor its key.
It takes about 70 seconds, because doctor also looks at the list after the end.
`;

/** Throws `UsageError` where nobody agrees. Called before the first request. */
export async function confirmTestShare(
  { session, yes }: { readonly session: string; readonly yes: boolean },
  { stdin, stdout }: Pick<ProcessIo, "stdin" | "stdout">,
): Promise<void> {
  const canAsk = stdout.isTTY === true && (stdin as { isTTY?: boolean }).isTTY === true;
  if (!yes && !canAsk) throw new UsageError("--test-share makes a share: add --yes where no terminal can ask you");
  stdout.write(announcement(session));
  if (yes) return;
  stdout.write("Make this share? [y/N] ");
  if (!/^\s*y(es)?\s*$/i.test(await firstLine(stdin))) throw new UsageError("nothing was sent: the answer was not yes");
}

/** Empty where the input ends first. */
async function firstLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
  }
}
