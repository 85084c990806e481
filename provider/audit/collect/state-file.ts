// Reads a state from a file or from standard input. Files that people name by mistake are recognized: a checkpoint of a
// backend is not an export, but the audit can say which command exports it.
import { decodeText, printable } from "../../client";
import { readState, type StackState } from "./stack-state";
import { object, parseJson, type Json } from "./state-json";
import { maximumStateSize, readTextFile, type FileText } from "./text-file";

export type StateText = { readonly state: StackState } | { readonly problem: string };

/** Reads an exported state from a file. Does not throw. */
export function readStateFile(file: string): StateText {
  const read = readTextFile(file, maximumStateSize);
  if ("problem" in read) return { problem: `cannot read the file (${read.problem})` };
  return toState(read.text, file);
}

/** Reads an exported state from a stream. Does not throw. */
export async function readStateStream(stream: NodeJS.ReadableStream): Promise<StateText> {
  const read = await readAll(stream);
  return "problem" in read ? read : toState(read.text, "");
}

async function readAll(stream: NodeJS.ReadableStream): Promise<FileText> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      size += bytes.length;
      if (size > maximumStateSize) return { problem: `it is larger than ${maximumStateSize / 1024 / 1024} MiB` };
      chunks.push(bytes);
    }
  } catch (error) {
    return { problem: `cannot read it (${(error as NodeJS.ErrnoException).code ?? "unreadable"})` };
  }
  return { text: decodeText(Buffer.concat(chunks)) };
}

function toState(text: string, file: string): StateText {
  const json = parseJson(text);
  const state = readState(json);
  return state === undefined ? { problem: problemOf(text, object(json), file) } : { state };
}

const notAnExport = "not the JSON output of `pulumi stack export`";

function problemOf(text: string, json: Json | undefined, file: string): string {
  if (text === "") return `it is empty, ${notAnExport}`;
  const isGzip = text.startsWith("\u001f\uFFFD");
  if (json?.["checkpoint"] === undefined && !isGzip) return notAnExport;
  const what = isGzip ? "a compressed file, probably a checkpoint" : "a checkpoint";
  const stack = stackOf(object(json?.["checkpoint"])?.["stack"], file);
  return `${what} of a Pulumi backend, ${notAnExport}. Run \`pulumi stack export --stack ${stack} > state.json\` and use that file`;
}

/** The name in the checkpoint, or from its path `…/.pulumi/stacks/<project>/<stack>.json.gz`. */
function stackOf(name: unknown, file: string): string {
  const shape = /^[\w.][\w./-]{0,300}$/;
  if (typeof name === "string" && shape.test(name)) return name;
  const [, project, stack = ""] =
    /[\\/]stacks[\\/](?:([^\\/]+)[\\/])?([^\\/]+?)\.json(?:\.gz|\.bak)*$/.exec(file) ?? [];
  const path = project === undefined ? stack : `organization/${project}/${stack}`;
  return shape.test(path) ? printable(path, 200) : "NAME";
}
