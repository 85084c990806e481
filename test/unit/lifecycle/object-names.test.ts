// The look-up of names: what is known after pages, renames, refusals and unreadable responses. A name is never wrong.
import type { Client, NamePage, ObjectKind } from "../../../provider/client/api";
import { FudoError } from "../../../provider/client/errors";
import { listNames, missingNames, objectKinds } from "../../../provider/lifecycle/functions/object-names";

type Pages = Partial<Record<ObjectKind, (NamePage | FudoError)[]>>;

/** A client whose lists have these pages, then only empty ones. */
function clientWith(pages: Pages): Pick<Client, "listNames"> {
  return {
    listNames: (kind) => {
      const page = pages[kind]?.shift() ?? { objects: [], problems: [] };
      return page instanceof FudoError ? Promise.reject(page) : Promise.resolve(page);
    },
  };
}

const page = (objects: Record<string, string>, ...problems: string[]): NamePage => ({
  objects: Object.entries(objects).map(([id, name]) => ({ id, name })),
  problems,
});
const refused = (status: number) => new FudoError("unauthorized", `GET: ${status}`, { status });

async function namesOf(...pages: (NamePage | FudoError)[]) {
  const [listing] = await listNames(clientWith({ server: pages }), ["server"]);
  return listing!;
}

test("the names on all pages are known, also two objects with one name", async () => {
  const { names, incomplete } = await namesOf(
    page({ 1: "db", 2: "web" }),
    page({ 2: "web", 3: "db" }),
    page({ 3: "db" }),
  );
  expect([...names]).toEqual([
    ["1", "db"],
    ["2", "web"],
    ["3", "db"],
  ]);
  expect(incomplete).toBeUndefined();
});

test.each<[string, (NamePage | FudoError)[], string[], string]>([
  [
    "gets another name between two pages",
    [page({ 1: "db", 2: "old" }), page({ 2: "new", 3: "web" }), page({ 3: "web" })],
    ["db", "web"],
    "two names for the same ID",
  ],
  [
    "has two names on one page",
    [
      {
        objects: [
          { id: "1", name: "a" },
          { id: "1", name: "b" },
          { id: "2", name: "c" },
        ],
        problems: [],
      },
    ],
    ["c"],
    "two names for the same ID",
  ],
  ["cannot be read", [page({ 1: "db" }, "the list has 1 of 2 entries without a name")], ["db"], "1 of 2 entries"],
  ["is on a page that fails", [page({ 1: "db", 2: "web" }), refused(500)], ["db", "web"], "because a request failed"],
  [
    "is left out between two pages",
    [page({ 1: "a", 2: "b" }), page({ 4: "d", 5: "e" })],
    ["a", "b", "d", "e"],
    "servers may be missing",
  ],
])("a server that %s has no name, and the list counts as incomplete", async (_, pages, expected, problem) => {
  const { names, incomplete } = await namesOf(...pages);
  expect([...names.values()]).toEqual(expected);
  expect(incomplete).toContain(problem);
});

test("one refused kind leaves the names of the others", async () => {
  const listings = await listNames(
    clientWith({ server: [page({ 1: "db" })], account: [refused(403)], user: [page({ 1: "ACME" }, "doubtful")] }),
    objectKinds,
  );
  expect(listings.map(({ kind, names }) => [kind, ...names.values()])).toEqual([
    ["server", "db"],
    ["account"],
    ["user", "ACME"],
  ]);
  expect(missingNames(listings)).toBe("accounts (403), users (incomplete list)");
});

test("a failure without a status, or after a success, is named by its code", async () => {
  const listings = await listNames(
    clientWith({
      server: [new FudoError("unreachable", "no route")],
      account: [new FudoError("protocol", "not JSON", { status: 200 })],
      user: [],
    }),
    objectKinds,
  );
  expect(missingNames(listings)).toBe("servers (unreachable), accounts (protocol)");
});

test("an error that is not the appliance's is not hidden", async () => {
  const broken = { listNames: () => Promise.reject(new TypeError("a bug")) };
  await expect(listNames(broken, ["server"])).rejects.toThrow("a bug");
});
