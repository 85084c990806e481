// A share whose window is in a time zone, under Pulumi's mocks: its outputs are in UTC, as the provider records them.
import * as pulumi from "@pulumi/pulumi";
import { checkSessionShareArgs, SessionShare } from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

const validSince = "2030-12-05T20:00[Europe/Warsaw]";
const validTo = "2030-12-05T20:00-05:00[America/New_York]";
const [since, to] = ["2030-12-05T19:00:00.000Z", "2030-12-06T01:00:00.000Z"];

beforeEach(() =>
  pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  }),
);

test("the program's own text, an output and a promise are shown in UTC", async () => {
  for (const args of [
    { validSince, validTo },
    { validSince: pulumi.output(validSince), validTo: Promise.resolve(validTo) },
  ]) {
    const share = new SessionShare("acme", { sessionId, ...args });
    expect(await known(share.validSince)).toBe(since);
    expect(await known(share.validTo)).toBe(to);
  }
});

test("a text without a zone stays as the program wrote it", async () => {
  const [start, end] = ["2030-12-05T20:00:00+01:00", "2030-12-05T22:00:00+01:00"];
  const share = new SessionShare("acme", { sessionId, validSince: start, validTo: pulumi.output(end) });
  expect(await known(share.validSince)).toBe(start);
  expect(await known(share.validTo)).toBe(end);
});

test("an output stays secret", async () => {
  const share = new SessionShare("acme", { sessionId, validSince: pulumi.secret(validSince), duration: "PT1H" });
  expect(await pulumi.isSecret(share.validSince)).toBe(true);
  expect(await known(share.validSince)).toBe(since);
});

test("checkSessionShareArgs names a local time that does not exist", async () => {
  expect(await checkSessionShareArgs({ sessionId, validTo: "2030-03-31T02:30[Europe/Warsaw]" })).toEqual([
    expect.stringMatching(
      /^validTo: does not exist in Europe\/Warsaw: the clocks change there from \+01:00 to \+02:00/,
    ),
  ]);
});
