// The lists of servers, accounts and users as the client reads them, and the requests for them.
import { MockAgent } from "undici";
import { createClient } from "../../../provider/client/client";
import type { NamePage, ObjectKind } from "../../../provider/client/api";
import { failure, options, origin } from "./fixture";

let agent: MockAgent;
beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
});
afterEach(async () => {
  agent.assertNoPendingInterceptors();
  await agent.close();
});

async function namesIn(kind: ObjectKind, body: string, status = 200): Promise<NamePage> {
  const path = `/api/v2/${kind}?fields=id,name&offset=5&limit=9`;
  agent.get(origin).intercept({ method: "GET", path }).reply(status, body);
  return createClient(options(), agent).listNames(kind, { offset: 5, limit: 9 });
}

test.each<[ObjectKind]>([["server"], ["account"], ["user"]])(
  "the list of kind %s has the envelope of that kind",
  async (kind) => {
    const body = `{"result":"success","${kind}":[{"id":"1841972247594532865","name":"db-01","blocked":false}]}`;
    expect(await namesIn(kind, body)).toEqual({
      objects: [{ id: "1841972247594532865", name: "db-01" }],
      problems: [],
    });
  },
);

test("a number with 19 digits stays exact, and a name is the appliance's own text", async () => {
  const body = `{"result":"success","user":[{"name":" <b>\\u202eACME ","id":1841972247594532865}]}`;
  expect((await namesIn("user", body)).objects).toEqual([{ id: "1841972247594532865", name: " <b>\u202eACME " }]);
});

test("entries that cannot be read are left out, and the page says so", async () => {
  const entries = ['{"id":"1","name":"db"}', '{"id":"x","name":"a"}', '{"id":"2"}', '{"id":"3","name":5}', "null", "7"];
  const { objects, problems } = await namesIn("server", `{"result":"success","server":[${entries.join(",")}]}`);
  expect(objects).toEqual([{ id: "1", name: "db" }]);
  expect(problems).toEqual(["the list has 5 of 6 entries without a decimal ID or a name; they are left out"]);
});

test.each([
  ["null", '"server":null', []],
  ["without the attribute", '"servers":[]', [expect.stringContaining("no attribute `server`")]],
])("a list that is %s is empty", async (_, attribute, problems) => {
  expect(await namesIn("server", `{"result":"success",${attribute}}`)).toEqual({ objects: [], problems });
});

test.each([
  ["403", '{"result":"failure","message":"no"}', 403, "unauthorized"],
  ["404", '{"result":"failure","message":"no"}', 404, "not-found"],
  ["text instead of a list", '{"result":"success","server":"db-01"}', 200, "protocol"],
  ["no JSON", "<html>", 200, "protocol"],
])("%s is an error with a code", async (_, body, status, code) => {
  expect((await failure(namesIn("server", body, status))).code).toBe(code);
});

test("a request for some sessions filters by their IDs", async () => {
  const path = "/api/v2/session?offset=0&limit=2&filter=id.in(5,4665729213955833858)";
  agent.get(origin).intercept({ method: "GET", path }).reply(200, '{"result":"success","session":[{"id":"5"}]}');
  const ids = ["5", "4665729213955833858"];
  const { sessions } = await createClient(options(), agent).listSessions({ offset: 0, limit: 2, ids });
  expect(sessions.map(({ id }) => id)).toEqual(["5"]);
});
