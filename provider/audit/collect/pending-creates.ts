// Reads the creates in an exported state that have not finished: the engine was killed during them, or still runs. The
// appliance may have created their shares, and no other part of the state knows these shares.
import { idShape, millisecondsOf, sessionIdShape } from "../../lifecycle";
import { parseDuration } from "../../time/durations";
import {
  isEncrypted,
  isNamed,
  list,
  object,
  shareEvidence,
  urnOf,
  urnParts,
  withoutSecret,
  type Json,
} from "./state-json";

/** A create that has not finished. Instants and lengths are milliseconds; absent when they are not in clear text. */
export interface PendingCreate {
  /** `organization/project/stack`, or `project/stack` when the organization is not known. */
  readonly stack: string;
  readonly urn: string;
  /** Absent when the audit cannot read it. */
  readonly sessionId?: string;
  /** Why the audit cannot look for the share: a sentence without a full stop. */
  readonly problem?: string;
  readonly validTo?: number;
  readonly duration?: number;
  readonly stateWrittenAt?: number;
}

export interface PendingCreates {
  readonly creates: readonly PendingCreate[];
  readonly problems: readonly string[];
}

// Engine: apitype.OperationType. An operation of an unknown type may be a create too.
const otherOperations = ["updating", "deleting", "reading"];

/** `nameOf` adds the organization to `project/stack`. */
export function readPendingCreates(
  operations: unknown,
  nameOf: (stack: string) => string,
  stateWrittenAt: number | undefined,
): PendingCreates {
  const entries = list(operations);
  if (entries === undefined) return { creates: [], problems: ["its pending_operations are not a list"] };
  const creates: PendingCreate[] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    const operation = object(entry);
    const resource = object(operation?.["resource"]);
    if (operation === undefined || resource === undefined || !isNamed(resource)) {
      problems.push("one of its pending operations cannot be read");
    } else if (isCreateOfShare(String(operation["type"]), resource)) {
      creates.push(readCreate(resource, nameOf, stateWrittenAt));
    }
  }
  return { creates, problems };
}

function isCreateOfShare(operation: string, resource: Json): boolean {
  const { byType, byUrn } = shareEvidence(resource);
  return !otherOperations.includes(operation) && (byType || byUrn);
}

function readCreate(
  resource: Json,
  nameOf: (stack: string) => string,
  stateWrittenAt: number | undefined,
): PendingCreate {
  const inputs = object(resource["inputs"]) ?? {};
  const urn = urnOf(resource);
  const sessionId = sessionOf(resource, inputs);
  const validTo = millisecondsOf(withoutSecret(inputs["validTo"]));
  const duration = lengthOf(withoutSecret(inputs["duration"]));
  return {
    stack: nameOf(urnParts(urn)?.stack ?? "?/?"),
    urn,
    ...(sessionId === undefined ? { problem: unreadableSession(urn, resource) } : { sessionId }),
    ...(validTo !== undefined && { validTo }),
    ...(duration !== undefined && { duration }),
    ...(stateWrittenAt !== undefined && { stateWrittenAt }),
  };
}

/** From the inputs; an import has the session in its ID. */
function sessionOf({ id }: Json, inputs: Json): string | undefined {
  const sessionId = withoutSecret(inputs["sessionId"]);
  if (typeof sessionId === "string" && sessionIdShape.test(sessionId)) return sessionId;
  return typeof id === "string" && idShape.test(id) ? id.split("/")[0] : undefined;
}

function unreadableSession(urn: string, resource: Json): string {
  const isSecret = isEncrypted(withoutSecret(object(resource["inputs"])?.["sessionId"]));
  const reason = isSecret ? "the state encrypts its session ID" : "the state has no readable session ID for it";
  return `resource ${urn}: Pulumi has not finished its creation, and ${reason}, so the audit cannot look for the share. Wait for a run that is under way. After an interrupted run, use \`FUDO_RECOVER=true pulumi up\`, then \`pulumi refresh --clear-pending-creates\`. To see the shares of its session now, add --session ID`;
}

function lengthOf(text: unknown): number | undefined {
  const duration = typeof text === "string" ? parseDuration(text) : undefined;
  return duration !== undefined && "ms" in duration ? duration.ms : undefined;
}
