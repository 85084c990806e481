// Random damage to an exported state: to any part of one share in it, to what holds the share, and to its text.
import fc from "fast-check";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Path = readonly (string | number)[];

/** Every path inside a value, the value itself included. */
function pathsOf(value: Json, prefix: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [prefix];
  return [prefix, ...Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...prefix, name]))];
}

/** The value with the part at the path replaced; `undefined` takes the part away. */
function withPart(value: Json, [first, ...rest]: Path, change: (part: Json) => Json | undefined): Json | undefined {
  if (first === undefined) return change(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, part]): [string, Json][] => {
    if (name !== String(first)) return [[name, part]];
    const changed = withPart(part, rest, change);
    return changed === undefined ? [] : [[name, changed]];
  });
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

const secret = (more: Record<string, Json>): Json => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ...more,
});

const changedText: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.nat(60).map((length) => (text: string) => text.slice(0, length)),
  fc.nat(60).map((start) => (text: string) => text.slice(start)),
  fc.nat(60).map((at) => (text: string) => `${text.slice(0, at)}7${text.slice(at + 1)}`),
  fc.string({ maxLength: 5 }).map((more) => (text: string) => text + more),
  fc.constantFrom<((text: string) => string)[]>(
    (text) => text.toUpperCase(),
    (text) => ` ${text} `,
    (text) => JSON.stringify(text),
    (text) => [...text].reverse().join(""),
    (text) => text.replaceAll(":", "%3A"),
  ),
);

/** What becomes of one part: another type, another text, nested deeper, a secret, or nothing. */
const changedPart: fc.Arbitrary<(part: Json) => Json | undefined> = fc.oneof(
  fc.constant(() => undefined),
  fc.jsonValue().map((value) => () => value as Json),
  changedText.map((change) => (part: Json) => change(typeof part === "string" ? part : JSON.stringify(part))),
  fc.constantFrom<((part: Json) => Json | undefined)[]>(
    (part) => [part],
    (part) => ({ value: part }),
    (part) => [part, part],
    (part) => JSON.stringify(part),
    (part) => Number(part),
    () => secret({ ciphertext: "v1:b3Bhc2U=:djE=" }),
    (part) => secret({ plaintext: JSON.stringify(part) }),
    () => secret({ plaintext: "not JSON" }),
    () => secret({}),
    () => ({}),
    () => [],
    () => "",
  ),
);

/** One to three random changes inside the share. */
export function damagedShare(share: Json): fc.Arbitrary<Json | undefined> {
  const change = fc.record({ path: fc.constantFrom(...pathsOf(share)), part: changedPart });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) =>
    changes.reduce<Json | undefined>((value, { path, part }) => {
      // The engine never writes a list with fewer resources: the share itself is damaged, and does not vanish.
      return value === undefined
        ? undefined
        : (withPart(value, path, (old) => part(old) ?? (path.length > 0 ? undefined : null)) ?? null);
    }, share),
  );
}

/** What holds the share: versions, and the levels around the list of resources. */
export function damagedExport(resources: readonly Json[]): fc.Arbitrary<Json> {
  const manifest = { time: "2026-03-02T11:30:00Z", magic: "m", version: "v3.150.0" };
  const deployment = { manifest, resources };
  return fc.oneof(
    fc.jsonValue().map((version) => ({ version: version as Json, deployment })),
    fc
      .jsonValue()
      .filter((value) => value !== null)
      .map((value) => ({ version: 3, deployment: { manifest, resources: value as Json } }))
      .filter(({ deployment: { resources: damaged } }) => !(Array.isArray(damaged) && damaged.length === 0)),
    fc.constantFrom<Json[]>(
      { deployment },
      { version: "3", deployment },
      { version: 3, deployment: [deployment] },
      { version: 3, deployment: { deployment } },
      { version: 3, deployment: { manifest, resources: [resources] } },
      {
        version: 3,
        deployment: { manifest, resources: Object.fromEntries(resources.map((entry, at) => [at, entry])) },
      },
      { version: 3, deployment: { manifest, resources: JSON.stringify(resources) } },
      { version: 3, deployment: JSON.stringify(deployment) },
      { version: 3, checkpoint: { stack: "dev", latest: deployment } },
      { version: 3, deployment: { version: 3, deployment } },
      [{ version: 3, deployment }],
      deployment,
      resources,
    ),
  );
}

/** The text of an export as a shell, an editor or a transfer may leave it. */
export const damagedText: fc.Arbitrary<(text: string) => Buffer> = fc.oneof(
  fc.constantFrom<((text: string) => Buffer)[]>(
    (text) => Buffer.from(`\uFEFF${text}`),
    (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
    (text) => Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
    (text) => Buffer.from(text, "utf16le"),
    (text) => Buffer.from(text.replaceAll("\n", "\r\n")),
    (text) => Buffer.from(JSON.stringify(text)),
    (text) => Buffer.from(`${text}\n${text}`),
    (text) => Buffer.from(`warning: a new version of Pulumi is available\n${text}`),
    (text) => Buffer.from(text.replaceAll('"', "'")),
    () => Buffer.alloc(0),
    () => Buffer.from("null"),
  ),
  fc
    .double({ min: 0, max: 1, noNaN: true })
    .map((part) => (text: string) => Buffer.from(text.slice(0, part * text.length))),
  fc
    .tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.uint8Array({ minLength: 1, maxLength: 3 }))
    .map(([part, bytes]) => (text: string) => {
      const buffer = Buffer.from(text);
      const at = Math.floor(part * buffer.length);
      return Buffer.concat([buffer.subarray(0, at), bytes, buffer.subarray(at)]);
    }),
);
