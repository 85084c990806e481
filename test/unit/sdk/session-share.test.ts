// The class SessionShare with Pulumi's mocks: what it registers, which errors it throws, and its warnings.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

interface Registered {
  readonly type: string;
  readonly inputs: Record<string, unknown>;
  readonly id: string | undefined;
}

const registered: Registered[] = [];
let state: Record<string, unknown> = {};

beforeEach(async () => {
  registered.length = 0;
  state = {};
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    newResource: ({ type, inputs, id, name }) => {
      registered.push({ type, inputs, id });
      return { id: id || `${name}-id`, state: { ...inputs, ...state } };
    },
    call: () => ({}),
  });
});

const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));

test("a share is registered with its own type, the declared inputs, the defaults and its tag", async () => {
  const share = new SessionShare("acme", { sessionId, duration: "PT8H", labels: { ticket: "OPS-1" } });
  await known(share.urn);
  const { type, inputs } = registered[0]!;
  expect(type).toBe("pulumi-nodejs:dynamic/fudo:SessionShare");
  const { __provider, ...own } = inputs;
  const declarationTag = expect.any(Number);
  expect(own).toEqual({ sessionId, duration: "PT8H", readonly: true, labels: { ticket: "OPS-1" }, declarationTag });
  expect(__provider).toEqual(expect.stringContaining("dist/provider/dynamic/face.js"));
});

test("recipients are registered as declared, and the outputs are what the mock returns", async () => {
  const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];
  state = { sealedUrl: "an age file", sealedRecipients: recipients, sealedOrigin: "https://fudo.example" };
  const share = new SessionShare("acme", { sessionId, duration: "PT8H", recipients: [pulumi.output(recipients[0]!)] });
  expect(await known(share.sealedUrl)).toBe("an age file");
  expect(await known(share.sealedRecipients)).toEqual(recipients);
  expect(await known(share.sealedOrigin)).toBe("https://fudo.example");
  expect(await known(share.url)).toBeUndefined();
  expect(registered[0]!.inputs).toMatchObject({ recipients });
});

test("a Date becomes an instant", async () => {
  const [since, to] = [new Date(Date.now() + 3_600_000), new Date(Date.now() + 7_200_000)];
  const share = new SessionShare("acme", { sessionId, validSince: since, validTo: pulumi.output(1).apply(() => to) });
  await known(share.urn);
  expect(registered[0]!.inputs).toMatchObject({ validSince: since.toISOString(), validTo: to.toISOString() });
});

describe("the declaration tag", () => {
  class Vendor extends pulumi.ComponentResource {
    constructor(type: string, name: string) {
      super(type, name);
    }
  }
  const args = { sessionId, duration: "PT8H" };
  const tagOf = async (share: SessionShare) => {
    await known(share.urn);
    return registered.at(-1)!.inputs["declarationTag"];
  };

  test("is the same for the same declaration in each run, and another one for each name and parent type", async () => {
    const tag = await tagOf(new SessionShare("acme", args));
    const again = await tagOf(new SessionShare("acme", { ...args, duration: "PT1H" }));
    const other = await tagOf(new SessionShare("other", args));
    const child = await tagOf(new SessionShare("acme", args, { parent: new Vendor("my:index:Vendor", "a") }));
    const grandchild = await tagOf(new SessionShare("acme", args, { parent: new Vendor("my:index:Other", "a") }));
    expect(again).toBe(tag);
    expect(new Set([tag, other, child, grandchild]).size).toBe(4);
  });

  test("of copied arguments is the tag of the share that gets them", async () => {
    const tag = await tagOf(new SessionShare("acme", args));
    const copied = { ...args, declarationTag: 1 };
    expect(await tagOf(new SessionShare("acme", copied))).toBe(tag);
  });

  test("is absent for get", async () => {
    await known(SessionShare.get("acme", `${sessionId}/0123456789abcdef`).urn);
    expect(registered[0]!.inputs).not.toHaveProperty("declarationTag");
  });
});

test("get passes the ID and no inputs", async () => {
  const share = SessionShare.get("acme", `${sessionId}/0123456789abcdef`);
  await known(share.urn);
  expect(registered[0]!.id).toBe(`${sessionId}/0123456789abcdef`);
});

