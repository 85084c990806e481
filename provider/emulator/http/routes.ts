// The documented paths and the page behind a link: executes a request on the appliance and builds the response.
import { ApiError } from "../appliance/api-error";
import type { Appliance } from "../appliance/appliance";
import {
  type Attributes,
  type AttributeSet,
  objectAttributesOf,
  selectAttributes,
  sessionAttributesOf,
  shareAttributesOf,
  shareSpecification,
} from "../appliance/attributes";
import { createShare } from "../appliance/create-share";
import { type ObjectKind, objectKinds } from "../appliance/named-objects";
import { findSessionForCreate, visibleObjects, visibleSessions, visibleShares } from "../appliance/visibility";
import { isJson } from "./request-body";
import { parseQuery, type Query, rejectUnknownFields } from "./query";
import { type ApiResponse, failure, htmlPage, success } from "./response";

/** A request as the appliance sees it. */
export interface ApiRequest {
  readonly method: string;
  /** The path with the query. */
  readonly path: string;
  readonly authorization?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: string;
}

/** `variable` is the part of the path that varies: the ID of a session, or the kind of an object. */
type Handler = (
  appliance: Appliance,
  request: ApiRequest,
  query: Query,
  variable: string,
  userId: string,
) => ApiResponse;

const routes: readonly { path: RegExp; methods: Readonly<Record<string, Handler>> }[] = [
  {
    path: /^\/api\/v2\/objspec\/session_share$/,
    methods: { GET: (appliance) => success("session_share", shareSpecification(appliance)) },
  },
  { path: /^\/api\/v2\/session\/([^/]+)\/share$/, methods: { GET: listShares, POST: postShare } },
  { path: /^\/api\/v2\/session$/, methods: { GET: listSessions } },
  { path: new RegExp(`^/api/v2/(${objectKinds.join("|")})$`), methods: { GET: listObjects } },
];

/** Executes a request. An ApiError becomes the response that the behaviour flags select. */
export function respond(appliance: Appliance, request: ApiRequest): ApiResponse {
  try {
    return route(appliance, request);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404 && appliance.behaviour.notFoundBody === "html") return htmlPage(404, "404 Not Found");
    if (error.status === 404 && appliance.behaviour.notFoundBody === "empty") return { status: 404 };
    return failure(error.status, error.message);
  }
}

function route(appliance: Appliance, request: ApiRequest): ApiResponse {
  const { behaviour } = appliance;
  // Not with URL, which removes `..` from a path: the appliance must see the path exactly as the client sent it.
  const [path = "", search = ""] = request.path.split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  if (path === "/api/v2/healthcheck" && request.method === "GET" && behaviour.healthcheck !== "disabled") {
    return { status: 200, value: { result: "success", status: behaviour.healthcheck } };
  }
  if (!path.startsWith("/api/")) return openLink(appliance, request.method, path, parameters.get("key") ?? "");
  const userId = authenticate(appliance, request.authorization);
  const found = routes.find((candidate) => candidate.path.test(path));
  if (found === undefined) throw new ApiError(404, "Not found.");
  const handler = Object.hasOwn(found.methods, request.method) ? found.methods[request.method] : undefined;
  if (handler === undefined)
    throw behaviour.otherMethods === "405" ? new ApiError(405, "Method not allowed.") : new ApiError(404, "Not found.");
  const query = parseQuery(parameters, behaviour.badQuery === "refused");
  return handler(appliance, request, query, decodeSegment(found.path.exec(path)?.[1] ?? ""), userId);
}

function authenticate({ apiKeys, blockedUsers }: Appliance, authorization: string | undefined): string {
  // Appliance: the header is the API key itself, without a scheme. With a scheme it is a different, unknown key.
  const userId = apiKeys.get(authorization ?? "");
  if (userId === undefined || blockedUsers.has(userId)) throw new ApiError(401, "Unauthorized.");
  return userId;
}

function listShares(appliance: Appliance, _request: ApiRequest, query: Query, sessionId: string): ApiResponse {
  const shares = visibleShares(appliance, sessionId);
  const session = appliance.sessions.get(sessionId);
  const all = session === undefined ? [] : shares.map((share) => shareAttributesOf(appliance, session, share));
  const entries = selectEntries(appliance, query, all);
  const isNull = entries.length === 0 && appliance.behaviour.emptyList === "null";
  return success("session_share", isNull ? null : entries);
}

function postShare(
  appliance: Appliance,
  request: ApiRequest,
  query: Query,
  sessionId: string,
  userId: string,
): ApiResponse {
  if (!isJson(request.contentType) && appliance.behaviour.contentType === "required")
    throw new ApiError(400, "Content-Type: not application/json.");
  const session = findSessionForCreate(appliance, sessionId);
  const share = createShare(appliance, session, request.body, userId);
  // Appliance: without `fields`, a POST returns the ID fields only. Of these, only the key is not protected.
  const fields = query.fields ?? ["key"];
  const attributes = selectAttributes(appliance, shareAttributesOf(appliance, session, share), fields);
  return success("session_share", attributes, Number(appliance.behaviour.postStatus));
}

function listSessions(appliance: Appliance, _request: ApiRequest, query: Query): ApiResponse {
  const all = visibleSessions(appliance).map((session) => sessionAttributesOf(appliance, session));
  return success("session", selectPage(appliance, query, all));
}

function listObjects(appliance: Appliance, _request: ApiRequest, query: Query, kind: string): ApiResponse {
  const all = visibleObjects(appliance, kind as ObjectKind).map(objectAttributesOf);
  return success(kind, selectPage(appliance, query, all));
}

function selectPage(appliance: Appliance, query: Query, entries: readonly AttributeSet[]): Attributes[] {
  const { sessionPaging, sessionLimit } = appliance.behaviour;
  const page = sessionPaging === "honoured" ? query : { ...query, offset: 0, limit: Infinity };
  const maxPage = sessionLimit > 0 ? sessionLimit : Infinity;
  return selectEntries(appliance, { ...page, limit: Math.min(page.limit, maxPage) }, entries);
}

function selectEntries(appliance: Appliance, query: Query, entries: readonly AttributeSet[]): Attributes[] {
  const [first] = entries;
  if (first !== undefined && appliance.behaviour.badQuery === "refused") rejectUnknownFields(query, first.values);
  const matching = entries.filter(({ values }) => query.accepts(values));
  return matching
    .slice(query.offset, query.offset + query.limit)
    .map((entry) => selectAttributes(appliance, entry, query.fields));
}

// Appliance: only the path of a link is documented. This page simulates what a vendor sees, so that tests can
// check which links work. The key in the link is the only credential.
function openLink(appliance: Appliance, method: string, path: string, key: string): ApiResponse {
  const [, sessionId] = /^\/sessions\/(\d+)\/$/.exec(path) ?? [];
  if (sessionId === undefined || method !== "GET") return htmlPage(404, "Not found");
  const share = appliance.findShare(key);
  const session = share && appliance.sessions.get(share.sessionId);
  if (
    share === undefined ||
    share.sessionId !== sessionId ||
    session === undefined ||
    session.removed ||
    share.revocation !== undefined
  ) {
    return htmlPage(404, "This session is not shared");
  }
  const now = appliance.clock.now();
  if (now < share.validSince.ms) return htmlPage(403, "This share is not valid yet");
  if (now >= share.validTo.ms) return htmlPage(403, "This share has expired");
  return htmlPage(200, `Session ${sessionId}, shared ${share.readonly ? "read-only" : "with control"}`);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(404, "Not found.");
  }
}
