// The check of a share's arguments without an engine: the public function, and the class under Pulumi's mocks.
import * as pulumi from "@pulumi/pulumi";
import { checkSessionShareArgs, SessionShare, type SessionShareArgs } from "../../../sdk/nodejs";
import { inputsOf } from "../../../sdk/nodejs/arguments";
import { checkedUnderMocks } from "../../../sdk/nodejs/check-arguments";
import { sessionId } from "../../support/states";

let registered: Record<string, unknown>[] = [];

async function useMocks(preview = false): Promise<void> {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs, name }) => {
        registered.push(inputs);
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    },
    "project",
    "stack",
    preview,
  );
}
beforeEach(() => useMocks());

const promised = <T>(output: pulumi.Output<T>) => (output as unknown as { promise(): Promise<T> }).promise();
const soon = () => new Date(Date.now() + 3_600_000);
const wrong = (args: object) => ({ sessionId, duration: "PT8H", ...args }) as unknown as SessionShareArgs;

const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

const mistakes: [string, object, RegExp][] = [
  ["no end", { duration: undefined }, /validTo: set exactly one of validTo and duration/],
  ["two ends", { validTo: soon() }, /validTo: set exactly one of validTo and duration/],
  ["a number as ID", { sessionId: 5 }, /sessionId: must be text in quotes/],
  ["no ID", { sessionId: undefined }, /sessionId: is required/],
  ["a misspelled input", { readOnly: false }, /an input named "readOnly": is not an input of SessionShare/],
  ["a window that is over", { duration: undefined, validTo: new Date(0) }, /validTo: the window ended at 1970-01-01/],
  ["a window that is too long", { duration: "P31D" }, /duration: the window is longer than 30 d/],
  ["a Map as labels", { labels: new Map([["vendor", "acme"]]) }, /labels: must be a plain object/],
  ["a Set as labels", { labels: new Set(["acme"]) }, /labels: must be a plain object/],
  ["text as recipients", { recipients: "age1" }, /recipients: must be a list of age public keys/],
  ["a Set as recipients", { recipients: new Set([recipient]) }, /recipients: must be a list of age public keys/],
  [
    "a secret key as a recipient",
    { recipients: ["AGE-SECRET-KEY-1QQQ"] },
    /^(?!.*QQQ).*recipients: entry 1 is a secret/,
  ],
];

describe("a mistake that the engine's check finds", () => {
  test.each(mistakes)("%s is a sentence of checkSessionShareArgs", async (_, args, sentence) => {
    expect(await checkSessionShareArgs(wrong(args))).toEqual([expect.stringMatching(sentence)]);
  });

  test.each(mistakes)("%s is refused under mocks when the share is declared", (_, args, sentence) => {
    expect(() => new SessionShare("acme", wrong(args))).toThrow(
      expect.objectContaining({ __pulumiRunError: true, message: expect.stringMatching(sentence) }),
    );
    expect(registered).toEqual([]);
  });

  // The class itself cannot be used here: each output of a share that is refused rejects, and that ends Jest.
  test.each(mistakes)("%s in an output is refused under mocks when its value is known", async (_, args, sentence) => {
    const { sessionId: id, ...others } = wrong(args);
    const outputs = Object.entries(others).map(([name, value]) => [name, pulumi.output(1).apply(() => value)]);
    const inputs = { sessionId: id, ...Object.fromEntries(outputs) } as SessionShareArgs;
    expect(await checkSessionShareArgs(inputs)).toEqual([expect.stringMatching(sentence)]);
    await expect(checkedUnderMocks("acme", inputs, {})["sessionId"]).rejects.toThrow(sentence);
  });
});

test("several mistakes are several sentences", async () => {
  expect(await checkSessionShareArgs(wrong({ sessionId: "latest", duration: "8h", adopt: "abc" }))).toHaveLength(3);
});

test("right arguments are none, without any setting, also as outputs, promises and Dates", async () => {
  const labels = { ticket: pulumi.output("OPS-1") };
  expect(await checkSessionShareArgs({ sessionId, duration: "PT8H", labels })).toEqual([]);
  expect(await checkSessionShareArgs({ sessionId: pulumi.output(sessionId), validTo: soon() })).toEqual([]);
  expect(await checkSessionShareArgs({ sessionId: Promise.resolve(sessionId), duration: "PT8H" })).toEqual([]);
  const recipients = [recipient, pulumi.output(recipient)];
  expect(await checkSessionShareArgs({ sessionId, duration: "PT8H", recipients })).toEqual([]);
});

test("the limits of the stack's configuration count, and so does a malformed one", async () => {
  pulumi.runtime.setAllConfig({ "fudo:maxDuration": "PT4H" });
  expect(await checkSessionShareArgs({ sessionId, duration: "PT8H" })).toEqual([
    expect.stringMatching(/longer than 4 h/),
  ]);
  pulumi.runtime.setAllConfig({ "fudo:timeout": "soon" });
  expect(await checkSessionShareArgs({ sessionId, duration: "PT8H" })).toEqual([expect.stringMatching(/fudo:timeout/)]);
});

describe("the defaults under mocks are those of the engine", () => {
  test.each<[string, object, object]>([
    ["nothing declared", {}, { readonly: true, labels: {} }],
    ["outputs without a value", { readonly: pulumi.output(undefined) }, { readonly: true, labels: {} }],
    ["declared values", { readonly: false, labels: { a: "b" } }, { readonly: false, labels: { a: "b" } }],
    [
      "outputs",
      { readonly: pulumi.output(false), labels: pulumi.output({ a: "b" }) },
      { readonly: false, labels: { a: "b" } },
    ],
  ])("%s", async (_, args, expected) => {
    const share = new SessionShare("acme", wrong(args));
    expect(await promised(share.readonly)).toBe((expected as { readonly: boolean }).readonly);
    expect(await promised(share.sessionId)).toBe(sessionId);
    expect(registered).toEqual([expect.objectContaining(expected)]);
  });

  test("in a preview a value that is not known yet hides no mistake of the others", async () => {
    await useMocks(true);
    const other = new SessionShare("other", { sessionId, duration: "PT8H" });
    const labels = { owner: other.userId as pulumi.Output<string> };
    expect(await checkSessionShareArgs({ sessionId, duration: "PT8H", labels })).toEqual([]);
    const recipients = [recipient, other.userId as pulumi.Output<string>];
    expect(await checkSessionShareArgs({ sessionId, duration: "PT8H", recipients })).toEqual([]);
    expect(await checkSessionShareArgs({ sessionId, duration: "8h", labels })).toEqual([
      expect.stringMatching(/^duration: is not an ISO 8601 duration/),
    ]);
  });
});

test.each<[string, unknown]>([
  ["a Map", new Map([["vendor", "acme"]])],
  ["a Set", new Set(["acme"])],
  ["a Date", new Date(0)],
  ["a URLSearchParams", new URLSearchParams({ vendor: "acme" })],
])("labels that are %s reach the provider as text, not as an empty object", async (kind, labels) => {
  for (const value of [labels, Promise.resolve(labels), pulumi.output(1).apply(() => labels)]) {
    const inputs = inputsOf(wrong({ labels: value }));
    expect(await promised(pulumi.output(inputs["labels"] as string))).toBe(kind);
  }
});
