// Observations of single responses: status and body of the POST, errors, objspec, and the list of sessions. Each returns
// undefined where doctor has not seen what it is about.
import type { Exchange } from "../../../client";
import type { ApplianceRecord } from "../record";
import { bodyForm, getsOf, impossibleSession, isObject, listsOf, postOf, sharePath, successBody } from "./exchanges";
import { documented, handled, toReport, type Observation } from "./observation";
import { attributeNames } from "./shapes";

export function postStatus(record: ApplianceRecord): Observation | undefined {
  const status = postOf(record)?.response?.status;
  if (record.share === undefined || status === undefined || status < 200 || status >= 300) return undefined;
  if (status === 200) return documented("200", { postStatus: "200" });
  const text = `${status}: the provider accepts every status from 200 to 299`;
  return handled(text, status === 201 ? { postStatus: "201" } : {});
}

export function postReply(record: ApplianceRecord): Observation | undefined {
  const post = postOf(record);
  const share = post && successBody(post)?.["session_share"];
  if (!isObject(share)) return undefined;
  const others = attributeNames([share]).filter((name) => name !== "key");
  if (typeof share["key"] !== "string") return toReport("the response has no key that is text");
  if (others.length === 0 && Object.keys(share).length === 1) return documented("the key alone");
  return handled("more than the key: the provider reads the key alone, and a list gives the rest");
}

export function unknownSession(record: ApplianceRecord): Observation | undefined {
  const [list] = listsOf(record, impossibleSession);
  if (list !== undefined) {
    if (list.entries.length > 0) return toReport("the list of a session that does not exist shows shares");
    const how = "the provider finds a wrong session ID only when it creates a share";
    return handled(`an empty list: ${how}`, { unknownSession: "empty" });
  }
  const status = getsOf(record, sharePath(impossibleSession)).at(-1)?.response?.status;
  if (status === undefined) return undefined;
  if (status === 404) return documented("404", { unknownSession: "404" });
  return status === 403
    ? handled("403: the provider says that the right is missing, and never takes the share for removed")
    : toReport(`status ${status}, neither 404 nor an empty list`);
}

export function notFoundBody(record: ApplianceRecord): Observation | undefined {
  const response = record.exchanges.find((exchange) => exchange.response?.status === 404)?.response;
  if (response === undefined) return undefined;
  const form = bodyForm(response.text);
  if (form === "failure") return documented("JSON with `result: failure`", { notFoundBody: "failure" });
  const how = "the provider takes it for a proxy's 404, which proves nothing about a share";
  if (form === "html") return handled(`an HTML page: ${how}`, { notFoundBody: "html" });
  if (form === "empty") return handled(`no body: ${how}`, { notFoundBody: "empty" });
  return handled(`${form === "json" ? "JSON without `result: failure`" : "plain text"}: ${how}`);
}

export function wrongKey({ wrongKey }: ApplianceRecord): Observation | undefined {
  if (wrongKey?.response === undefined) return undefined;
  const { status, text } = wrongKey.response;
  const isFailure = bodyForm(text) === "failure";
  if (status === 401 && isFailure) return documented("401 and JSON with `result: failure`");
  if (status === 401) return handled("401 without `result: failure`: the status counts, whatever the body is");
  if (status === 403) return handled("403: the provider says that the appliance rejects the key or the user's rights");
  return toReport(`status ${status} for an API key that does not exist`);
}

const specFlags = ["immutable", "hidden", "expensive", "protected"];

export function objspec(record: ApplianceRecord): Observation | undefined {
  const [exchange] = getsOf(record, "/api/v2/objspec/session_share");
  const spec = exchange && successBody(exchange)?.["session_share"];
  if (!isObject(spec)) return undefined;
  const properties = Object.values(spec).flatMap((attribute) => (isObject(attribute) ? Object.keys(attribute) : []));
  return specFlags.some((name) => properties.includes(name))
    ? documented("it names immutable, hidden, expensive or protected attributes", { objspecFlags: "guessed" })
    : handled("types alone: the provider needs no more", { objspecFlags: "omitted" });
}

/** The paths of the requests that `paging` and `badQuery` judge. */
export const sessionQueries = {
  first: { offset: 0, limit: 1 },
  second: { offset: 1, limit: 1 },
  bad: { offset: -1, limit: 1 },
};

function sessionsPage(record: ApplianceRecord, { offset, limit }: { offset: number; limit: number }) {
  return getsOf(record, `/api/v2/session?offset=${offset}&limit=${limit}`).at(-1);
}

export function paging(record: ApplianceRecord): Observation | undefined {
  const [first, second] = [sessionQueries.first, sessionQueries.second].map((query) => {
    const page = sessionsPage(record, query);
    const list = page && successBody(page)?.["session"];
    return Array.isArray(list) ? list.filter(isObject).map(({ id }) => id) : undefined;
  });
  if (first === undefined || second === undefined || first.length === 0) return undefined;
  const isIgnored = first.length > 1 || second.includes(first[0]);
  return isIgnored
    ? handled("the list of sessions ignores offset and limit: the provider stops when a page shows nothing new", {
        sessionPaging: "ignored",
      })
    : documented("the list of sessions has pages", { sessionPaging: "honoured" });
}

export function badQuery(record: ApplianceRecord): Observation | undefined {
  const status = sessionsPage(record, sessionQueries.bad)?.response?.status;
  if (status === undefined) return undefined;
  if (status === 400) return documented("400 for a negative offset", { badQuery: "refused" });
  if (status >= 200 && status < 300)
    return handled("a negative offset is ignored: the provider sends none", { badQuery: "ignored" });
  return handled(`${status} for a negative offset: the provider sends none`);
}

export function health(record: ApplianceRecord): Observation | undefined {
  const exchange = getsOf(record, "/api/v2/healthcheck").at(-1);
  if (exchange === undefined) return undefined;
  const status = successBody(exchange)?.["status"];
  if (status === "ok" || status === "error")
    return handled(`the health check is enabled and returns ${status}: the provider does not use it`, {
      healthcheck: status,
    });
  if (exchange.response?.status === 404) return documented("the health check is disabled", { healthcheck: "disabled" });
  return handled(`the health check returns status ${exchange.response?.status}: the provider does not use it`);
}

export function jsonLayout({ exchanges }: ApplianceRecord): Observation | undefined {
  const bodies = exchanges.filter((exchange) => successBody(exchange) !== undefined);
  if (bodies.length === 0) return undefined;
  return bodies.some(isIndented)
    ? handled("indented: the provider reads any layout", { jsonLayout: "indented" })
    : documented("compact", { jsonLayout: "compact" });
}

function isIndented({ response }: Exchange): boolean {
  return /^\s*\{\s*\n/.test(response?.text ?? "");
}
