// Stories of recipients: the state of a share holds its URL only in the form that the recipients can open.
import type { StartDriver, Values } from "../../support/drivers/driver";
import { fixedPairs, openSealed, type Pair } from "../../support/age";
import {
  contractSuite,
  inHours,
  openWindow,
  requestsOf,
  results,
  type SuiteOptions,
} from "../../support/contract-suite";
import { fingerprintOf, noChanges } from "../../support/contract-expected";

const changed = { changes: true, replaces: [] };
const warned = {
  histories: expect.stringMatching(
    /the state no longer holds its key\. Earlier versions of the state .* still hold it/,
  ),
  removed: expect.stringMatching(/the removed recipients can still open the link/),
  asBefore: (why: string) => expect.stringContaining(`stays sealed as it was, because ${why}`),
};

/** Throws where the outputs hold a credential, or where a pair does not open what they hold. */
export async function expectSealed(outputs: Values, key: string, ...pairs: Pair[]): Promise<string[]> {
  expect(Object.keys(outputs)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(key|link|url)$/)]));
  expect(JSON.stringify(outputs)).not.toContain(key);
  expect(outputs["sealedRecipients"]).toEqual(pairs.map(({ recipient }) => recipient).sort());
  const texts = await Promise.all(pairs.map((pair) => openSealed(outputs["sealedUrl"], pair)));
  for (const text of texts) expect(decodeURIComponent(text)).toContain(key);
  return texts;
}

