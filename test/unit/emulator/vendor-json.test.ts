// The emulator's responses are byte for byte the JSON in the vendor's documentation.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../../provider/emulator";
import { send, list, share, sharePath } from "./requests";
import { startTestEmulator } from "./fixture";

const fixture = (name: string) => readFileSync(join(__dirname, "../../fixtures/vendor", name), "utf8").trimEnd();
const sampleSession = "4665729213955833860";

/** Adds the two shares of the vendor's sample, with the sample's times. */
function addSampleShares(emulator: Emulator): void {
  const shares = [
    {
      key: "yKaOzVjAoPZ6Hga6ECFEoVD2yKJXrrcPTDvhYFeUYNfxJaLs8D1piZdhFLIxivcT",
      since: "05:11:00",
      created: "05:11:20.443",
      micros: 0.267,
    },
    {
      key: "fEGWO92C3IDki0EaMgpbpOffRFYSNhg6gYa6jYMp2zyfcMtFpIKdMr20S1jGKD3t",
      since: "05:16:00",
      created: "05:18:11.152",
      micros: 0.713,
    },
  ];
  for (const { key, since, created, micros } of shares) {
    const validSince = Date.parse(`2025-05-14T${since}-07:00`);
    emulator.addShare(sampleSession, {
      key,
      validSince,
      createdAt: Date.parse(`2025-05-14T${created}-07:00`) + micros,
    });
  }
}

test("the list is byte for byte the vendor's sample", async () => {
  const emulator = await startTestEmulator({ behaviour: { jsonLayout: "indented" } });
  addSampleShares(emulator);
  expect((await send(emulator, "GET", sharePath(sampleSession))).text).toBe(fixture("session-share-list.json"));
});

test("the compact list is the sample without whitespace", async () => {
  const emulator = await startTestEmulator();
  addSampleShares(emulator);
  const withoutLayout = fixture("session-share-list.json").replaceAll(/\n\s*/g, "").replaceAll('": ', '":');
  expect((await send(emulator, "GET", sharePath(sampleSession))).text).toBe(withoutLayout);
});

test("the appliance accepts the sample request, and the response differs from the sample only in the key", async () => {
  const emulator = await startTestEmulator({ behaviour: { jsonLayout: "indented" } });
  const { status, text } = await send(emulator, "POST", sharePath(sampleSession), {
    body: fixture("session-share-request.json"),
  });
  const anyKey = /"key": "[A-Za-z0-9]{64}"/;
  expect(status).toBe(200);
  expect(text).toMatch(anyKey);
  expect(text.replace(anyKey, "KEY")).toBe(fixture("session-share-created.json").replace(anyKey, "KEY"));
});

test("objspec returns the vendor's table in the format of the vendor's only sample", async () => {
  const emulator = await startTestEmulator();
  const { text } = await send(emulator, "GET", "/api/v2/objspec/session_share");
  expect(text).toBe(fixture("objspec-session_share.inferred.json").replaceAll("\n ", ""));
  const sample = JSON.parse(fixture("objspec-remote_app.json")) as { remote_app: Record<string, object> };
  const documented = new Set(Object.values(sample.remote_app).flatMap((row) => Object.keys(row)));
  emulator.behaviour.objspecFlags = "omitted";
  const plain = (await send(emulator, "GET", "/api/v2/objspec/session_share")).json as {
    session_share: Record<string, object>;
  };
  expect(Object.keys(plain.session_share)).toHaveLength(11);
  expect(
    Object.values(plain.session_share)
      .flatMap((row) => Object.keys(row))
      .filter((key) => !documented.has(key)),
  ).toEqual([]);
});

test("a list omits hidden, protected and null attributes, and includes `link`", async () => {
  const emulator = await startTestEmulator();
  await share(emulator);
  const [entry] = (await list(emulator)).json.session_share as [object];
  expect(Object.keys(entry)).toEqual([
    "session_id",
    "key",
    "valid_since",
    "valid_to",
    "readonly",
    "link",
    "created_at",
    "modified_at",
  ]);
});

test("created_at has microseconds without trailing zeros, and the window has no fraction", async () => {
  const emulator = await startTestEmulator();
  await share(emulator);
  const [entry] = (await list(emulator)).json.session_share as [Record<string, string>];
  expect(entry).toMatchObject({ valid_since: "2025-05-15 06:07:00-07", valid_to: "2025-05-15 14:07:00-07" });
  expect(entry.created_at).toMatch(/^2025-05-15 08:00:00\.000\d{1,3}-07$/);
  expect(entry.modified_at).toBe(entry.created_at);
});

test.each([
  ["a wrong key", "GET", "/api/v2/objspec/session_share", { Authorization: "wrong" }, 401, "Unauthorized."],
  ["an unknown session", "GET", sharePath("1"), {}, 404, "Session not found."],
  ["another method", "DELETE", sharePath(sampleSession), {}, 405, "Method not allowed."],
  ["another path", "GET", "/api/v2/safe", {}, 404, "Not found."],
  [
    "no body",
    "POST",
    sharePath(sampleSession),
    { "Content-Type": "application/json" },
    400,
    "The request body is not JSON.",
  ],
])("%s returns a failure with a message", async (_what, method, path, headers, status, message) => {
  const response = await send(await startTestEmulator(), method, path, { headers });
  expect([response.status, response.text]).toEqual([status, JSON.stringify({ result: "failure", message })]);
});
