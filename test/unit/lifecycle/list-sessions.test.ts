// All pages of the session list: when the listing is complete, and where reading stops.
import type { Client, SessionPage } from "../../../provider/client/api";
import { listAllSessions } from "../../../provider/lifecycle/functions/sessions";

const session = (id: number) => ({ id: String(id), removed: false });

/** A list with these pages, then only empty ones. */
function listing(...pages: SessionPage[]) {
  return listAllSessions({ listSessions: () => Promise.resolve(pages.shift() ?? { sessions: [], problems: [] }) });
}

const page = (...ids: number[]): SessionPage => ({ sessions: ids.map(session), problems: [] });
const all = (...ids: number[]) => ({ sessions: ids.map(session) });
const gap = "the list of sessions is incomplete: a page does not continue the page before";

test.each<[string, SessionPage[], object]>([
  ["no session", [], all()],
  ["one session", [page(1)], all(1)],
  ["two pages, the second one short", [page(1, 2), page(2, 3), page(3)], all(1, 2, 3)],
  ["one session on each page", [page(1), page(2), page(3)], all(1, 2, 3)],
  ["a new session before the others while it is read", [page(1, 2), page(1, 2, 3), page(3)], all(1, 2, 3)],
  ["a new session before the others at its end", [page(1, 2), page(2, 3), page(2, 3)], all(1, 2, 3)],
])("a list with %s is complete", async (_, pages, expected) => {
  expect(await listing(...pages)).toEqual(expected);
});

test.each<[string, SessionPage[], object]>([
  ["an empty page in the middle", [page(1, 2), page(), page(3)], all(1, 2)],
  ["an empty page instead of the last one", [page(1, 2), page(2, 3), page()], all(1, 2, 3)],
  ["a page that left sessions out", [page(1, 2), page(4, 5), page(5)], all(1, 2, 4, 5)],
])("a list with %s is incomplete", async (_, pages, expected) => {
  expect(await listing(...pages)).toEqual({ ...expected, incomplete: expect.stringContaining(gap) });
});

test("an appliance that ignores pagination returns the same page again: incomplete", async () => {
  expect(await listing(page(1, 2), page(1, 2))).toMatchObject({
    ...all(1, 2),
    incomplete: expect.stringContaining("same page"),
  });
});

test("each page after the first asks for the last session of the page before", async () => {
  const offsets: number[] = [];
  const ids = [1, 2, 3, 4, 5].map(session);
  const listSessions: Client["listSessions"] = ({ offset }) => {
    offsets.push(offset);
    return Promise.resolve({ sessions: ids.slice(offset, offset + 2), problems: [] });
  };
  expect(await listAllSessions({ listSessions })).toEqual({ sessions: ids });
  expect(offsets).toEqual([0, 1, 2, 3, 4]);
});

test.each<[string, SessionPage[]]>([
  ["on the first page", [{ sessions: [session(1)], problems: ["one is odd"] }]],
  ["on the empty last page", [page(1), { sessions: [], problems: ["one is odd"] }]],
])("a problem %s makes the listing incomplete, and says what it is", async (_where, pages) => {
  expect(await listing(...pages)).toEqual({
    sessions: [session(1)],
    incomplete: "the list of sessions is incomplete: one is odd",
  });
});

test("a list with new sessions on each page, without end, stops after 100,000 sessions", async () => {
  let count = 0;
  let requests = 0;
  const listSessions = () => {
    requests += 1;
    return Promise.resolve({ sessions: Array.from({ length: 49_000 }, () => session((count += 1))), problems: [] });
  };
  const { sessions, incomplete } = await listAllSessions({ listSessions });
  expect(sessions).toHaveLength(100_000);
  expect(incomplete).toBe("the list of sessions is incomplete: reading stopped after 100000 sessions");
  expect(requests).toBe(3);
});