export function sealedStories(start: StartDriver, options?: SuiteOptions): void {
  const suite = contractSuite(start, options);
  const [pair, other] = fixedPairs;
  const keyOf = ({ fingerprint }: Values) =>
    suite()
      .emulator.shares()
      .find(({ key }) => fingerprintOf(key) === fingerprint)!.key;
  /** A share that is sealed to `pair`, in a new process, and no request so far. */
  const sealed = async (more: Values = openWindow()) => {
    const { emulator, declare, restart } = suite();
    const created = await declare({ ...more, recipients: [pair.recipient] });
    emulator.resetRequests();
    return { ...created, driver: await restart(), key: keyOf(created.outputs) };
  };
  const without = ({ recipients: _, ...rest }: Values) => rest;

  test("a create returns the URL sealed to each recipient, without a credential and with the same requests", async () => {
    const { emulator, create, declare, sessionId } = suite();
    const open = await create(openWindow());
    emulator.resetRequests();
    const created = await create({ ...openWindow(), recipients: [other.recipient, pair.recipient] });
    const [text] = await expectSealed(created.outputs, keyOf(created.outputs), pair, other);
    expect(text).toMatch(new RegExp(`^${emulator.url}/sessions/\\d+/\\?key=`));
    expect(created.outputs).toMatchObject({ sealedOrigin: emulator.url, sessionId });
    // The snapshot of the session is there already.
    expect(created.requests).toEqual(open.requests.slice(1));
    expect((await declare()).outputs).not.toHaveProperty("sealedUrl");
  });

  test("another order, a repeated recipient and spaces are no change", async () => {
    const { emulator, declare, driver } = suite();
    const { id, inputs, outputs } = await declare({ ...openWindow(), recipients: [pair.recipient, other.recipient] });
    emulator.resetRequests();
    const recipients = [` ${other.recipient}\n`, pair.recipient, pair.recipient, other.recipient];
    const checked = await driver.check(inputs, { ...inputs, recipients });
    expect(checked).toEqual({ inputs, failures: [] });
    expect(await driver.diff(id, outputs, checked.inputs)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
  });

  test("an empty list is no list", async () => {
    const { create, driver } = suite();
    const { id, inputs, outputs } = await create({ ...openWindow(), recipients: [] });
    expect(outputs).toHaveProperty("key");
    expect(inputs).not.toHaveProperty("recipients");
    expect(await driver.diff(id, outputs, inputs)).toEqual(noChanges);
  });

  test("a no-op run sends no request, and a refresh keeps the sealed URL byte by byte", async () => {
    const { emulator } = suite();
    const { id, inputs, outputs, driver } = await sealed();
    expect(await driver.diff(id, outputs, inputs)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
    expect(await driver.read(id, outputs)).toEqual(outputs);
    expect(driver.warnings()).toEqual([]);
  });

  test("recipients of a share whose key the state holds: sealed without a request, with a warning about histories", async () => {
    const { emulator, declare, restart } = suite();
    const { id, inputs, outputs } = await declare(openWindow());
    emulator.resetRequests();
    const driver = await restart();
    const news = { ...inputs, recipients: [pair.recipient] };
    expect(await driver.diff(id, outputs, news)).toEqual(changed);
    const updated = await driver.update(id, outputs, news);
    expect(await expectSealed(updated, String(outputs["key"]), pair)).toEqual([outputs["url"]]);
    expect(driver.warnings()).toEqual([warned.histories]);
    expect(await driver.diff(id, updated, news)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
    expect(await driver.read(id, updated)).toEqual(updated);
  });

  test("other recipients: sealed again with one GET, and the removed ones can no longer open it", async () => {
    const { emulator } = suite();
    const { id, inputs, outputs, driver, key } = await sealed();
    const news = { ...inputs, recipients: [other.recipient] };
    expect(await driver.diff(id, outputs, news)).toEqual(changed);
    const updated = await driver.update(id, outputs, news);
    await expectSealed(updated, key, other);
    await expect(openSealed(updated["sealedUrl"], pair)).rejects.toThrow();
    expect(requestsOf(emulator)).toEqual(["GET 200"]);
    expect(driver.warnings()).toEqual([warned.removed]);
    expect(await driver.diff(id, updated, news)).toEqual(noChanges);
  });

  test("one more recipient: no warning", async () => {
    const { id, inputs, outputs, driver, key } = await sealed();
    const checked = await driver.check(inputs, { ...inputs, recipients: [pair.recipient, other.recipient] });
    const updated = await driver.update(id, outputs, checked.inputs);
    await expectSealed(updated, key, pair, other);
    expect(driver.warnings()).toEqual([]);
  });

  test("no recipients any more: the credentials are back with one GET", async () => {
    const { emulator, declare } = suite();
    const { id, inputs, outputs, driver, key } = await sealed();
    const updated = await driver.update(id, outputs, without(inputs));
    const open = await declare(openWindow());
    expect(Object.keys(updated).sort()).toEqual(Object.keys(open.outputs).sort());
    expect(updated).toMatchObject({ key, url: `${emulator.url}${String(updated["link"])}` });
    expect(requestsOf(emulator)[0]).toBe("GET 200");
    expect(await driver.diff(id, updated, without(inputs))).toEqual(noChanges);
  });

  test("labels of a sealed share: no request, and the same sealed URL", async () => {
    const { emulator } = suite();
    const { id, inputs, outputs, driver } = await sealed();
    const labels = { ticket: "OPS-2" };
    expect(await driver.update(id, outputs, { ...inputs, labels })).toEqual({ ...outputs, labels });
    expect(emulator.requests).toEqual([]);
  });

  test("another publicUrl: an update seals it again with one GET, or a refresh does", async () => {
    const { emulator, restart } = suite();
    const { id, inputs, outputs, driver, key } = await sealed();
    const config = { "fudo:publicUrl": "https://vendors.example" };
    const moved = await restart({ config });
    expect(await moved.diff(id, outputs, inputs)).toEqual(changed);
    const updated = await moved.update(id, outputs, inputs);
    expect(requestsOf(emulator)).toEqual(["GET 200"]);
    const refreshed = await (await restart({ config })).read(id, outputs);
    for (const now of [updated, refreshed]) {
      expect((await expectSealed(now, key, pair))[0]).toMatch(/^https:\/\/vendors\.example\/sessions\//);
      expect(await moved.diff(id, now, inputs)).toEqual(noChanges);
    }
    expect(await moved.read(id, updated)).toEqual(updated);
    expect(await driver.diff(id, updated, inputs)).toEqual(changed);
  });

  test("an expired share stays sealed as it was: a warning, no request, and no recurring change", async () => {
    const { emulator, restart } = suite();
    const { id, inputs, outputs } = await sealed();
    const { grantedSince: _since, grantedTo: _to, ...requested } = outputs;
    const past = { validSince: inHours(-9), validTo: inHours(-1) };
    const driver = await restart({ config: { "fudo:publicUrl": "https://vendors.example" } });
    for (const news of [{ ...inputs, ...past, recipients: [other.recipient] }, without({ ...inputs, ...past })]) {
      const expired = { ...requested, ...past };
      expect(await driver.diff(id, expired, news)).toEqual(changed);
      const updated = await driver.update(id, expired, news);
      expect(updated["recipients"]).toEqual(news["recipients"]);
      expect(updated).toMatchObject({ sealedUrl: outputs["sealedUrl"], sealedRecipients: [pair.recipient] });
      expect(await driver.diff(id, updated, news)).toEqual(noChanges);
      expect(await driver.read(id, updated)).toEqual(updated);
    }
    expect(driver.warnings()).toEqual([warned.asBefore("it has expired"), warned.asBefore("it has expired")]);
    expect(emulator.requests).toEqual([]);
  });

  test("an unlisted share stays sealed as it was, and the next refresh that finds it seals it again", async () => {
    const { emulator, restart } = suite();
    const { id, inputs, outputs, key } = await sealed();
    emulator.denyAccess(key);
    const config = { "fudo:publicUrl": "https://vendors.example" };
    const driver = await restart({ config });
    const news = { ...inputs, recipients: [other.recipient] };
    const updated = await driver.update(id, outputs, news);
    expect(updated).toMatchObject({ sealedUrl: outputs["sealedUrl"], sealedRecipients: [pair.recipient] });
    expect(updated["recipients"]).toEqual([other.recipient]);
    expect(driver.warnings()).toEqual([warned.asBefore("the session's list does not show it")]);
    expect(requestsOf(emulator)).toEqual(["GET 200"]);
    expect(await driver.diff(id, updated, news)).toEqual(noChanges);
    emulator.allowAccess(key);
    const later = await restart({ config });
    const read = await later.read(id, updated);
    expect((await expectSealed(read, key, other))[0]).toMatch(/^https:\/\/vendors\.example/);
    expect(later.warnings()).toEqual([warned.removed]);
    expect(await later.diff(id, read, news)).toEqual(noChanges);
  });

  test("an update whose list fails is an error, and the next one seals", async () => {
    const { emulator, restart } = suite();
    const { id, inputs, outputs, key } = await sealed();
    emulator.fault({ on: "GET", kind: "failure", status: 401 });
    const news = { ...inputs, recipients: [other.recipient] };
    const driver = await restart();
    await expect(driver.update(id, outputs, news)).rejects.toMatchObject({ code: "unauthorized" });
    await expectSealed(await driver.update(id, outputs, news), key, other);
  });

  test("a lost response: the share that is found is sealed", async () => {
    const { emulator, create, expected } = suite();
    emulator.fault({ on: "POST", when: "after", kind: "reset" });
    const outcomes = await Promise.allSettled([create({ duration: "PT8H", recipients: [pair.recipient] })]);
    const [share, ...others] = emulator.shares();
    expect(others).toEqual([]);
    expect(outcomes).toEqual([expect.objectContaining({ status: statusOf(expected.lostResponse.outcome("")) })]);
    for (const { outputs } of results(outcomes)) await expectSealed(outputs, share!.key, pair);
  });

  test("FUDO_RECOVER and adopt take over a share and seal it, without a POST", async () => {
    const { emulator, create, declare, restart } = suite();
    // Shorter than the longest window of any appliance of these stories.
    const { outputs } = await declare({ duration: "PT2H" });
    emulator.resetRequests();
    const [key, fingerprint] = [String(outputs["key"]), String(outputs["fingerprint"])];
    const recovering = await restart({ environment: { FUDO_RECOVER: fingerprint } });
    const inputs = { duration: "PT2H", recipients: [pair.recipient] };
    await expectSealed((await create(inputs, recovering)).outputs, key, pair);
    await expectSealed((await create({ ...inputs, adopt: fingerprint }, await restart())).outputs, key, pair);
    expect(requestsOf(emulator).filter((request) => request.startsWith("POST"))).toEqual([]);
  });

  test("an import and a look-up know no recipients and return the credentials, unless a look-up passes some", async () => {
    const { id, driver, key } = await sealed();
    expect(await driver.read(id, {})).toMatchObject({ key });
    const given = await driver.read(id, { recipients: [other.recipient, pair.recipient, pair.recipient] });
    await expectSealed(given, key, pair, other);
    await expect(driver.read(id, { recipients: [pair.identity] })).rejects.toMatchObject({ code: "rejected" });
  });

  test("a replacement and a deletion warn as for any share", async () => {
    const { id, inputs, outputs, driver } = await sealed();
    expect(await driver.diff(id, outputs, { ...inputs, readonly: false })).toEqual({
      changes: true,
      replaces: ["readonly"],
    });
    const later = await suite().restart();
    await later.delete(id, outputs);
    expect([...driver.warnings(), ...later.warnings()]).toEqual([
      expect.stringMatching(/will be replaced by a new share, and the old link is NOT revoked/),
      expect.stringMatching(/is removed from the state but NOT revoked/),
    ]);
  });

  test("a state that was edited is sealed again: without the sealed URL by a refresh, with credentials by an update", async () => {
    const { emulator, declare } = suite();
    const { id, inputs, outputs, driver, key } = await sealed();
    const { sealedUrl: _url, sealedRecipients: _recipients, sealedOrigin: _origin, ...edited } = outputs;
    expect(await driver.diff(id, edited, inputs)).toEqual(noChanges);
    await expectSealed(await driver.read(id, edited), key, pair);
    emulator.resetRequests();
    const open = await declare(openWindow());
    emulator.resetRequests();
    const credentials = { key: open.outputs["key"], link: open.outputs["link"], url: open.outputs["url"] };
    const news = { ...open.inputs, recipients: [pair.recipient] };
    const leaked = { ...open.outputs, ...credentials, recipients: [pair.recipient] };
    expect(await driver.diff(open.id, leaked, news)).toEqual(changed);
    const updated = await driver.update(open.id, leaked, news);
    await expectSealed(updated, String(credentials.key), pair);
    expect(await driver.diff(open.id, updated, news)).toEqual(noChanges);
    expect(emulator.requests).toEqual([]);
  });
}

function statusOf(outcome: object): unknown {
  return (outcome as { status: unknown }).status;
}