test.each<[string, pulumi.CustomResourceOptions]>([
  ["the option", { import: `${sessionId}/0123456789abcdef` }],
  ["the option with another ID", { import: "acme" }],
  [
    "a transformation",
    { transformations: [({ props, opts }) => ({ props, opts: { ...opts, import: `${sessionId}/0123456789abcdef` } })] },
  ],
])("%s `import` is refused in one sentence that names adopt", (_, options) => {
  const declare = () => new SessionShare("acme", { sessionId, duration: "PT8H" }, options);
  expect(declare).toThrow(expect.objectContaining({ __pulumiRunError: true }));
  expect(declare).toThrow(/^SessionShare acme: the option `import` does not work.*the input `adopt` instead/);
  expect(registered).toEqual([]);
});

// @pulumi/policy asks `isInstance({ __pulumiType })`, or compares the class's own `__pulumiType`.
test("isInstance accepts the type alone, as @pulumi/policy passes it", () => {
  expect(SessionShare.isInstance({ __pulumiType: "pulumi-nodejs:dynamic/fudo:SessionShare" })).toBe(true);
  expect(SessionShare.isInstance({ __pulumiType: "pulumi-nodejs:dynamic/fudo:Other" })).toBe(false);
  expect(SessionShare.isInstance({ __pulumiType: "pulumi-nodejs:dynamic:Resource" })).toBe(false);
  for (const value of [undefined, null, "SessionShare", {}]) expect(SessionShare.isInstance(value)).toBe(false);
});

test("isInstance checks the type", () => {
  const share = new SessionShare("acme", { sessionId, duration: "PT8H" });
  expect(SessionShare.isInstance(share)).toBe(true);
  expect(SessionShare.isInstance({ sessionId })).toBe(false);
});

describe("the API key in the stack's configuration", () => {
  const declare = () => new SessionShare("acme", { sessionId, duration: "PT8H" });

  test("in plain text is rejected: the message has the command to fix it, and not the key", () => {
    pulumi.runtime.setAllConfig({ "fudo:apiKey": "sgfeea6jsaz4mum9su8w6" });
    expect(declare).toThrow(/pulumi config set --secret fudo:apiKey.*rotate the key/);
    expect(declare).not.toThrow(/sgfeea6/);
    expect(declare).toThrow(expect.objectContaining({ __pulumiRunError: true }));
  });

  test("as a secret is accepted", () => {
    pulumi.runtime.setAllConfig({ "fudo:apiKey": "sgfeea6jsaz4mum9su8w6" }, ["fudo:apiKey"]);
    expect(declare).not.toThrow();
  });
});

describe("recurring warnings", () => {
  const soon = () => new Date(Date.now() + 3_600_000).toISOString();

  async function warnings(outputs: Record<string, unknown>): Promise<string[]> {
    state = { validTo: soon(), ...outputs };
    const warn = jest.spyOn(pulumi.log, "warn").mockResolvedValue(undefined);
    const share = new SessionShare("acme", { sessionId, duration: "PT8H" });
    await known(share.missing);
    await known(share.id);
    await new Promise((resolve) => setImmediate(resolve));
    const texts = warn.mock.calls.map(([text]) => text);
    warn.mockRestore();
    return texts;
  }

  test("a revoked share logs a warning at each run", async () => {
    expect(await warnings({ removed: true })).toEqual([
      expect.stringContaining("was revoked on the appliance and will not be re-created automatically"),
    ]);
  });

  test("a missing share logs a warning at each run", async () => {
    expect(await warnings({ missing: true })).toEqual([expect.stringContaining("The link may still work until")]);
  });

  test("a share that works again logs a warning at each run, with the value of `adopt` that accepts it", async () => {
    expect(await warnings({ reactivated: true })).toEqual([
      expect.stringMatching(/is live again\. The link works until .*To accept that it works again, set `adopt/),
    ]);
  });

  test.each<[string, object]>([
    ["a live share", {}],
    ["an expired share that was revoked", { removed: true, validTo: "2025-05-15T13:07:00.000Z" }],
    ["an expired share that was reactivated", { reactivated: true, validTo: "2025-05-15T13:07:00.000Z" }],
  ])("%s logs nothing", async (_, outputs) => {
    expect(await warnings({ ...outputs })).toEqual([]);
  });
});
