// The debug lines of Pulumi's SDK: what is left of them when they mention a share.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "../../../sdk/nodejs";
import { redactDebugLines } from "../../../sdk/nodejs/debug-lines";
import { formsOf, keyShapes } from "../../support/key-shapes";
import { sessionId } from "../../support/states";

const letters = "gHJNP5SWFx08lvecW82uotFfxZVYJzOqhIbusRR9q1HmFLF1C7rd5xv7BywSmeOQ";

/** A log whose lines can be read. */
function fakeLog(): { debug: typeof pulumi.log.debug; lines: string[] } {
  const lines: string[] = [];
  return { lines, debug: (message) => (lines.push(message), Promise.resolve()) };
}

describe("a line with a share's outputs, which the SDK writes before the program knows them", () => {
  test.each([
    [
      "a registration",
      "RegisterResource RPC finished: resource:vendor[pulumi-nodejs:dynamic/fudo:SessionShare]; err: null",
    ],
    ["a look-up", "ReadResource RPC finished: resource:got[pulumi-nodejs:dynamic/fudo:SessionShare]#...; err: null"],
    ["a component of the plugin", "RegisterResource RPC finished: resource:acme[fudo:index:VendorAccess]; err: null"],
    ["the plugin's type", "RegisterResource RPC finished: resource:vendor[fudo:index:SessionShare]; err: null"],
    [
      "the long form of that type",
      "RegisterResource RPC finished: resource:v[fudo:index/sessionShare:SessionShare]; err: null",
    ],
    ["the plugin's provider", "RegisterResource RPC finished: resource:berlin[pulumi:providers:fudo]; err: null"],
    [
      "the dynamic class's provider",
      "RegisterResource RPC finished: resource:berlin[pulumi:providers:pulumi-nodejs]; err: null",
    ],
  ])("%s keeps its label and loses its outputs", (_what, label) => {
    const log = fakeLog();
    redactDebugLines(log);
    for (const [, keyOf] of keyShapes) {
      const key = `unregistered${keyOf(letters)}`;
      void log.debug(`${label}, resp: urn:pulumi:dev::p::t::vendor,id,,key,,,${key},link,,,/sessions/7/?key=${key}`);
      expect(log.lines.at(-1)).toBe(`${label}, resp: [secret]`);
    }
  });

  test("a resource that is named in the outputs alone loses them too", () => {
    const log = fakeLog();
    redactDebugLines(log);
    void log.debug(
      "getResource Invoke RPC finished: err: null, resp: urn,,urn:pulumi:dev::p::a:b:C$pulumi-nodejs:dynamic/fudo:SessionShare::v,key,a.b.c.d.e",
    );
    expect(log.lines).toEqual(["getResource Invoke RPC finished: err: null, resp: [secret]"]);
  });

  test.each(["RegisterResource RPC finished: resource:b[aws:s3/bucket:Bucket]; err: null, resp: urn,id", "plain text"])(
    "the line of another resource is unchanged: %s",
    (line) => {
      const log = fakeLog();
      redactDebugLines(log);
      void log.debug(line);
      expect(log.lines).toEqual([line]);
    },
  );

  test("the plugin's provider protects the line of its own registration", async () => {
    // The compiler's options for the generated SDK differ from those of the tests.
    const { Provider } = require("../../../sdk/nodejs-plugin/provider");
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: () => ({}),
    });
    const debug = jest.spyOn(pulumi.log, "debug").mockResolvedValue();
    new Provider("berlin", { url: "https://fudo.example.com", apiKey: "k" });
    expect(pulumi.log.debug).not.toBe(debug);
    debug.mockRestore();
  });

  test("a log is wrapped once", () => {
    const log = fakeLog();
    redactDebugLines(log);
    const { debug } = log;
    redactDebugLines(log);
    expect(log.debug).toBe(debug);
  });
});

test.each(keyShapes)(
  "a program's debug lines mask a key as soon as the program knows it: %s",
  async (_shape, keyOf) => {
    const key = keyOf([...letters].reverse().join(""));
    const link = `/sessions/${sessionId}/?key=${encodeURIComponent(key)}`;
    await pulumi.runtime.setMocks({
      newResource: ({ inputs, name }) => ({
        id: name,
        state: { ...inputs, key, link, url: `https://fudo.example.com${link}` },
      }),
      call: () => ({}),
    });
    const share = new SessionShare("acme", { sessionId, duration: "PT8H" });
    const lines: string[] = [];
    // What a resource of another package would write when it gets the values: `promise` resolves before `apply` does.
    const seen = [share.key, share.link, share.url].map(async (output) => {
      const value = await (output as unknown as { promise(): Promise<string> }).promise();
      const { redact } =
        require("../../../provider/client/redact/redact") as typeof import("../../../provider/client/redact/redact");
      lines.push(redact(`Serialize property [x]: primitive=${value} key is ${key}`));
    });
    await Promise.all(seen);
    expect(lines).toHaveLength(3);
    for (const form of formsOf(key)) expect(lines.filter((line) => line.includes(form))).toEqual([]);
  },
);
