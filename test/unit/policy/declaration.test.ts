// The rules for what a share declares besides its window.
import { policies } from "../../../policy/index";
import { judgeInputs, unknownValue, type Judged } from "../../support/policy-judge";

const all = new Map(policies().map((policy) => [policy.name, policy]));
const judge = (name: string, inputs: object, judged?: Judged) => judgeInputs(all.get(name)!, inputs, judged);
const one = (text: string) => [expect.stringContaining(text)];

const labels = { config: { names: ["vendor", "ticket"] } };
const sessions = { config: { sessionIds: ["4665729213955833860", "7"] } };
const refuse = { config: { value: "refuseWhileLive" } };
const abandon = { config: { value: "abandon" } };
const settingOf = (value: string) => ({ ...refuse, provider: { deletionPolicy: value } });

describe("accepted", () => {
  test.each<[string, object, Judged | undefined]>([
    ["readonly-required", { readonly: true }, undefined],
    ["readonly-required", {}, undefined],
    ["labels-required", { labels: { vendor: "ACME", ticket: "OPS-1", more: "" } }, labels],
    ["allowed-sessions", { sessionId: "7" }, sessions],
    ["deletion-policy", { deletionPolicy: "refuseWhileLive" }, refuse],
    ["deletion-policy", { deletionPolicy: "abandon" }, abandon],
    ["deletion-policy", {}, settingOf("refuseWhileLive")],
    ["deletion-policy", {}, abandon],
    ["deletion-policy", { deletionPolicy: "refuseWhileLive" }, settingOf("abandon")],
    ["deletion-policy", {}, { ...refuse, provider: { "fudo:deletionPolicy": "refuseWhileLive" } }],
    ["recipients-required", { recipients: ["age1abc"] }, undefined],
  ])("%s: %j with %j", (name, inputs, judged) => {
    expect(judge(name, inputs, judged)).toEqual([]);
  });
});

describe("reported", () => {
  test.each<[string, object, Judged | undefined, string]>([
    ["readonly-required", { readonly: false }, undefined, "the vendor can act in a live session"],
    ["labels-required", {}, labels, "missing or empty: vendor, ticket."],
    ["labels-required", { labels: { vendor: "ACME" } }, labels, "missing or empty: ticket."],
    ["labels-required", { labels: { vendor: "ACME", ticket: " " } }, labels, "missing or empty: ticket."],
    ["labels-required", { labels: {} }, { config: { names: ["constructor"] } }, "missing or empty: constructor."],
    ["allowed-sessions", { sessionId: "77" }, sessions, "The session 77 is not one"],
    ["allowed-sessions", { sessionId: "7" }, { config: { sessionIds: [] } }, "The session 7 is not one"],
    ["deletion-policy", {}, refuse, 'The deletionPolicy is "abandon". Declare "refuseWhileLive".'],
    ["deletion-policy", {}, settingOf("refuse"), 'The deletionPolicy is "not valid"'],
    ["deletion-policy", { deletionPolicy: "abandon" }, refuse, 'The deletionPolicy is "abandon"'],
    ["deletion-policy", { deletionPolicy: "abandon" }, settingOf("refuseWhileLive"), 'is "abandon"'],
    ["deletion-policy", {}, settingOf("abandon"), 'is "abandon". Declare "refuseWhileLive".'],
    ["recipients-required", {}, undefined, "declares no recipients"],
    ["recipients-required", { recipients: [] }, undefined, "declares no recipients"],
  ])("%s: %j with %j", (name, inputs, judged, text) => {
    expect(judge(name, inputs, judged)).toEqual(one(text));
  });
});

test("the environment counts for a share without deletionPolicy, and the configuration counts first", () => {
  process.env["FUDO_DELETION_POLICY"] = "refuseWhileLive";
  try {
    expect(judge("deletion-policy", {}, refuse)).toEqual([]);
    expect(judge("deletion-policy", {}, settingOf("abandon"))).toEqual(one('is "abandon"'));
  } finally {
    delete process.env["FUDO_DELETION_POLICY"];
  }
});

test("a value of a label is never printed", () => {
  const inputs = { labels: { vendor: "", ticket: "secret-value" } };
  expect(judge("labels-required", inputs, labels).join()).not.toContain("secret-value");
});

