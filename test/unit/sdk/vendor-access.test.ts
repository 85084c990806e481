// The component VendorAccess with Pulumi's mocks: which shares it declares, its outputs, and its mistakes.
import * as pulumi from "@pulumi/pulumi";
import { VendorAccess, type VendorAccessArgs } from "../../../sdk/nodejs";

const sessionIds = ["4665729213955833860", "4665729213955833861"];
const validSince = "2027-01-04T08:00:00.000Z";
const validTo = "2027-01-04T16:00:00.000Z";
const registered: pulumi.runtime.MockResourceArgs[] = [];
let found: object = {};

beforeEach(() => {
  registered.length = 0;
});

// Once: a component registers its outputs when all of them are known, which may be after the end of a test.
beforeAll(async () => {
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      registered.push(resource);
      const { sessionId } = resource.inputs as { sessionId?: string };
      const url = pulumi.secret(`https://fudo.example.com/sessions/${sessionId}/?key=example`);
      const state = sessionId === undefined ? {} : { url, fingerprint: "0123456789abcdef", validSince, validTo };
      return { id: `${resource.name}-id`, state: { ...resource.inputs, ...state } };
    },
    call: ({ token, inputs }) => {
      expect([token, inputs]).toEqual(["fudo:index:getSessions", { serverName: "db-01" }]);
      return found;
    },
  });
});

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
const shares = () => registered.filter(({ type }) => type.endsWith("SessionShare"));
const access = (args: object = { sessionIds }) =>
  new VendorAccess("acme", { vendor: "ACME Support", validSince, validTo, ...args } as VendorAccessArgs);

test("each session has one share, with the window, the vendor's label and the component as its parent", async () => {
  const ids = await known(
    access({ sessionIds: [...sessionIds, sessionIds[0]], labels: { ticket: "OPS-1" } }).sessionIds,
  );
  expect(ids).toEqual(sessionIds);
  expect(registered[0]).toMatchObject({ type: "fudo:index:VendorAccess", name: "acme" });
  expect(shares().map(({ name }) => name)).toEqual(sessionIds.map((id) => `acme-${id}`));
  for (const [index, { inputs }] of shares().entries())
    expect(inputs).toMatchObject({
      sessionId: sessionIds[index],
      validSince,
      validTo,
      labels: { vendor: "ACME Support", ticket: "OPS-1" },
    });
});

test("links and text are secret, the calendar is not", async () => {
  const { links, handOver, calendar } = access();
  expect(await known(links)).toEqual(
    Object.fromEntries(sessionIds.map((id) => [id, `https://fudo.example.com/sessions/${id}/?key=example`])),
  );
  expect(await known(handOver)).toMatchInlineSnapshot(`
    "Access for ACME Support to 2 sessions.
    You can watch, but you cannot use keyboard or mouse.
    The links work from 2027-01-04 08:00 UTC until 2027-01-04 16:00 UTC.
    Each link is a credential: do not forward it.

    Session 4665729213955833860:
    https://fudo.example.com/sessions/4665729213955833860/?key=example

    Session 4665729213955833861:
    https://fudo.example.com/sessions/4665729213955833861/?key=example
    "
  `);
  expect(await known(calendar)).toMatchInlineSnapshot(`
    "BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//pulumi-fudo//VendorAccess//EN
    BEGIN:VEVENT
    UID:57f5458f901cebae83364430cf63dfd9@pulumi-fudo
    SEQUENCE:0
    DTSTAMP:20270104T080000Z
    DTSTART:20270104T080000Z
    DTEND:20270104T160000Z
    SUMMARY:ACME Support: access to 2 sessions
    DESCRIPTION:Session 4665729213955833860 (fingerprint 0123456789abcdef)\\nSe
     ssion 4665729213955833861 (fingerprint 0123456789abcdef)
    END:VEVENT
    END:VCALENDAR
    "
  `);
  expect(await Promise.all([pulumi.isSecret(links), pulumi.isSecret(handOver), pulumi.isSecret(calendar)])).toEqual([
    true,
    true,
    false,
  ]);
});

test("a query asks the mock for the sessions", async () => {
  found = { sessions: [{ id: sessionIds[1] }], complete: true };
  expect(await known(access({ sessions: { serverName: "db-01" } }).sessionIds)).toEqual([sessionIds[1]]);
});
