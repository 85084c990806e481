// The documented paths, and what each answers. Turns requests into answers; knows no socket, and no fault.
import { type Answer, failure, page, Refusal, success } from "./response";
import type { Appliance } from "../appliance/appliance";
import {
  attributesOf,
  given,
  sessionAttributesOf,
  shareSpecification,
  type Attributes,
  type Described,
} from "../appliance/attributes";
import { grant } from "../appliance/create-share";
import { type Query, readQuery, refuseUnknownFields } from "./query";
import { sessionToShare, visibleSessions, visibleShares } from "../appliance/visibility";

/** A request as the appliance looks at it. */
export interface ApiRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly authorization?: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: string;
}

type Handler = (appliance: Appliance, request: ApiRequest, query: Query, sessionId: string, userId: string) => Answer;

const routes: readonly { path: RegExp; methods: Readonly<Record<string, Handler>> }[] = [
  {
    path: /^\/api\/v2\/objspec\/session_share$/,
    methods: { GET: (appliance) => success("session_share", shareSpecification(appliance)) },
  },
  { path: /^\/api\/v2\/session\/([^/]+)\/share$/, methods: { GET: listShares, POST: createShare } },
  { path: /^\/api\/v2\/session$/, methods: { GET: listSessions } },
];

/** Judges a request and carries it out. Never throws. */
export function respond(appliance: Appliance, request: ApiRequest): Answer {
  try {
    return route(appliance, request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 404 && appliance.switches.notFoundBody === "html") return page(404, "404 Not Found");
    if (error.status === 404 && appliance.switches.notFoundBody === "empty") return { status: 404 };
    return failure(error.status, error.message);
  }
}

function route(appliance: Appliance, request: ApiRequest): Answer {
  const { switches } = appliance;
  // Not by URL, which would tidy `..` away: an appliance that is asked for it should see it.
  const [path = "", search = ""] = request.path.split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  if (path === "/api/v2/healthcheck" && request.method === "GET" && switches.healthcheck !== "disabled") {
    return { status: 200, value: { result: "success", status: switches.healthcheck } };
  }
  if (!path.startsWith("/api/")) return answerPage(appliance, request.method, path, parameters.get("key") ?? "");
  const userId = authenticated(appliance, request.authorization);
  const found = routes.find((candidate) => candidate.path.test(path));
  if (found === undefined) throw new Refusal(404, "Not found.");
  const handler = Object.hasOwn(found.methods, request.method) ? found.methods[request.method] : undefined;
  if (handler === undefined)
    throw switches.otherMethods === "405" ? new Refusal(405, "Method not allowed.") : new Refusal(404, "Not found.");
  const query = readQuery(parameters, switches.badQuery === "refused");
  return handler(appliance, request, query, decoded(found.path.exec(path)?.[1] ?? ""), userId);
}

function authenticated({ apiKeys, blockedUsers }: Appliance, authorization: string | undefined): string {
  // Appliance: the header is the key itself, without a scheme; anything before it makes it another key.
  const userId = apiKeys.get(authorization ?? "");
  if (userId === undefined || blockedUsers.has(userId)) throw new Refusal(401, "Unauthorized.");
  return userId;
}

function listShares(appliance: Appliance, _request: ApiRequest, query: Query, sessionId: string): Answer {
  const shares = visibleShares(appliance, sessionId);
  const session = appliance.sessions.get(sessionId);
  if (session === undefined) return success("session_share", []);
  return success(
    "session_share",
    shown(
      appliance,
      query,
      shares.map((share) => attributesOf(appliance, session, share)),
    ),
  );
}

function createShare(
  appliance: Appliance,
  request: ApiRequest,
  query: Query,
  sessionId: string,
  userId: string,
): Answer {
  const json = /^application\/json\s*(;|$)/i.test(request.contentType ?? "");
  if (!json && appliance.switches.contentType === "required")
    throw new Refusal(400, "Content-Type: not application/json.");
  const session = sessionToShare(appliance, sessionId);
  const share = grant(appliance, session, request.body, userId);
  // Appliance: without fields a POST shows ID fields only, and of a share's only the key is not protected.
  const fields = query.fields ?? ["key"];
  return success(
    "session_share",
    given(appliance, attributesOf(appliance, session, share), fields),
    Number(appliance.switches.postStatus),
  );
}

function listSessions(appliance: Appliance, _request: ApiRequest, query: Query): Answer {
  const { switches } = appliance;
  const all = visibleSessions(appliance).map((session) => sessionAttributesOf(appliance, session));
  const honoured = switches.sessionPaging === "honoured" ? query : { ...query, offset: 0, limit: Infinity };
  const cap = switches.sessionLimit > 0 ? switches.sessionLimit : Infinity;
  return success("session", shown(appliance, { ...honoured, limit: Math.min(honoured.limit, cap) }, all));
}

function shown(appliance: Appliance, query: Query, entries: readonly Described[]): Attributes[] {
  const [first] = entries;
  if (first !== undefined && appliance.switches.badQuery === "refused") refuseUnknownFields(query, first.values);
  const matching = entries.filter(({ values }) => query.accepts(values));
  return matching.slice(query.offset, query.offset + query.limit).map((entry) => given(appliance, entry, query.fields));
}

// Appliance: only the path of a link is documented. This page stands in for what a vendor sees, so that tests can tell which
// links open something; the key in the link is the only credential.
function answerPage(appliance: Appliance, method: string, path: string, key: string): Answer {
  const [, sessionId] = /^\/sessions\/(\d+)\/$/.exec(path) ?? [];
  if (sessionId === undefined || method !== "GET") return page(404, "Not found");
  const share = appliance.shareOf(key);
  const session = share && appliance.sessions.get(share.sessionId);
  if (
    share === undefined ||
    share.sessionId !== sessionId ||
    session === undefined ||
    session.removed ||
    share.revoked !== undefined
  ) {
    return page(404, "No such session is shared");
  }
  const now = appliance.clock.now();
  if (now < share.validSince.ms) return page(403, "Not shared yet");
  if (now >= share.validTo.ms) return page(403, "No longer shared");
  return page(200, `Session ${sessionId}, shared ${share.readonly ? "to look at" : "to take part in"}`);
}

function decoded(element: string): string {
  try {
    return decodeURIComponent(element);
  } catch {
    throw new Refusal(404, "Not found.");
  }
}
