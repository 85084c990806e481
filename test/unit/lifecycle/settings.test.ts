// Settings from configuration and environment: defaults, and one sentence for each mistake.
import { misspelledVariables, requireSettings, readSettings } from "../../../provider/lifecycle";
import { systemClock } from "../../../provider/time/clock";
import { settings } from "../../support/states";

const pin = "AB:".repeat(31) + "AB";

describe("reading settings", () => {
  test("configuration wins over the environment, setting by setting", () => {
    const read = settings({ "fudo:url": "https://a.example" }, { FUDO_URL: "https://b.example", FUDO_TIMEOUT: "PT5S" });
    expect(read).toMatchObject({ url: "https://a.example", timeout: 5000, problems: [] });
  });

  test("defaults: thirty days, thirty seconds, abandon, verified certificates", () => {
    expect(settings()).toMatchObject({
      maxDuration: 30 * 86_400_000,
      timeout: 30_000,
      deletionPolicy: "abandon",
      tls: { insecureSkipVerify: false },
    });
  });

  test("the source of the key is kept for the message of a 401", () => {
    expect(settings().apiKeySource).toBe("fudo:apiKey of the stack's configuration");
    expect(settings({ "fudo:apiKey": "" }, { FUDO_API_KEY: "abcdefgh" }).apiKeySource).toBe(
      "the environment variable FUDO_API_KEY",
    );
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      "no URL",
      { "fudo:url": "" },
      /^fudo:url \(or FUDO_URL\) is not set\. Run `pulumi config set fudo:url https:\/\/HOST`$/,
    ],
    [
      "no key",
      { "fudo:apiKey": " " },
      /^fudo:apiKey \(or FUDO_API_KEY\) is not set\. Run `pulumi config set --secret fudo:apiKey`$/,
    ],
    [
      "a URL with user info",
      { "fudo:url": "https://admin:secret@fudo.example" },
      /^fudo:url .* must be https:\/\/host/,
    ],
    [
      "a URL with a path",
      { "fudo:url": "https://fudo.example/api/v2" },
      /^fudo:url .* without user info, path or query/,
    ],
    ["a URL with a query", { "fudo:url": "https://fudo.example/?" }, /^fudo:url /],
    [
      "plain http to a real host",
      { "fudo:url": "http://fudo.example" },
      /^fudo:url .*plain http only for a loopback address/,
    ],
    ["plain http to a name that begins like loopback", { "fudo:url": "http://127.0.0.1.example" }, /^fudo:url /],
    ["another scheme", { "fudo:url": "ftp://fudo.example" }, /^fudo:url /],
    ["a word", { "fudo:url": "fudo" }, /^fudo:url /],
    ["a public URL with a path", { "fudo:publicUrl": "https://fudo.example/x" }, /^fudo:publicUrl /],
    [
      "a key of two lines",
      { "fudo:apiKey": "abcdefgh\r\nX-Evil: 1" },
      /^fudo:apiKey .* must be one line of printable ASCII/,
    ],
    [
      "a short fingerprint",
      { "fudo:certificateFingerprint": "ab:cd" },
      /^fudo:certificateFingerprint .* 64 hex digits/,
    ],
    [
      "pin and no verification",
      { "fudo:certificateFingerprint": pin, "fudo:insecureSkipVerify": "true" },
      /cannot be used together/,
    ],
    ["yes", { "fudo:insecureSkipVerify": "yes" }, /^fudo:insecureSkipVerify .* must be "true" or "false"/],
    ["a policy", { "fudo:deletionPolicy": "delete" }, /^fudo:deletionPolicy .* must be "abandon" or "refuseWhileLive"/],
    ["a timeout", { "fudo:timeout": "30s" }, /^fudo:timeout .* ISO 8601 duration/],
    ["a timeout without a unit", { "fudo:timeout": "30" }, /^fudo:timeout .* needs a unit: for 30 seconds, set PT30S$/],
    ["a timeout that a timer cannot hold", { "fudo:timeout": "P30D" }, /^fudo:timeout .* must be at most PT1H/],
    ["a month", { "fudo:maxDuration": "P1M" }, /^fudo:maxDuration .* months/],
    ...["$FUDO_HOST", "${FUDO_HOST}", "$(FUDO_HOST)", "%FUDO_HOST%", "{{FUDO_HOST}}", "<FUDO_HOST>"].flatMap(
      (variable): [string, Record<string, string>, RegExp][] => [
        [
          `a URL with ${variable}`,
          { "fudo:url": `https://${variable}` },
          /^fudo:url \(or FUDO_URL\) contains a variable that was not expanded/,
        ],
        [
          `a URL with ${variable} as its port`,
          { "fudo:url": `https://fudo.example:${variable}` },
          /^fudo:url .* contains a variable that was not expanded/,
        ],
        [
          `a public URL with ${variable}`,
          { "fudo:publicUrl": `https://${variable}.example` },
          /^fudo:publicUrl .* contains a variable that was not expanded/,
        ],
        [
          `the key ${variable}`,
          { "fudo:apiKey": variable },
          /^fudo:apiKey \(or FUDO_API_KEY\) contains a variable that was not expanded/,
        ],
      ],
    ),
    ["a URL in quotes", { "fudo:url": '"https://fudo.example"' }, /^fudo:url .* has quotes around it/],
    ...['"abcdefgh"', "'abcdefgh'", "`abcdefgh`", "“abcdefgh”", "«abcdefgh»"].map(
      (key): [string, Record<string, string>, RegExp] => [
        `the key ${key}`,
        { "fudo:apiKey": key },
        /^fudo:apiKey \(or FUDO_API_KEY\) has quotes around it: set it without them$/,
      ],
    ),
  ])("%s is one sentence that names the setting and never its value", (_, config, sentence) => {
    const { problems } = settings(config);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
    expect(problems.join()).not.toMatch(/(?<!--)secret|abcdefgh|Evil|FUDO_HOST/);
  });

  test.each(["sgfeea6jsaz4mum9su8w6", "a$b{c}", "100%safe%key", 'a"b', "it's", "$", "%%", "a<b>c"])(
    "the key %s is accepted",
    (key) => expect(settings({ "fudo:apiKey": key })).toMatchObject({ apiKey: key, problems: [] }),
  );

  test.each(["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80", "https://fudo.example:8443/"])(
    "%s is accepted",
    (url) => {
      expect(settings({ "fudo:url": url })).toMatchObject({ url: new URL(url).origin, problems: [] });
    },
  );

  test("several fingerprints, colons and case do not matter", () => {
    const { tls } = settings({ "fudo:certificateFingerprint": `${pin}, ${"cd".repeat(32)}` });
    expect(tls.certificateFingerprints).toEqual(["ab".repeat(32), "cd".repeat(32)]);
  });

  test.each(["program", "provider"] as const)("the %s says that its own process looked", (process) => {
    const { problems } = readSettings({ process, config: () => undefined, environment: () => undefined });
    const where = `in the stack's configuration or in the environment of the ${process}'s process`;
    expect(problems).toEqual([expect.stringContaining(where), expect.stringContaining(where)]);
  });

  test("a call without settings fails once, naming all that is wrong", () => {
    const nothing = readSettings({ config: () => undefined, environment: () => undefined });
    expect(() => requireSettings(nothing, systemClock)).toThrow(
      expect.objectContaining({
        code: "config",
        message: expect.stringMatching(
          /^fudo:url \(or FUDO_URL\) is not set.*; fudo:apiKey \(or FUDO_API_KEY\) is not set/,
        ),
      }),
    );
  });
});

describe("an environment variable that is probably misspelled is named in a warning", () => {
  test.each([
    ["FUDO_ULR", "FUDO_URL"],
    ["FUDO_APIKEY", "FUDO_API_KEY"],
    ["FUDO_RECOVERY", "FUDO_RECOVER"],
    ["FUDO_ABANDON_LIFE", "FUDO_ABANDON_LIVE"],
    ["FUDO_MAX_DURATON", "FUDO_MAX_DURATION"],
  ])("%s", (name, meant) => {
    expect(misspelledVariables([name])).toEqual([
      `the environment variable ${name} has no effect. Did you mean ${meant}?`,
    ]);
  });

  test("but not a right one, and not one that is like none", () => {
    const names = ["FUDO_URL", "FUDO_RECOVER", "FUDO_HOST", "FUDO_AUDIT_API_KEY", "FUDO_", "FUDO_X", "PATH", "ULR"];
    expect(misspelledVariables(names)).toEqual([]);
  });
});