test.each<[string, object, Judged | undefined, string]>([
  ["readonly-required", { readonly: unknownValue }, undefined, "readonly"],
  ["labels-required", { labels: unknownValue }, labels, "labels"],
  ["labels-required", { labels: { vendor: "ACME", ticket: unknownValue } }, labels, "labels.ticket"],
  ["allowed-sessions", { sessionId: unknownValue }, sessions, "sessionId"],
  ["deletion-policy", { deletionPolicy: unknownValue }, refuse, "deletionPolicy"],
  ["deletion-policy", {}, settingOf(unknownValue), "deletionPolicy"],
  ["recipients-required", { recipients: unknownValue }, undefined, "recipients"],
])("%s: an unknown value is not accepted, and the message says who judges it: %j", (name, inputs, judged, path) => {
  expect(() => judge(name, inputs, judged)).toThrow(
    `${path} is not known yet. \`pulumi up\` judges the share before it creates it`,
  );
});

test("an unknown value that a rule does not need changes nothing", () => {
  expect(judge("readonly-required", { readonly: true, labels: unknownValue })).toEqual([]);
  expect(judge("labels-required", { labels: { vendor: "a", ticket: "b", other: unknownValue } }, labels)).toEqual([]);
});

test.each([...all.keys()])("%s judges the shares of both types, and nothing else", (name) => {
  const { config } = { config: undefined, ...everything[name] };
  const judged = config === undefined ? {} : { config };
  expect(judge(name, violating, { ...judged, type: "fudo:index:SessionShare" })).toHaveLength(1);
  expect(judge(name, violating, judged)).toEqual([expect.not.stringContaining("not applicable")]);
  for (const type of ["fudo:index:VendorAccess", "aws:s3/bucket:Bucket", "pulumi-nodejs:dynamic:Resource"])
    expect(judge(name, violating, { ...judged, type })).toEqual(["not applicable: The policy applies only to shares"]);
});

const declaredWindow = { validSince: "2100-01-01T00:00:00.000Z", validTo: "2100-03-01T00:00:00.000Z" };
const violating = { sessionId: "1", readonly: false, labels: {}, ...declaredWindow };
const everything: Readonly<Record<string, Judged>> = {
  "longest-window": { config: { length: "P7D" } },
  "earliest-start": { config: { notBefore: "2100-02-01T00:00[Europe/Warsaw]" } },
  curfew: { config: { timeZone: "Europe/Warsaw", periods: [{ from: "22:00", to: "06:00" }] } },
  "labels-required": labels,
  "allowed-sessions": sessions,
  "deletion-policy": refuse,
};

describe("configuration", () => {
  test.each(Object.keys(everything))("%s judges nothing until it is configured", (name) => {
    expect(judge(name, violating)).toEqual(["not applicable: The policy is not configured"]);
  });

  test.each<[string, object, string]>([
    ["longest-window", { lenght: "P7D" }, "lenght is not a property. Did you mean length?"],
    ["longest-window", { length: "7 days" }, "length is not an ISO 8601 duration such as PT8H or P2D"],
    ["longest-window", { length: "P1M" }, "length uses months or years"],
    ["earliest-start", { notBefore: "2100-02-01T00:00" }, "notBefore has no offset from UTC"],
    ["earliest-start", { notBefore: "2026-03-29T02:30[Europe/Warsaw]" }, "notBefore does not exist in Europe/Warsaw"],
    ["curfew", { periods: [{ from: "22:00", to: "06:00" }] }, "timeZone is missing"],
    ["curfew", { timeZone: "Europe/Warsaw" }, "periods is missing"],
    [
      "curfew",
      { timeZone: "Europe/Warszawa", periods: [{ from: "22:00", to: "06:00" }] },
      "there is no time zone Europe/Warszawa",
    ],
    ["labels-required", { labels: ["a"] }, "labels is not a property"],
  ])("%s with %j stops the run", (name, config, reason) => {
    const stop = () => judge(name, violating, { config });
    expect(stop).toThrow(`The configuration of ${name} is wrong: ${reason}`);
    expect(stop).toThrow(/\. docs\/policy\.md describes it\.$/);
  });

  test("the error has no stack trace, because the SDK would print it", () => {
    const config = { length: "7 days" };
    expect(() => judge("longest-window", violating, { config })).toThrow(
      expect.objectContaining({ stack: expect.not.stringContaining("\n") }),
    );
  });
});
