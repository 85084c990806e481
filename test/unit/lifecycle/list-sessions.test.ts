// All pages of the session list: when the listing is complete, and where reading stops.
import type { SessionPage } from "../../../provider/client/api";
import { listAllSessions } from "../../../provider/lifecycle/functions/sessions";

const session = (id: number) => ({ id: String(id), removed: false });

/** A list with these pages, then only empty ones. */
function listing(...pages: SessionPage[]) {
  return listAllSessions({ listSessions: () => Promise.resolve(pages.shift() ?? { sessions: [], problems: [] }) });
}

test("an empty page without problems ends a complete listing", async () => {
  expect(await listing({ sessions: [session(1)], problems: [] })).toEqual({ sessions: [session(1)] });
});

test.each<[string, SessionPage[]]>([
  ["on the first page", [{ sessions: [session(1)], problems: ["one is odd"] }]],
  [
    "on the empty last page",
    [
      { sessions: [session(1)], problems: [] },
      { sessions: [], problems: ["one is odd"] },
    ],
  ],
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
